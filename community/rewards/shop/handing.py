"""What becomes of a redemption: handed over, or given back with all its points."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, update

from commons import events
from commons.accounts.models import User
from commons.db import changed, db
from commons.errors import Conflict, Invalid
from commons.events import Event, Evidence
from community.loyalty import ledger
from community.notices import telling
from community.rewards.shop.models import Handing, Redemption, Reward


class TooLate(Conflict):
    """It has been handed over, or given back, already."""


def hand_over(redemption: Redemption, *, by: User, at: datetime, tracking: str = "") -> None:
    """The parcel is on its way, or the fan has it in hand. Twice is once; `TooLate` if its points went back."""
    values = {"handed_at": at, "handed_by_id": by.id, "tracking": tracking.strip()}
    if not _settle(redemption, values, Redemption.handed_at.is_(None)):
        if redemption.refunded_at is not None:
            raise TooLate(_("The points for this went back; there is nothing to hand over."))
        return
    _tell("reward.handed", redemption, at, by)
    if redemption.reward.handing is Handing.PARCEL:
        _say("reward.sent" if redemption.tracking else "reward.sent_untracked", redemption, at)


def cancel(redemption: Redemption, *, at: datetime) -> None:
    """The fan changes his mind: all points go back, the reward to the shelf. Twice is once; `TooLate` once it is handed."""
    if not _settle(redemption, {"refunded_at": at}, Redemption.handed_at.is_(None)):
        if redemption.handed_at is not None:
            raise TooLate(
                _("This has been handed over already."), _("If something is wrong with it, write to the team.")
            )
        return
    _give_back(redemption, at, None, "")


def refund(redemption: Redemption, *, by: User, at: datetime, note: str) -> None:
    """The team gives the points back, also for what was handed over (then it is not back on the shelf). Twice is once.

    What would expire lasts as much longer as it was gone: the fan waited for nothing.
    """
    note = note.strip()
    if not note:
        raise Invalid(_("A refund needs a reason."), _("Write in a few words why. The fan reads it."))
    values = {"refunded_at": at, "refunded_by_id": by.id, "refund_note": note}
    if _settle(redemption, values):
        _give_back(redemption, at, by, note)
        _say("reward.refunded", redemption, at)


def _settle(redemption: Redemption, values: dict[str, Any], *also: ColumnElement[bool]) -> bool:
    """Change a redemption that was not given back, unless somebody was faster; the row is as it stands afterwards."""
    still = (Redemption.id == redemption.id, Redemption.refunded_at.is_(None), *also)
    done = changed(update(Redemption).where(*still).values(**values)) == 1
    db.session.refresh(redemption)
    return done


def _give_back(redemption: Redemption, at: datetime, by: User | None, note: str) -> None:
    fact = _tell("reward.refunded", redemption, at, by)
    longer = at - redemption.redeemed_at if by is not None else timedelta()
    ledger.reverse(redemption.entry, at=at, by=by, event=fact, note=note, longer=longer)
    if redemption.handed_at is None:
        changed(update(Reward).where(Reward.id == redemption.reward_id).values(taken=Reward.taken - 1))
        db.session.refresh(redemption.reward)


def _tell(kind: str, redemption: Redemption, at: datetime, by: User | None) -> Event | None:
    name = redemption.reward.name
    return events.track(
        kind,
        key=f"{kind}:{redemption.public_id}",
        at=at,
        member_id=redemption.member_id,
        actor_id=by.id if by else None,
        subject=redemption,
        evidence=Evidence.STAFF if by else Evidence.NETWORK,
        payload={"reward": {"zh": name.zh, "en": name.en}, "cost": redemption.cost, "note": redemption.refund_note},
    )


def _say(kind: str, redemption: Redemption, at: datetime) -> None:
    name = redemption.reward.name
    telling.tell(
        redemption.member_id,
        kind,
        key=f"{kind}:{redemption.public_id}",
        at=at,
        url=f"/me/shop/mine/{redemption.public_id}",
        details={
            "reward": {"zh": name.zh, "en": name.en},
            "points": redemption.cost,
            "tracking": redemption.tracking,
            "note": redemption.refund_note,
        },
    )
