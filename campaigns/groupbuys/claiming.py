"""The hot rows: seats of an offer (and of a team) are claimed and given back by one conditional UPDATE each.

Whoever changes several rows takes them in this order: payment, seat, team, offer. The offer, for which everybody waits, is held
only from the last statement to the commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Integer, Select, column, select, text, update

from campaigns.groupbuys.models import STANDING, GroupBuy, GroupBuyState, Seat, SeatState, Team, TeamState
from campaigns.payments import rows
from commons.db import UtcDateTime, changed, db
from commons.errors import Conflict, DomainError, Gone


class SoldOut(Conflict):
    """Every seat is taken."""


class TeamFull(SoldOut):
    """Every seat of this team is taken."""


class Over(Gone):
    """The deadline has passed, or the group buy is settled."""


@dataclass(frozen=True)
class Claim:
    """So many seats for somebody who counts as `people` already (1), or only once the money is there (0); `filled` by the brand."""

    quantity: int
    people: int
    filled: int = 0


_LOOK = text(
    """
    SELECT CASE WHEN offer.state = 'open' AND offer.kind <> 'market' THEN offer.deadline_at END, offer.seats - offer.taken,
           mine.state
    FROM group_buy AS offer LEFT JOIN seat AS mine ON mine.group_buy_id = offer.id AND mine.member_id = :member_id
    WHERE offer.id = :group_buy_id
    """
).columns(column("open_until", UtcDateTime), column("free", Integer), column("mine", Seat.__table__.c.state.type))
"""What a rush asks ten thousand times: as it is sent, with nothing to be worked out and little to be read."""


def look(group_buy_id: int, member_id: int, quantity: int, at: datetime) -> SeatState | None:
    """The state of the member's seat, None without one. `SoldOut` or `Over` when there is none to be had for somebody who has none.

    One question that waits for nobody: in a rush nearly all are answered by it. Who gets a seat is decided by `claim`.
    """
    asked = {"group_buy_id": group_buy_id, "member_id": member_id}
    open_until, free, mine = db.session.execute(_LOOK, asked).one()
    if mine in STANDING:
        return SeatState(mine)
    if open_until is None or open_until <= at:
        raise over()
    if quantity > free:
        raise sold_out(free)
    return SeatState(mine) if mine is not None else None


def claim(group_buy: GroupBuy, team: Team | None, claimed: Claim, at: datetime) -> None:
    """Take seats of an open offer. `SoldOut`, `TeamFull` or `Over`; then nothing is to be kept of this transaction's savepoint."""
    if team is not None:
        alive = (Team.id == team.id, Team.state == TeamState.OPEN, Team.taken + claimed.quantity <= Team.seats)
        if changed(update(Team).where(*alive).values(_more(Team, claimed))) == 0:
            raise TeamFull(_("All seats of this team are taken."), _("Join another team, or start one."))
        _read_anew(team)
    free = (*open_at(group_buy, at), GroupBuy.taken + claimed.quantity <= GroupBuy.seats)
    if changed(update(GroupBuy).where(*free).values(_more(GroupBuy, claimed))) == 0:
        raise _refusal(group_buy, at)
    _read_anew(group_buy)


def claim_late(group_buy: GroupBuy, team: Team | None, quantity: int) -> bool:
    """Take seats for money that came late: also after the close, as long as the group has come about and a seat is free."""
    claimed = Claim(quantity, 1)
    alive = (TeamState.OPEN, TeamState.SUCCEEDED)
    if team is not None:
        free = (Team.id == team.id, Team.state.in_(alive), Team.taken + quantity <= Team.seats)
        if changed(update(Team).where(*free).values(_more(Team, claimed))) == 0:
            return False
    free = (
        GroupBuy.id == group_buy.id,
        GroupBuy.state.in_((GroupBuyState.OPEN, GroupBuyState.SUCCEEDED)),
        GroupBuy.taken + quantity <= GroupBuy.seats,
    )
    if changed(update(GroupBuy).where(*free).values(_more(GroupBuy, claimed))) == 0:
        if team is not None:
            changed(update(Team).where(Team.id == team.id).values(_less(Team, claimed)))
        return False
    _read_anew(group_buy, team)
    return True


def count_person(group_buy: GroupBuy, team: Team | None) -> bool:
    """Somebody who holds a seat of an open offer has paid for it; False when the offer is over, and nothing is to be kept then."""
    if team is not None:
        changed(update(Team).where(Team.id == team.id).values(people=Team.people + 1))
    is_open = (GroupBuy.id == group_buy.id, GroupBuy.state == GroupBuyState.OPEN)
    counted = changed(update(GroupBuy).where(*is_open).values(people=GroupBuy.people + 1)) == 1
    _read_anew(group_buy, team)
    return counted


def vacate_team(team: Team, given: Claim) -> None:
    """Seats of a team are free again. A team that did not come about keeps its numbers: they say how far it had come."""
    alive = Team.state.in_((TeamState.OPEN, TeamState.SUCCEEDED))
    changed(update(Team).where(Team.id == team.id, alive).values(_less(Team, given)))
    _read_anew(team)


def vacate(group_buy: GroupBuy, given: Claim) -> None:
    """Seats of an offer are free again. What is void or called off keeps its numbers."""
    alive = GroupBuy.state.in_((GroupBuyState.OPEN, GroupBuyState.SUCCEEDED))
    changed(update(GroupBuy).where(GroupBuy.id == group_buy.id, alive).values(_less(GroupBuy, given)))
    _read_anew(group_buy)


def hold_seats(some: Select[int, int | None]) -> list[int]:
    """Hold seats until the end of the transaction: first all of their payments, so that money which comes at this very moment
    has come before, or comes after. `some` selects their ids and payments; the ids, in its order. Look at the seats afterwards.
    """
    batch = db.session.execute(some).all()
    ids = [seat_id for seat_id, _payment_id in batch]
    rows.hold(payment_id for _seat_id, payment_id in batch)
    db.session.execute(select(Seat.id).where(Seat.id.in_(ids)).order_by(Seat.id).with_for_update()).all()
    return ids


def together(given: Sequence[Claim]) -> Claim:
    """All of it as one, for one UPDATE."""
    return Claim(sum(one.quantity for one in given), sum(one.people for one in given), sum(one.filled for one in given))


def open_at(group_buy: GroupBuy, at: datetime) -> Sequence[ColumnElement[bool]]:
    """Whether it can be joined and left at this moment."""
    return GroupBuy.id == group_buy.id, GroupBuy.state == GroupBuyState.OPEN, GroupBuy.deadline_at > at


def over() -> Over:
    return Over(_("This group buy is over."), _("See which others are open."))


def sold_out(left: int) -> SoldOut:
    if left > 0:
        return SoldOut(_("Not so many seats are left."), _("Take fewer."))
    return SoldOut(_("All seats are taken."), _("If somebody leaves before the deadline, a seat comes free."))


def _refusal(group_buy: GroupBuy, at: datetime) -> DomainError:
    db.session.refresh(group_buy)
    if group_buy.state is GroupBuyState.OPEN and group_buy.deadline_at > at:
        return sold_out(group_buy.seats - group_buy.taken)
    return over()


def _more(of: type[GroupBuy] | type[Team], claimed: Claim) -> dict[str, ColumnElement[int]]:
    return {"taken": of.taken + claimed.quantity, "people": of.people + claimed.people}


def _less(of: type[GroupBuy] | type[Team], given: Claim) -> dict[str, ColumnElement[int]]:
    return {
        "taken": of.taken - given.quantity,
        "people": of.people - given.people,
        "filled": of.filled - given.filled,
    }


def _read_anew(*things: GroupBuy | Team | None) -> None:
    """Numbers are read again when somebody asks for them, not while everybody waits for the row."""
    for thing in things:
        if thing is not None and thing in db.session:
            db.session.expire(thing, ["taken", "people", "filled"])
