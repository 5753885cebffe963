"""What differs between two drafts or versions of a page, block by block, word by word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.differing import Piece, pieces
from campaigns.pages.blocks import Block, BlockKind, known
from campaigns.pages.media import named
from commons.db import db
from commons.media.models import Picture, Video

Kept = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Change:
    """One thing that differs: a block that came or went, the order, or a field of a block."""

    label: str
    pieces: Sequence[Piece]


def changes(before: Kept, after: Kept) -> list[Change]:
    """What became of `before` in `after`: what went, what came, what moved, then field by field."""
    old, new = ([Block.of(kept) for kept in blocks] for blocks in (before, after))
    return [*_gone_and_new(old, new), *_order(old, new), *_fields(old, new)]


def title_of(block: Block) -> str:
    """What the team calls a block: its kind and its first words."""
    kind = known().get(block.kind)
    if kind is None:
        return block.kind
    words = " ".join(kind.summary(block).split())[:40]
    return _("%(kind)s “%(words)s”", kind=kind.label, words=words) if words else str(kind.label)


def _gone_and_new(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Change]:
    before, after = {one.id for one in old}, {one.id for one in new}
    for block in old:
        if block.id not in after:
            yield Change(_("Removed"), [Piece("gone", title_of(block))])
    for block in new:
        if block.id not in before:
            yield Change(_("Added"), [Piece("new", title_of(block))])


def _order(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Change]:
    kept = {one.id for one in old} & {one.id for one in new}
    before, after = ([one for one in blocks if one.id in kept] for blocks in (old, new))
    if [one.id for one in before] != [one.id for one in after]:
        lines = ["\n".join(title_of(one) for one in blocks) for blocks in (before, after)]
        yield Change(_("Order of the blocks"), pieces(*lines))


def _fields(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Change]:
    before, kinds = {one.id: one for one in old}, known()
    files = _file_names([*old, *new])
    for block in new:
        was, kind = before.get(block.id), kinds.get(block.kind)
        if was is None or kind is None or was.fields == block.fields:
            continue
        labels = _labels(kind)
        for name in dict.fromkeys([*was.fields, *block.fields]):
            texts = [_text(one.fields.get(name), files) for one in (was, block)]
            if texts[0] != texts[1]:
                yield Change(f"{kind.label} · {labels.get(name, name)}", pieces(*texts))


def _labels(kind: BlockKind) -> dict[str, str]:
    form = kind.form(formdata=None, meta={"csrf": False})
    own = {name: str(field.label.text) for name, field in form._fields.items()}
    return own | {"picture": _("Picture"), "video": _("Video")}


def _text(value: Any, files: Mapping[str, str]) -> str:
    if isinstance(value, Mapping):
        return "\n".join(_text(one, files) for one in value.values() if one)
    if isinstance(value, list):
        return "\n\n".join(_text(one, files) for one in value)
    return "" if value is None else files.get(str(value), str(value))


def _file_names(blocks: Sequence[Block]) -> dict[str, str]:
    """What pictures and videos are called, by public id."""
    found: dict[str, str] = {}
    models: tuple[type[Picture] | type[Video], ...] = (Picture, Video)
    for model, ids in zip(models, named(blocks), strict=True):
        if ids:
            rows = db.session.execute(select(model.public_id, model.name).where(model.public_id.in_(ids)))
            found |= {public_id: name or public_id for public_id, name in rows}
    return found
