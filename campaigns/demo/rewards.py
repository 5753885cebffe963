"""What the demo shows of rewards: a small shop with things on their way, and a penalty whose appeal waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from campaigns.demo.stage import Cast
from commons import clock
from commons.db import db, random_id
from commons.i18n import Words
from community.loyalty.levels.climbing import levels
from community.loyalty.models import Currency, LedgerAccount
from community.members.models import Member
from community.rewards.penalties import appealing, giving
from community.rewards.penalties.models import Measure, Penalty
from community.rewards.shop import handing, offering, redeeming
from community.rewards.shop.models import Handing, Redemption, Reward

Step = Callable[[], object]
ADDRESS = {"name": "云脚的朋友", "phone": "0571 0000 0000", "place": "杭州市西湖区云脚路 8 号"}

STAMPS = Words("一张手绘茶签", "A hand-drawn tea tag")
CUP = Words("试饮一杯冷泡", "A glass of cold brew")
CODE = Words("包邮券", "Free shipping")
TOUR = Words("进茶园一日", "A day in the tea garden")
ABOUT = {
    STAMPS: Words("林夏画的，每季一张，装信封寄给你。", "Drawn by Lin Xia, one a season, sent to you in an envelope."),
    CUP: Words("到店出示兑换码，现泡一杯。", "Show the code in the tea house, and it is brewed for you."),
    CODE: Words("下次下单时填上这个码，免一次邮费。", "Fill the code in with your next order, and it travels free."),
    TOUR: Words("清明前后，十二个人，一起采一天茶。", "In early April, twelve people pick tea for a day."),
}


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The steps with their moments, in no order."""
    yield cast.day(-12, "10:00"), partial(_open_shop, cast)
    for number, day in enumerate((-9, -6, -4, -2, -1)):
        yield cast.day(day, "20:15"), partial(_redeem, cast, (STAMPS, CUP, CODE)[number % 3], number)
    yield cast.day(-5, "11:00"), partial(_send_oldest, cast)
    yield cast.now - timedelta(hours=2), partial(_penalise, cast)
    yield cast.now - timedelta(hours=1), partial(_appeal, cast)


def _open_shop(cast: Cast) -> None:
    _put_in(cast, CUP, Handing.COUNTER, 15, 60)
    _put_in(cast, STAMPS, Handing.PARCEL, 20, 40, per_fan=1)
    _put_in(cast, CODE, Handing.CODE, 25, 0, codes=[f"YUNJIAO-{number:03d}" for number in range(1, 31)])
    _put_in(cast, TOUR, Handing.COUNTER, 200, 12, per_fan=1, level=3)


def _put_in(
    cast: Cast, name: Words, how: Handing, cost: int, stock: int, *, codes: list[str] | None = None,
    per_fan: int | None = None, level: int | None = None,
) -> None:  # fmt: skip
    needed = next((one for one in levels() if one.rank == level), None)
    wanted = offering.Wanted(name, ABOUT[name], None, "", how, cost, stock, per_fan, needed)
    reward = offering.write(None, wanted, by=cast.lead, at=clock.now())
    if codes:
        offering.add_codes(reward, codes, by=cast.lead, at=clock.now())
    offering.put_in(reward, by=cast.lead, at=clock.now())


def _redeem(cast: Cast, name: Words, number: int) -> None:
    """One of those who have the most points then, without the fan whom a visitor plays."""
    reward = next(one for one in db.session.scalars(select(Reward)) if one.name == name)
    richest = select(Member).join(LedgerAccount, LedgerAccount.member_id == Member.id)
    richest = richest.where(LedgerAccount.currency == Currency.POINTS, LedgerAccount.balance >= reward.cost)
    able = richest.where(Member.id != cast.fans[0].id).order_by(LedgerAccount.balance.desc(), Member.id)
    fan = db.session.scalars(able.offset(number).limit(1)).one_or_none()
    if fan is not None:
        address = ADDRESS if reward.handing is Handing.PARCEL else None
        redeeming.redeem(reward, fan, cost=reward.cost, token=f"demo{number}", at=clock.now(), address=address)


def _send_oldest(cast: Cast) -> None:
    oldest = select(Redemption).where(Redemption.handed_at.is_(None)).order_by(Redemption.id).limit(1)
    found = db.session.scalars(oldest).one_or_none()
    if found is not None:
        handing.hand_over(found, by=cast.lead, at=clock.now(), tracking="SF0000123456")


def _penalise(cast: Cast) -> None:
    """Late enough that nobody in the demo redeems any more while it runs."""
    wanted = giving.Wanted(
        Measure.NO_SHOP, "4.2", "同一句话在六个帖子下面贴了十四遍，提醒过一次以后又贴了。", days=7, points=5
    )
    giving.give(cast.fans[-4], wanted, token=random_id(), by=cast.lead, at=clock.now())


def _appeal(cast: Cast) -> None:
    penalty = db.session.scalars(select(Penalty)).one()
    appealing.appeal(penalty, "我以为每个帖子都要留一次才算参加。以后不会了，积分能不能还我？", at=clock.now())
