"""From the cells of a row to what they mean: a value for each column, or a sentence about what is wrong in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import regex
from flask_babel import gettext as _

from commons import zones
from commons.accounts import addresses, names
from commons.errors import Invalid
from commons.sheets.columns import plain
from commons.sheets.files import Line
from commons.sheets.understanding import Misunderstood, understand
from community.members.exchange.columns import FIELDS
from community.members.profiles.models import Field
from community.members.tags import naming

MOST_TAGS = 20
MOST_HANDLES = 10
EARLIEST = 2000
LONGEST_ID = 128
_BETWEEN = regex.compile(r"[;；,，\n]+")
_DAY = regex.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(\d{1,2})[:：](\d{2})(?:[:：]\d{2}(?:\.0+)?)?)?"
)


YES = frozenset({"yes", "y", "true", "1", "是", "同意", "已同意"})
NO = frozenset({"no", "n", "false", "0", "否", "不同意", "未同意"})


@dataclass(frozen=True)
class Context:
    """What cells are read against: the zone of days, the channels there are, the moment, and the answers by their words."""

    zone: str
    channels: frozenset[str]
    at: datetime
    answers: Mapping[Field, Mapping[str, str]]


@dataclass
class Meant:
    """What a row says. Only what is in `given` is in the file.

    `problems` and `notes` are pairs of column and sentence: what keeps the row from being written, and what does not.
    """

    given: frozenset[str]
    member_id: str = ""
    name: str = ""
    mail: str = ""
    handles: list[tuple[str, str]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    joined: datetime | None = None
    answers: dict[Field, list[str]] = field(default_factory=dict)
    consent: bool = False
    mail_consent: bool = False
    problems: list[list[str]] = field(default_factory=list)
    notes: list[list[str]] = field(default_factory=list)


Reader = Callable[[Meant, str, Context], None]


def understood(line: Line, context: Context, formulas_are_words: bool) -> Meant:
    """What the cells of the line mean, each by itself; nothing when the line as a whole cannot be read."""
    return understand(Meant(frozenset(line.values)), line, _READERS, context, formulas_are_words)


def _id(meant: Meant, cell: str, context: Context) -> None:
    meant.member_id = cell.strip()


def _name(meant: Meant, cell: str, context: Context) -> None:
    meant.name = names.clean(cell)
    if meant.name != " ".join(cell.split()):
        words = _("Signs that cannot be seen, or that turn the direction of writing, were taken out.")
        meant.notes.append(["name", str(words)])
    if len(meant.name) > names.LONGEST:
        raise Misunderstood(_("A name has at most %(count)s characters.", count=names.LONGEST))
    if meant.name and not names.has_letter(meant.name):
        raise Misunderstood(_("There is nothing to see in this name."))


def _mail(meant: Meant, cell: str, context: Context) -> None:
    mail = addresses.normal(cell)
    if mail and not addresses.is_address(mail):
        raise Misunderstood(_("“%(cell)s” is no mail address.", cell=names.clean(cell)[:60]))
    meant.mail = mail


def _handles(meant: Meant, cell: str, context: Context) -> None:
    for word in filter(None, (word.strip() for word in _BETWEEN.split(cell))):
        channel, colon, account = (part.strip() for part in word.partition(":"))
        channel = channel.lower()
        if not colon or not account:
            raise Misunderstood(_("Write a handle as channel:account, such as weibo:1234567890."))
        if channel not in context.channels:
            raise Misunderstood(_("There is no channel “%(name)s”.", name=names.clean(channel)[:40]))
        if len(account) > LONGEST_ID or names.clean(account) != account:
            raise Misunderstood(_("“%(name)s” is no account of a channel.", name=names.clean(account)[:40]))
        if (channel, account) not in meant.handles:
            meant.handles.append((channel, account))
    if len(meant.handles) > MOST_HANDLES:
        raise Misunderstood(_("There are more than %(count)s handles in it.", count=MOST_HANDLES))


def _tags(meant: Meant, cell: str, context: Context) -> None:
    try:
        meant.tags = [naming.checked(word) for word in naming.words_in(cell)]
    except Invalid as refusal:
        raise Misunderstood(refusal.in_full) from refusal
    if len(meant.tags) > MOST_TAGS:
        raise Misunderstood(_("There are more than %(count)s tags in it.", count=MOST_TAGS))


def _joined(meant: Meant, cell: str, context: Context) -> None:
    if not cell.strip():
        return
    found = _DAY.fullmatch(cell.strip())
    try:
        local = (
            datetime.fromisoformat("{:0>4}-{:0>2}-{:0>2}T{:0>2}:{:0>2}".format(*found.groups("0"))) if found else None
        )
    except ValueError:
        local = None
    if local is None or local.year < EARLIEST:
        raise Misunderstood(_("“%(cell)s” is no day. Write it like 2026-03-02.", cell=names.clean(cell)[:40]))
    meant.joined = zones.to_utc(local, context.zone)
    if meant.joined > context.at:
        raise Misunderstood(_("This day has not come yet."))


def _answers(of: Field) -> Reader:
    """How the cell of a field is read: words of the list, in either language or as codes."""

    def read(meant: Meant, cell: str, context: Context) -> None:
        words = [word.strip() for word in _BETWEEN.split(cell) if word.strip()]
        values = [context.answers[of].get(plain(word)) for word in words]
        if None in values:
            word = names.clean(words[values.index(None)])[:40]
            raise Misunderstood(_("“%(name)s” is none of the answers that there are.", name=word))
        if len(values) > 1 and not of.is_several:
            raise Misunderstood(_("Only one answer fits here."))
        if values:
            meant.answers[of] = [value for value in dict.fromkeys(values) if value is not None]

    return read


def _consent(meant: Meant, cell: str, context: Context) -> None:
    meant.consent = _is_yes(cell)


def _mail_consent(meant: Meant, cell: str, context: Context) -> None:
    meant.mail_consent = _is_yes(cell)


def _is_yes(cell: str) -> bool:
    word = plain(cell)
    if word and word not in YES | NO:
        raise Misunderstood(_("Write yes or no."))
    return word in YES


_READERS: Mapping[str, Reader] = {
    "id": _id,
    "name": _name,
    "mail": _mail,
    "handles": _handles,
    "tags": _tags,
    "joined": _joined,
    **{name: _answers(of) for name, of in FIELDS.items()},
    "consent": _consent,
    "mail_consent": _mail_consent,
}
