"""Holds: one switch that keeps everything back, or one channel, or one campaign, with a reason and an end.

What comes due under a hold is not sent; it becomes `held` and asks a person once the hold is over. Held is what surely stands
nowhere yet: what has begun to stand on a channel is carried to its end.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ForeignKey,
    Select,
    String,
    and_,
    exists,
    false,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, contains_eager, joinedload, mapped_column, relationship

from campaigns.planning.models import Campaign
from campaigns.posts.models import BrandPost
from campaigns.publishing.ending import end
from campaigns.publishing.models import Delivery, DeliveryState
from campaigns.publishing.telling import tell
from commons import events
from commons.accounts.models import User
from commons.db import Model, Public, changed, db, random_id, word_enum
from commons.errors import Conflict, Invalid
from commons.paging import Page, page_of
from commons.permissions import Permission
from community.channels.models import ChannelAccount

PAGE = 20


class Scope(enum.StrEnum):
    """What a hold keeps back."""

    EVERYTHING = "everything"
    ACCOUNT = "account"
    CAMPAIGN = "campaign"


class Hold(Public, Model):
    """Who keeps what back since when, and why. It ends at `until`, or when somebody releases it, whichever is first."""

    __tablename__ = "hold"

    scope: Mapped[Scope] = mapped_column(word_enum(Scope))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("channel_account.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    reason: Mapped[str] = mapped_column(String(300))
    until: Mapped[datetime | None]
    began_at: Mapped[datetime]
    began_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    released_at: Mapped[datetime | None] = mapped_column(index=True)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    account: Mapped[ChannelAccount | None] = relationship(lazy="joined")
    campaign: Mapped[Campaign | None] = relationship(lazy="joined")
    began_by: Mapped[User] = relationship(foreign_keys=[began_by_id], lazy="joined")
    released_by: Mapped[User | None] = relationship(foreign_keys=[released_by_id], lazy="joined")

    def is_on(self, at: datetime) -> bool:
        return self.released_at is None and (self.until is None or self.until > at)

    @property
    def ended_at(self) -> datetime | None:
        """When it was over, or will be by itself."""
        return self.released_at or self.until

    @classmethod
    def visible_to(cls, user: User) -> Select[Hold]:
        """Whoever may read posts sees what keeps them back."""
        query = select(cls)
        return query if user.can(Permission.POST_READ) else query.where(false())


def begin(
    scope: Scope,
    reason: str,
    *,
    by: User,
    at: datetime,
    until: datetime | None = None,
    account: ChannelAccount | None = None,
    campaign: Campaign | None = None,
) -> Hold:
    """Keep back what `scope` says from now on. The same again changes nothing; another hold on the same raises `Conflict`."""
    reason = " ".join(reason.split())[:300]
    _check(scope, reason, until, account, campaign, at)
    account = account if scope is Scope.ACCOUNT else None
    campaign = campaign if scope is Scope.CAMPAIGN else None
    same = next(
        (hold for hold in on(at) if (hold.scope, hold.account, hold.campaign) == (scope, account, campaign)), None
    )
    if same is not None:
        if (same.reason, same.until) == (reason, until):
            return same
        raise Conflict(_("This is held already."), _("Resume it first, or let it stand."))
    hold = Hold(
        scope=scope, account=account, campaign=campaign, reason=reason, until=until, began_at=at, began_by_id=by.id
    )
    db.session.add(hold)
    db.session.flush()
    _tell("hold.began", hold, by, at)
    return hold


def release(hold: Hold, *, by: User, at: datetime) -> bool:
    """Let what is planned go out again. What had fallen into the hold waits for a person's word. False: it was over already."""
    values = {"released_at": at, "released_by_id": by.id}
    if not changed(update(Hold).where(Hold.id == hold.id, _is_on(at)).values(**values)):
        return False
    db.session.refresh(hold)
    _tell("hold.released", hold, by, at)
    return True


def let_through(delivery: Delivery, *, by: User, at: datetime) -> None:
    """No hold that has begun by now keeps this delivery back any more. Flushed."""
    delivery.let_through_at = at
    tell("post.let_through", delivery, at, by=by)


def on(at: datetime) -> Sequence[Hold]:
    """The holds that are on, the widest first."""
    rows = db.session.scalars(select(Hold).where(_is_on(at)).order_by(Hold.began_at)).all()
    return sorted(rows, key=lambda hold: list(Scope).index(hold.scope))


def past(at: datetime, number: int = 1) -> Page[Hold]:
    """A page of the holds that are over, the newest first."""
    return page_of(select(Hold).where(~_is_on(at)).order_by(Hold.began_at.desc(), Hold.id.desc()), number, PAGE)


def held(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Whether a hold keeps a row of `Delivery` back at `at`, which a statement that is kept may leave open."""
    campaign = (
        select(BrandPost.campaign_id).where(BrandPost.id == Delivery.post_id).correlate(Delivery).scalar_subquery()
    )
    fits = or_(
        Hold.scope == Scope.EVERYTHING,
        and_(Hold.scope == Scope.ACCOUNT, Hold.account_id == Delivery.account_id),
        and_(Hold.scope == Scope.CAMPAIGN, Hold.campaign_id == campaign),
    )
    caught = or_(Delivery.let_through_at.is_(None), Hold.began_at > Delivery.let_through_at)
    return exists(select(Hold.id).where(_is_on(at), fits, caught).correlate(Delivery))


def hold_over(delivery: Delivery, at: datetime) -> Hold | None:
    """The hold that keeps this delivery back; None when nothing does."""
    passed = delivery.let_through_at
    return next(
        (
            hold
            for hold in on(at)
            if (passed is None or hold.began_at > passed)
            and hold.account_id in {None, delivery.account_id}
            and hold.campaign_id in {None, delivery.post.campaign_id}
        ),
        None,
    )


def catch(delivery: Delivery, at: datetime) -> bool:
    """Whether a hold keeps a locked delivery back; it is held then. Only for what surely stands nowhere."""
    hold = hold_over(delivery, at)
    if hold is not None:
        end(delivery, DeliveryState.HELD, hold.reason, at)
    return hold is not None


def may_be_sent(delivery: Delivery, at: datetime) -> bool:
    """For the slot of that name: what was claimed before the hold began is caught at the last moment."""
    return not catch(delivery, at)


def caught_among(delivery_ids: Sequence[int], at: datetime) -> set[int]:
    """Those of `delivery_ids` that a hold keeps back."""
    if not on(at):
        return set()
    return set(db.session.scalars(select(Delivery.id).where(Delivery.id.in_(delivery_ids), held(at))))


def fallen(user: User, at: datetime | None = None) -> Sequence[Delivery]:
    """What is held, by when it was due; with `at` only what no hold keeps back any more and so waits for a person."""
    query = Delivery.visible_to(user).where(Delivery.state == DeliveryState.HELD)
    if at is not None:
        query = query.where(~held(at))
    loaded = query.options(contains_eager(Delivery.post).options(joinedload(BrandPost.author)))
    return db.session.scalars(loaded.order_by(Delivery.due_at, Delivery.id)).unique().all()


def fallen_into(hold: Hold, user: User) -> Sequence[Delivery]:
    """What is held and falls under this hold."""
    return [
        delivery
        for delivery in fallen(user)
        if hold.account_id in {None, delivery.account_id} and hold.campaign_id in {None, delivery.post.campaign_id}
    ]


def _is_on(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return and_(Hold.released_at.is_(None), or_(Hold.until.is_(None), Hold.until > at))


def _check(
    scope: Scope,
    reason: str,
    until: datetime | None,
    account: ChannelAccount | None,
    campaign: Campaign | None,
    at: datetime,
) -> None:
    if not reason:
        raise Invalid(_("Say why."), _("Whoever finds their post held back will read it."))
    if until is not None and until <= at:
        raise Invalid(_("The end has passed already."), _("Choose a later time, or hold until you resume."))
    if (scope is Scope.ACCOUNT and account is None) or (scope is Scope.CAMPAIGN and campaign is None):
        raise Invalid(_("Choose what to hold."))


def _tell(kind: str, hold: Hold, by: User, at: datetime) -> None:
    what = hold.account.name if hold.account else hold.campaign.title if hold.campaign else ""
    events.track(
        f"{kind}.{hold.scope.value}",
        key=f"{kind}:{hold.public_id}:{random_id()}",
        at=at,
        actor_id=by.id,
        subject=hold,
        campaign_id=hold.campaign_id,
        payload={"what": what, "reason": hold.reason, "until": hold.until.isoformat() if hold.until else None},
    )
