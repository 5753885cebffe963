"""The brand's side of the shop: what stands in it, at what cost, and how many there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import update

from commons import events
from commons.accounts.models import User
from commons.db import changed, db, insert_new
from commons.errors import Conflict, Invalid
from commons.i18n import Words
from commons.media.models import Picture
from community.loyalty.models import Level
from community.rewards.shop.models import Handing, Reward, RewardCode, RewardState

LONGEST_CODE = 80


class FewerThanTaken(Conflict):
    """The stock cannot be less than what fans already have."""


@dataclass(frozen=True)
class Wanted:
    """What a reward is to be. `stock` counts for nothing where a list of codes is the stock; `picture` None keeps it."""

    name: Words
    about: Words
    picture: Picture | None
    picture_alt: str
    handing: Handing
    cost: int
    stock: int
    per_fan: int | None
    level: Level | None


def write(reward: Reward | None, wanted: Wanted, *, by: User, at: datetime) -> Reward:
    """Make a draft, or change what is there: `FewerThanTaken` for too small a stock.

    A new cost holds for those who redeem from now on. How it is handed over stays once fans have seen it.
    """
    if wanted.cost < 1:
        raise Invalid(_("A reward costs at least one point."))
    is_new = reward is None
    if reward is None:
        reward = Reward(handing=wanted.handing, stock=0, taken=0, made_by_id=by.id, created_at=at)
        db.session.add(reward)
    _describe(reward, wanted)
    db.session.flush()
    if reward.handing is not Handing.CODE:
        _set_stock(reward, wanted.stock)
    if not is_new and reward.state is not RewardState.DRAFT:
        _tell("reward.changed", reward, at, by)
    return reward


def put_in(reward: Reward, *, by: User, at: datetime) -> None:
    """Into the shop with it, also once more. Twice is once; `Invalid` while there is nothing to give."""
    if reward.state is RewardState.OPEN:
        return
    if reward.left < 1:
        advice = _("Add codes first.") if reward.handing is Handing.CODE else _("Give it a larger stock first.")
        raise Invalid(_("There is nothing of it to give."), advice)
    reward.opened_at, reward.closed_at = reward.opened_at or at, None
    db.session.flush()
    _tell("reward.offered", reward, at, by)


def take_out(reward: Reward, *, by: User, at: datetime) -> None:
    """Nobody can redeem it any more; what was redeemed stays. Twice is once."""
    still_open = (Reward.id == reward.id, Reward.opened_at.is_not(None), Reward.closed_at.is_(None))
    closed = changed(update(Reward).where(*still_open).values(closed_at=at))
    db.session.refresh(reward)
    if closed:
        _tell("reward.withdrawn", reward, at, by)


def discard(reward: Reward) -> None:
    """Throw a draft away, with its codes."""
    if reward.state is not RewardState.DRAFT:
        raise Conflict(_("Fans have seen this; it can be taken out of the shop, not discarded."))
    db.session.query(RewardCode).filter_by(reward_id=reward.id).delete()
    db.session.delete(reward)
    db.session.flush()


def add_codes(reward: Reward, codes: Iterable[str], *, by: User, at: datetime) -> int:
    """Add codes to the list, each once; how many of them are new. The stock grows with them."""
    if reward.handing is not Handing.CODE:
        raise Invalid(_("This reward is not handed over as a code."))
    wanted = list(dict.fromkeys(code.strip() for code in codes if code.strip()))
    too_long = next((code for code in wanted if len(code) > LONGEST_CODE), None)
    if too_long is not None:
        raise Invalid(_("A code has at most %(most)s characters: %(code)s…", most=LONGEST_CODE, code=too_long[:20]))
    new = sum(insert_new(RewardCode, {"reward_id": reward.id, "code": code}) is not None for code in wanted)
    changed(update(Reward).where(Reward.id == reward.id).values(stock=Reward.stock + new))
    db.session.refresh(reward)
    if new:
        events.track(
            "reward.codes_added",
            key=f"reward.codes_added:{reward.public_id}:{reward.stock}",
            at=at,
            actor_id=by.id,
            subject=reward,
            payload={"reward": {"zh": reward.name.zh, "en": reward.name.en}, "number": new},
        )
    return new


def _describe(reward: Reward, wanted: Wanted) -> None:
    reward.name, reward.about = wanted.name, wanted.about
    reward.picture = wanted.picture or reward.picture
    reward.picture_alt = wanted.picture_alt
    reward.cost, reward.per_fan = wanted.cost, wanted.per_fan
    reward.level = wanted.level
    if reward.state is RewardState.DRAFT:
        reward.handing = wanted.handing


def _set_stock(reward: Reward, stock: int) -> None:
    """Never below what is taken, also when the next fan redeems in this moment."""
    if changed(update(Reward).where(Reward.id == reward.id, Reward.taken <= stock).values(stock=stock)) == 0:
        db.session.refresh(reward)
        raise FewerThanTaken(_("Fans already have %(taken)s of it; the stock cannot be less.", taken=reward.taken))
    db.session.refresh(reward)


def _tell(kind: str, reward: Reward, at: datetime, by: User) -> None:
    events.track(
        kind,
        key=f"{kind}:{reward.public_id}:{at.isoformat()}",
        at=at,
        actor_id=by.id,
        subject=reward,
        payload={"reward": {"zh": reward.name.zh, "en": reward.name.en}, "cost": reward.cost, "stock": reward.stock},
    )
