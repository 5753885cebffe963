"""What a row is: new, changed, the same as a post that there is, or broken. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from flask_babel import gettext as _

from campaigns.posts.exchange import showing
from campaigns.posts.exchange.columns import COLUMNS, STATES
from campaigns.posts.exchange.knowing import Known
from campaigns.posts.exchange.understanding import Meant, cells_of, understood
from campaigns.posts.models import BrandPost
from campaigns.publishing.models import FIXED, Delivery, DeliveryState
from commons import zones
from commons.permissions import Permission
from commons.sheets.files import Line
from commons.sheets.models import Verdict
from community.circle.wording import tidy

WAITING = frozenset({DeliveryState.SCHEDULED, DeliveryState.IN_REVIEW, DeliveryState.APPROVED, DeliveryState.HELD})
TAKEN = frozenset({DeliveryState.DRAFT, DeliveryState.SCHEDULED, DeliveryState.CANCELLED})
TIMED = frozenset({"when", "zone", "state"})


@dataclass
class Compared:
    """A row beside the post that it names, if any. `changes` are triples of column, before and after, as cells."""

    meant: Meant
    verdict: Verdict
    post: BrandPost | None = None
    deliveries: Sequence[Delivery] = ()
    changes: list[list[str]] = field(default_factory=list)

    @property
    def changed(self) -> set[str]:
        return {name for name, _before, _after in self.changes}


def compared(lines: Sequence[Line], known: Known, formulas_are_words: bool) -> list[Compared]:
    """All rows, in order. Of rows that name the same post the later ones are broken."""
    meanings = [understood(line, known, formulas_are_words) for line in lines]
    posts = known.posts(meant.post_id for meant in meanings if meant.post_id)
    seen: dict[str, int] = {}
    found = []
    for line, meant in zip(lines, meanings, strict=True):
        if meant.post_id and seen.setdefault(meant.post_id, line.number) != line.number:
            row = str(seen[meant.post_id])
            meant.problems.append(["id", str(_("Row %(row)s names the same post already.", row=row))])
        post, deliveries = posts.get(meant.post_id, (None, []))
        if meant.post_id and post is None and not any(name == "id" for name, _words in meant.problems):
            words = _("There is no post with this ID. Leave the cell empty for a new one.")
            meant.problems.append(["id", str(words)])
        found.append(_compared(meant, post, deliveries, known))
    return found


def _compared(meant: Meant, post: BrandPost | None, deliveries: Sequence[Delivery], known: Known) -> Compared:
    before = showing.cells_of(post, deliveries, known.titles) if post else {}
    _complete(meant, before, known.zone)
    after = cells_of(meant, known.titles)
    if meant.target and post is not None and post.link is not None and post.link.target == meant.target:
        meant.link, meant.target, after["link"] = post.link, "", before["link"]
    changes = [
        [name, was, cell] for name, cell in after.items() if cell not in {was := before.get(name, ""), tidy(was)}
    ]
    compared = Compared(meant, Verdict.NEW, post, deliveries, changes)
    if not meant.problems:
        _check(compared, known)
    if meant.problems:
        compared.verdict = Verdict.BROKEN
    elif post is not None:
        compared.verdict = Verdict.CHANGED if changes else Verdict.SAME
    return compared


def _complete(meant: Meant, before: showing.Cells, zone: str) -> None:
    """What a row leaves out. A time that is new means that the post is to go out, one that is gone makes it a draft."""
    keeps_time = "when" not in meant.given or (bool(before) and showing.when_cell(meant.when) == before["when"])
    if meant.state is None:
        kept = DeliveryState(before["state"]) if before else DeliveryState.DRAFT
        implied = DeliveryState.SCHEDULED if meant.when else DeliveryState.DRAFT
        meant.state = kept if keeps_time else implied
    if meant.when is None:
        meant.zone = ""
    elif not meant.zone:
        meant.zone = before["zone"] if before and keeps_time else zone


def _check(compared: Compared, known: Known) -> None:
    """What the row as a whole must not ask for."""
    meant, changed, problems = compared.meant, compared.changed, compared.meant.problems
    out = [delivery for delivery in compared.deliveries if delivery.state in FIXED]
    if out and changed:
        name = next(iter(sorted(changed, key=list(COLUMNS).index)))
        problems.append([name, str(_("This post is on its way or out. It no longer changes."))])
        return
    if compared.post is None and not meant.text and not meant.parts:
        problems.append(["text", str(_("A new post needs a text."))])
    if _replans(compared) and not known.user.can(Permission.POST_SCHEDULE):
        problems.append(["state", str(_("You may not schedule posts."))])
    elif changed & TIMED:
        _check_time(compared, known)


def _replans(compared: Compared) -> bool:
    """Whether the row plans something, or changes or calls off what is planned."""
    is_planned = any(delivery.state in WAITING for delivery in compared.deliveries)
    return bool(compared.changed & (TIMED | {"channels"})) and (is_planned or compared.meant.state in WAITING)


def _check_time(compared: Compared, known: Known) -> None:
    meant, problems = compared.meant, compared.meant.problems
    state = meant.state
    if "state" in compared.changed and state is not None and state not in TAKEN:
        words = _("A table cannot make a post “%(state)s”.", state=str(STATES[state]))
        problems.append(["state", str(words)])
    elif state is DeliveryState.DRAFT and meant.when is not None:
        problems.append(["when", str(_("A draft has no time. Empty the cell, or say that it is scheduled."))])
    elif state in WAITING:
        _check_plan(meant, known)


def _check_plan(meant: Meant, known: Known) -> None:
    if meant.when is None:
        meant.problems.append(["when", str(_("A post that is scheduled needs a time."))])
    elif not 2000 <= meant.when.year <= 2100 or _is_over(meant, known):
        meant.problems.append(["when", str(_("This moment has passed. Choose a later time."))])


def _is_over(meant: Meant, known: Known) -> bool:
    return meant.when is not None and zones.to_utc(meant.when, meant.zone) <= known.at - timedelta(minutes=1)
