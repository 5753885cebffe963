"""What the demo shows of draws: one that is over, with prizes on their way, and one whose list is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import select

from campaigns.demo.rewards import ADDRESS
from campaigns.demo.stage import Cast, wall_clock
from campaigns.demo.story import KETTLE, SOLO, ZONE
from campaigns.draws import awarding, drawing, freezing, sending, writing
from campaigns.draws.excluding import exclude
from campaigns.draws.models import Draw, DrawAward, Eligibility, Jurisdiction, Reason, Source
from campaigns.draws.writing import WantedPrize
from campaigns.participation.models import Participant
from commons import clock
from commons.db import db
from commons.money import Money

Step = Callable[[], object]
SET, TAG, POT = "一人茶席套装", "手绘茶签一枚", "冷泡壶一只"


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The steps with their moments, in no order. The past draw had no network to ask, so its number was locked up."""
    yield cast.day(-17, "09:00"), partial(_launch_solo, cast)
    yield cast.day(-5, "16:30"), partial(_keep_one_off, cast)
    yield cast.day(-4, "20:00"), partial(_freeze, cast)
    yield cast.day(-3, "20:00"), partial(_draw, cast)
    yield cast.day(-3, "21:10"), partial(_take_and_pass_on, cast)
    yield cast.day(-2, "10:00"), partial(_send_first, cast)
    yield cast.day(-2, "11:00"), partial(_launch_kettle, cast)


def _launch_solo(cast: Cast) -> None:
    _launch(
        cast, SOLO, "一人茶席 · 第一轮抽奖", "在活动里说说你的一人茶席，就在名单上。多说几次，机会也是一次。", Source.COMMITTED,
        cast.day(-4, "20:00"), cast.day(-3, "20:00"), [WantedPrize(SET, 1, Money(36800)), WantedPrize(TAG, 3, Money(2800))],
    )  # fmt: skip


def _launch_kettle(cast: Cast) -> None:
    _launch(
        cast, KETTLE, "冷泡壶上新抽奖", "参加冷泡壶上新的任意一个任务，就在名单上。", Source.BEACON,
        cast.day(16, "22:00"), cast.day(17, "21:00"), [WantedPrize(POT, 5, Money(15900))],
    )  # fmt: skip


def _launch(
    cast: Cast, campaign: str, title: str, how: str, source: Source, closes: datetime, draws: datetime,
    prizes: list[WantedPrize],
) -> None:  # fmt: skip
    wanted = writing.Wanted(
        title=title,
        how=how,
        organiser="云脚茶社",
        eligibility=Eligibility.TAKING_PART,
        jurisdiction=Jurisdiction.CHINA,
        source=source,
        closes=wall_clock(closes),
        draws=wall_clock(draws),
        zone=ZONE,
        claim_days=7,
        prizes=prizes,
    )
    draw = writing.write(None, cast.campaigns[campaign], wanted, by=cast.lead, at=clock.now())
    writing.launch(draw, by=cast.lead, at=clock.now())


def _keep_one_off(cast: Cast) -> None:
    """Somebody who works in the tea house took part as well."""
    draw = _past(cast)
    others = Participant.member_id != cast.fans[0].id
    query = select(Participant).where(Participant.campaign_id == draw.campaign_id, others).order_by(Participant.id)
    colleague = db.session.scalars(query.limit(1)).one()
    exclude(draw, colleague.member, Reason.EMPLOYEE, by=cast.lead, at=clock.now())


def _freeze(cast: Cast) -> None:
    freezing.freeze(_past(cast).id, clock.now())


def _draw(cast: Cast) -> None:
    drawing.draw_now(_past(cast).id, clock.now())


def _take_and_pass_on(cast: Cast) -> None:
    """One winner is quick, one does not want it; the others have not looked yet."""
    quick, generous, *_others = _awards(cast)
    awarding.accept(quick, clock.now())
    sending.give_address(quick, ADDRESS, clock.now())
    awarding.decline(generous, clock.now())


def _send_first(cast: Cast) -> None:
    sending.send(_awards(cast)[0], tracking="SF0000234567", by=cast.lead, at=clock.now())


def _past(cast: Cast) -> Draw:
    """The draw of the first campaign."""
    return db.session.scalars(select(Draw).where(Draw.campaign_id == cast.campaigns[SOLO].id)).one()


def _awards(cast: Cast) -> Sequence[DrawAward]:
    """The prizes that somebody has, or may still take, the best rank first."""
    standing = (DrawAward.draw_id == _past(cast).id, DrawAward.ended_at.is_(None))
    return db.session.scalars(select(DrawAward).where(*standing).order_by(DrawAward.rank)).all()
