"""What a page is made of. A kind of block is one small class; other rooms plug theirs into `kinds`. See docs/campaign-pages.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from campaigns.planning.models import Campaign
from commons import i18n
from commons.db import random_id
from commons.forms import Form
from commons.media.models import Picture, Video
from commons.slots import Slot
from community.members.models import Member

BLOCK_ID = 8
NOT_KEPT = frozenset({"csrf_token", "picture_file", "video_file"})
LANGUAGE_TAGS = {"zh": "zh-Hans", "en": "en"}


@dataclass(frozen=True)
class Said:
    """Words of a block in the language in which there are some; `lang` is the tag to mark them with where that is not the
    page's own, else empty.
    """

    text: str
    lang: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Block:
    """One block as the draft or a version keeps it. `fields` are plain values; words stand under `<name>_zh` and `<name>_en`."""

    id: str
    kind: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Block:
        return cls(kept["id"], kept["kind"], kept["fields"])

    @classmethod
    def new(cls, kind: str, fields: Mapping[str, Any]) -> Block:
        return cls(random_id(BLOCK_ID), kind, dict(fields))

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "kind": self.kind, "fields": dict(self.fields)}

    def said(self, name: str) -> Said:
        """The words called `name` in the visitor's language, else in the other."""
        return said(self.fields, name)


def said(fields: Mapping[str, Any], name: str) -> Said:
    """The words called `name` among `fields` in the visitor's language, else in the other."""
    wanted, other = ("en", "zh") if i18n.language() == "en" else ("zh", "en")
    own = fields.get(f"{name}_{wanted}") or ""
    if own:
        return Said(own)
    fallback = fields.get(f"{name}_{other}") or ""
    return Said(fallback, LANGUAGE_TAGS[other]) if fallback else Said("")


@dataclass(frozen=True)
class Scene:
    """For whom and when a page is shown, and what all of its blocks have in common. `pictures` and `videos` by public id."""

    campaign: Campaign
    member: Member | None
    at: datetime
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    videos: Mapping[str, Video] = field(default_factory=dict)


class BlockForm(Form):
    """The fields of one kind of block, with what is wrong with them. Its data is what the block keeps."""

    def __init__(self, *args: Any, campaign: Campaign | None = None, **kwargs: Any) -> None:
        self.campaign = campaign
        super().__init__(*args, **kwargs)

    def content(self) -> dict[str, Any]:
        """What the block is to keep: the fields' values as JSON. Files are none of them; see `media.take_in`."""
        return {name: tidied(one.data) for name, one in self._fields.items() if name not in NOT_KEPT}

    def make_room(self) -> None:
        """Add empty lines to a list, where a person is to write more of them."""


class BlockKind:
    """A kind of block: what it is called, what is asked about it, how it is shown and what it reads.

    `pictures` and `videos` name the fields that hold public ids. `once`: a page has at most one. `starts_with` are the
    fields of a new block.
    """

    name: ClassVar[str]
    label: ClassVar[Any]
    hint: ClassVar[Any]
    icon: ClassVar[str]
    form: ClassVar[type[BlockForm]]
    template: ClassVar[str]
    pictures: ClassVar[Sequence[str]] = ()
    videos: ClassVar[Sequence[str]] = ()
    once: ClassVar[bool] = False
    starts_with: ClassVar[Mapping[str, Any]] = {}

    def read(self, blocks: Sequence[Block], scene: Scene) -> Mapping[str, Mapping[str, Any]]:
        """What the template needs of each block, by the block's id. Called once for all blocks of the kind on a page, so
        that the number of queries does not grow with them. The template has `block` and `scene` besides.
        """
        return {}

    def summary(self, block: Block) -> str:
        """A few words by which the team tells blocks of one kind apart."""
        return str(block.said("title"))


kinds: Slot[Callable[[], Iterable[BlockKind]]] = Slot("the kinds of blocks of which campaign pages are made")


def known() -> dict[str, BlockKind]:
    """Every kind by its name, in the order in which they are offered."""
    return {kind.name: kind for plug in kinds for kind in plug()}


def words(label: Any, *, most: int, lines: bool = False) -> tuple[Any, Any]:
    """A pair of fields, Chinese and English, for words that a block says: `title_zh, title_en = words(…)`."""
    control = TextAreaField if lines else StringField
    return (
        control(_l("%(field)s in Chinese", field=label), validators=[Length(max=most)]),
        control(_l("%(field)s in English", field=label), validators=[Length(max=most)]),
    )


def require_words(form: Form, name: str) -> None:
    """Refuses the Chinese field when neither language has words. To be called from `validate_<name>_zh`."""
    fields: Any = form
    if not any((fields[f"{name}_{tag}"].data or "").strip() for tag in LANGUAGE_TAGS):
        raise ValidationError(_l("Write it in one language at least; the other shows the same words."))


def tidied(value: Any) -> Any:
    """A form's value as it is kept: texts without blanks at their ends, in lists and lines too."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, Mapping):
        return {key: tidied(one) for key, one in value.items()}
    if isinstance(value, list):
        return [tidied(one) for one in value]
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else value
