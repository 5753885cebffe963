"""From the cells of a row to what they mean: a value for each column, or a sentence about what is wrong in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import regex
from flask_babel import gettext as _

from campaigns.links.models import Link
from campaigns.links.targets import checked_target
from campaigns.planning.models import Campaign
from campaigns.posts.drafts import MOST_COMMENT, MOST_LABELS, MOST_PARTS, WARNING_LENGTH
from campaigns.posts.exchange import showing
from campaigns.posts.exchange.columns import STATES, state_of
from campaigns.posts.exchange.knowing import Known
from campaigns.posts.labelling import names_in
from campaigns.publishing.models import DeliveryState
from commons import zones
from commons.errors import DomainError
from commons.sheets.files import Line
from commons.sheets.understanding import Misunderstood, understand
from community.channels.models import ChannelAccount
from community.circle.wording import tidy

_MOMENT = regex.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T\s]+(\d{1,2})[:：时](\d{2})(?:[:：分](\d{2}))?分?(?:\.0+)?"
)
_BETWEEN = regex.compile(r"[;；,，、\n]+")


@dataclass
class Meant:
    """What a row says. Only what is in `given` is in the file; everything else stays as it is.

    `target` is where a link that is yet to be made leads. `problems` are pairs of column and sentence.
    """

    given: frozenset[str]
    post_id: str = ""
    text: str = ""
    parts: list[str] = field(default_factory=list)
    first_comment: str = ""
    content_warning: str = ""
    accounts: list[ChannelAccount] = field(default_factory=list)
    campaign: Campaign | None = None
    labels: list[str] = field(default_factory=list)
    when: datetime | None = None
    zone: str = ""
    state: DeliveryState | None = None
    link: Link | None = None
    target: str = ""
    problems: list[list[str]] = field(default_factory=list)


def understood(line: Line, known: Known, formulas_are_words: bool) -> Meant:
    """What the cells of the line mean, each by itself; nothing when the line as a whole cannot be read."""
    return understand(Meant(frozenset(line.values)), line, _READERS, known, formulas_are_words)


def cells_of(meant: Meant, titles: set[str]) -> showing.Cells:
    """What the row says as the cells of a post, to be compared with those of one that there is: only what is in the file.

    A time goes with its zone, and the state with either.
    """
    cells = {
        "text": meant.text,
        "parts": showing.parts_cell(meant.parts),
        "first_comment": meant.first_comment,
        "content_warning": meant.content_warning,
        "channels": showing.channels_cell(meant.accounts),
        "campaign": showing.campaign_cell(meant.campaign, titles),
        "labels": showing.BETWEEN.join(sorted(meant.labels)),
        "when": showing.when_cell(meant.when),
        "zone": meant.zone,
        "state": meant.state.value if meant.state else "",
        "link": showing.link_cell(meant.link) or meant.target,
    }
    told = meant.given - {"zone"} | ({"zone", "state"} if "when" in meant.given else set())
    return {name: cell for name, cell in cells.items() if name in told}


def _id(meant: Meant, cell: str, known: Known) -> None:
    meant.post_id = cell.strip()


def _text(meant: Meant, cell: str, known: Known) -> None:
    meant.text = tidy(cell)


def _parts(meant: Meant, cell: str, known: Known) -> None:
    meant.parts = [text for text in (tidy(part) for part in showing.parts_in(cell)) if text]
    if len(meant.parts) > MOST_PARTS:
        raise Misunderstood(_("A thread has at most %(count)s further parts.", count=MOST_PARTS))


def _first_comment(meant: Meant, cell: str, known: Known) -> None:
    meant.first_comment = _short(cell, MOST_COMMENT)


def _content_warning(meant: Meant, cell: str, known: Known) -> None:
    meant.content_warning = _short(cell, WARNING_LENGTH)


def _channels(meant: Meant, cell: str, known: Known) -> None:
    for word in filter(None, (word.strip() for word in _BETWEEN.split(cell))):
        found = known.accounts.get(word.lower(), [])
        if not found:
            raise Misunderstood(_("No connected channel is called “%(name)s”.", name=word[:80]))
        if len(found) > 1:
            names = showing.BETWEEN.join(showing.account_word(account) for account in found)
            raise Misunderstood(_("“%(name)s” may be any of these: %(names)s.", name=word[:80], names=names))
        if found[0] not in meant.accounts:
            meant.accounts.append(found[0])


def _campaign(meant: Meant, cell: str, known: Known) -> None:
    word = cell.strip()
    if not word:
        return
    found = known.campaigns.get(word, [])
    if not found:
        raise Misunderstood(_("There is no campaign “%(name)s”.", name=word[:80]))
    if len(found) > 1:
        raise Misunderstood(_("Several campaigns are called “%(name)s”. Name it by its ID.", name=word[:80]))
    meant.campaign = found[0]


def _labels(meant: Meant, cell: str, known: Known) -> None:
    meant.labels = names_in(cell)
    if len(meant.labels) > MOST_LABELS:
        raise Misunderstood(_("A post has at most %(count)s labels.", count=MOST_LABELS))


def _when(meant: Meant, cell: str, known: Known) -> None:
    if not cell.strip():
        return
    found = _MOMENT.fullmatch(cell.strip())
    try:
        meant.when = (
            datetime.fromisoformat("{:0>4}-{:0>2}-{:0>2}T{:0>2}:{:0>2}:{:0>2}".format(*found.groups("00")))
            if found
            else None
        )
    except ValueError:
        meant.when = None
    if meant.when is None:
        raise Misunderstood(_("“%(cell)s” is no time. Write it like 2026-03-02 10:00.", cell=cell.strip()[:40]))


def _zone(meant: Meant, cell: str, known: Known) -> None:
    meant.zone = cell.strip()
    if meant.zone and not zones.is_zone(meant.zone):
        raise Misunderstood(_("“%(zone)s” is not a time zone. Write it like Asia/Shanghai.", zone=meant.zone[:60]))


def _state(meant: Meant, cell: str, known: Known) -> None:
    if not cell.strip():
        return
    meant.state = state_of(cell)
    if meant.state is None:
        allowed = showing.BETWEEN.join(str(STATES[state]) for state in (DeliveryState.DRAFT, DeliveryState.SCHEDULED))
        raise Misunderstood(
            _("“%(cell)s” is no state. Write one of: %(names)s.", cell=cell.strip()[:40], names=allowed)
        )


def _link(meant: Meant, cell: str, known: Known) -> None:
    word = cell.strip()
    if not word:
        return
    meant.link = known.link(word)
    if meant.link is None and word.startswith(("http://", "https://", "/")):
        try:
            meant.target = checked_target(word)
        except DomainError as refusal:
            raise Misunderstood(str(refusal.message)) from refusal
    elif meant.link is None:
        raise Misunderstood(_("There is no tracked link “%(name)s”.", name=word[:80]))


def _short(cell: str, most: int) -> str:
    text = tidy(cell)
    if len(text) > most:
        raise Misunderstood(_("There are more than %(count)s characters in it.", count=most))
    return text


_READERS: Mapping[str, Callable[[Meant, str, Known], None]] = {
    "id": _id,
    "text": _text,
    "parts": _parts,
    "first_comment": _first_comment,
    "content_warning": _content_warning,
    "channels": _channels,
    "campaign": _campaign,
    "labels": _labels,
    "when": _when,
    "zone": _zone,
    "state": _state,
    "link": _link,
}
