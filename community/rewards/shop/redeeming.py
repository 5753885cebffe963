"""A fan takes a reward for points. The stock is claimed by one conditional UPDATE, the points go in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select, update

from commons import events
from commons.db import changed, db, random_id
from commons.errors import Conflict, DomainError, Gone, Invalid
from commons.events import Event
from community.loyalty import accounts, ledger
from community.loyalty.levels.standing import standing
from community.members import bars
from community.members.bars import Act
from community.members.models import Member
from community.rewards.shop.models import Handing, Redemption, Reward, RewardCode, RewardState

CODE_LENGTH = 10
ADDRESS_PARTS = ("name", "phone", "place")


class SoldOut(Conflict):
    """The last one is gone."""


class OtherPrice(Conflict):
    """The cost is not the one that the fan agreed to."""


class NotInShop(Gone):
    """It was taken out of the shop."""


class NotForYou(DomainError):
    """It takes a higher level, or this fan already has as many as anybody may have."""

    status = HTTPStatus.FORBIDDEN


def redeem(
    reward: Reward, member: Member, *, cost: int, token: str, at: datetime, address: Mapping[str, str] | None = None
) -> Redemption:
    """Give `member` the reward for `cost` points, as the page showed them. The same `token` again is the same redemption.

    Raises `SoldOut`, `OtherPrice`, `NotInShop`, `NotForYou`, `Invalid` (a parcel needs an address) or the ledger's
    `NotEnough`; whoever is refused keeps the points, and the shop its stock.
    """
    key = f"redeem:{reward.public_id}:{member.public_id}:{token}"
    known = _known(key)
    if known is not None:
        return known
    if reward.handing is Handing.PARCEL and not all((address or {}).get(part) for part in ADDRESS_PARTS):
        raise Invalid(_("A parcel needs a name, a telephone number and an address."))
    with db.session.begin_nested():
        accounts.lock([member.id])  # one redemption of a fan after the other, or two would both be the first
        return _known(key) or _redeem(reward, member, cost, key, at, address)


def refusal(reward: Reward, member: Member, at: datetime) -> DomainError | None:
    """Why this fan may not have the reward, however many points there are; None when nothing stands against it."""
    bar = bars.barred(member, Act.REDEEM, at)
    if bar is not None:
        return bar
    needed = reward.level
    if needed is not None and standing(member).level.rank < needed.rank:
        words = _("This takes the level “%(level)s”.", level=needed.name)
        return NotForYou(words, _("My place shows how far it is to go."))
    if reward.per_fan is not None and count_of(reward, member) >= reward.per_fan:
        words = ngettext(
            "Everybody can have this once, and you have it.",
            "Everybody can have this %(num)s times, and you have had them.",
            reward.per_fan,
        )
        return NotForYou(words, _("Leave some for the others."))
    return None


def count_of(reward: Reward, member: Member) -> int:
    """How many of it the fan has, without those that were given back."""
    query = select(func.count()).select_from(Redemption).where(Redemption.refunded_at.is_(None))
    found = db.session.scalar(query.where(Redemption.reward_id == reward.id, Redemption.member_id == member.id))
    return found or 0


def _redeem(
    reward: Reward, member: Member, cost: int, key: str, at: datetime, address: Mapping[str, str] | None
) -> Redemption:
    against = refusal(reward, member, at)
    if against is not None:
        raise against
    _claim(reward, cost)
    entry = ledger.spend(member, cost, key=key, at=at, event=_tell(reward, member, key, at))
    redemption = Redemption(
        reward=reward, member_id=member.id, entry_id=entry.id, key=key, cost=cost, redeemed_at=at,
        address=dict(address) if address and reward.handing is Handing.PARCEL else None,
    )  # fmt: skip
    db.session.add(redemption)
    db.session.flush()
    _give_code(redemption, at)
    return redemption


def _claim(reward: Reward, cost: int) -> None:
    free = (Reward.opened_at.is_not(None), Reward.closed_at.is_(None), Reward.cost == cost, Reward.taken < Reward.stock)
    claimed = changed(update(Reward).where(Reward.id == reward.id, *free).values(taken=Reward.taken + 1))
    db.session.refresh(reward)
    if claimed == 1:
        return
    if reward.state is not RewardState.OPEN:
        raise NotInShop(_("This is no longer in the shop."), _("Look what else there is."))
    if reward.cost != cost:
        raise OtherPrice(
            _("The cost has changed meanwhile: it is %(cost)s points now.", cost=reward.cost),
            _("Nothing was taken from your points. Decide again."),
        )
    raise SoldOut(_("Somebody else got the last one."), _("Your points are all still there."))


def _give_code(redemption: Redemption, at: datetime) -> None:
    """The code of a reward: the next of the list, which is the reward itself, or one to show at the counter."""
    reward = redemption.reward
    if reward.handing is Handing.COUNTER:
        redemption.code = random_id(CODE_LENGTH)
    elif reward.handing is Handing.CODE:
        free = select(RewardCode).where(RewardCode.reward_id == reward.id, RewardCode.redemption_id.is_(None))
        code = db.session.scalars(free.order_by(RewardCode.id).limit(1)).one()
        code.redemption_id, redemption.code, redemption.handed_at = redemption.id, code.code, at
    db.session.flush()


def _known(key: str) -> Redemption | None:
    return db.session.scalars(select(Redemption).where(Redemption.key == key)).one_or_none()


def _tell(reward: Reward, member: Member, key: str, at: datetime) -> Event | None:
    payload = {"reward": {"zh": reward.name.zh, "en": reward.name.en}, "cost": reward.cost}
    return events.track(
        "reward.redeemed", key=f"reward.redeemed:{key}", at=at, member_id=member.id, subject=reward, payload=payload
    )
