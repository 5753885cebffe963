"""The setting of the demo: the house and its people, two campaigns, two group buys."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from campaigns.demo import story
from campaigns.demo.stage import Cast, wall_clock
from campaigns.demo.story import KETTLE, SOLO
from campaigns.groupbuys import offering
from campaigns.links import making
from campaigns.planning import writing
from campaigns.planning.missions.writing import WantedMission
from campaigns.planning.models import CampaignKind, MissionKind
from commons import clock
from commons.accounts import signing_up
from commons.accounts.models import User
from commons.accounts.passwords import hash_password
from commons.admin import brand
from commons.db import db
from commons.money import Money
from commons.permissions import Role
from community.circle import cards
from community.members import roster


def open_the_house(cast: Cast) -> None:
    at = clock.now()
    cast.staff = {one.login: account(one.login, one.name, one.role) for one in story.STAFF}
    looks = brand.Looks(story.NAME, story.ABOUT, brand.current().accent, story.ZONE)
    brand.change(looks, cast.staff["zhouyan"], at)
    for number, name in enumerate(story.FANS):
        user = account("xiaoman" if number == 0 else f"fan{number:02d}", name, Role.FAN)
        signing_up.welcome(user, at)
        member = roster.member_of(user)
        assert member is not None
        cast.fans.append(member)
    for member in cast.fans[::7]:
        cards.switch(member, True)


def set_up_solo(cast: Cast) -> None:
    kinds = {
        "comment": (MissionKind.COMMENT, 3),
        "share": (MissionKind.SHARE, 1),
        "check_in": (MissionKind.CHECK_IN, 7),
    }
    cast.campaigns[SOLO] = writing.set_up(
        writing.Wanted(
            title="我的一人茶席",
            summary="四个星期，四个小题目。说说你一个人喝茶的那个角落，也看看别人的。",
            kind=CampaignKind.CONTENT,
            goal="收到 300 张茶席的样子，挑二十张做成册子",
            goal_participants=50,
            starts=wall_clock(cast.day(-18, "08:00")),
            ends=wall_clock(cast.day(10, "22:00")),
            zone=story.ZONE,
            missions=_missions(SOLO, kinds),
        ),
        by=cast.lead,
        at=clock.now(),
    )


def set_up_kettle(cast: Cast) -> None:
    kinds = {
        "comment": (MissionKind.COMMENT, 1),
        "share": (MissionKind.SHARE, 1),
        "join_group_buy": (MissionKind.JOIN_GROUP_BUY, 1),
    }
    cast.campaigns[KETTLE] = writing.set_up(
        writing.Wanted(
            title="冷泡壶上新",
            summary="试了四个月的一只壶。问清楚再买，凑够三十个人才做。",
            kind=CampaignKind.PRODUCT,
            goal="让大家知道：一只手能拧开",
            goal_participants=80,
            starts=wall_clock(cast.day(-4, "08:30")),
            ends=wall_clock(cast.day(17, "22:00")),
            zone=story.ZONE,
            missions=_missions(KETTLE, kinds),
        ),
        by=cast.lead,
        at=clock.now(),
    )


def offer_cakes(cast: Cast) -> None:
    _offer(
        cast, "cakes", "老白茶小饼 · 尝鲜组", "三饼一组，每饼 100 克，棉纸包，附一张手写冲泡卡。\n自己喝一饼，送人两饼。",
        ("cakes", "三块用棉纸包着的小茶饼"), (Money(16800), Money(21600)), (20, 40), cast.day(-13, "09:00"), None,
    )  # fmt: skip


def offer_kettle(cast: Cast) -> None:
    _offer(
        cast, "kettle", "云脚冷泡壶 650 ml", "双层玻璃，一只手能拧开，空壶 480 克，高 26 厘米，放得进冰箱门。\n满 30 人成团，不满就不做，一分不收。",
        ("kettle", "一只透明的冷泡壶，壶里有茶叶和一片柠檬"), (Money(8900), Money(12900)), (30, 60), cast.day(3, "21:00"), KETTLE,
    )  # fmt: skip


def _offer(
    cast: Cast,
    name: str,
    title: str,
    description: str,
    picture: tuple[str, str],
    prices: tuple[Money, Money],
    numbers: tuple[int, int],
    deadline: datetime,
    campaign: str | None,
) -> None:
    wanted = offering.Wanted(
        title=title,
        description=description,
        picture=cast.picture(picture[0]),
        picture_alt=picture[1],
        price=prices[0],
        usual_price=prices[1],
        needed=numbers[0],
        seats=numbers[1],
        deadline=wall_clock(deadline),
        zone=story.ZONE,
        campaign=cast.campaigns[campaign] if campaign else None,
    )
    lead = cast.lead
    cast.offers[name] = offering.write_offer(None, wanted, by=lead, at=clock.now())
    offering.open_offer(cast.offers[name], by=lead, at=clock.now())
    cast.links[name] = making.make_link(
        f"/groupbuys/{cast.offers[name].public_id}",
        by=lead,
        at=clock.now(),
        campaign=wanted.campaign,
        title=title,
        utm_source="circle",
        utm_medium="post",
    )


def _missions(campaign: str, kinds: dict[str, tuple[MissionKind, int]]) -> list[WantedMission]:
    words = story.MISSION_WORDS[campaign]
    return [WantedMission(kind.value, words[name], needed) for name, (kind, needed) in kinds.items()]


def account(login: str, name: str, role: Role) -> User:
    user = User(
        email=f"{login}@{story.DOMAIN}",
        name=name,
        role=role,
        password_hash=_password(),
        language=None,
        zone=story.ZONE,
        created_at=clock.now(),
        confirmed_at=clock.now(),
    )
    db.session.add(user)
    db.session.flush()
    return user


@cache
def _password() -> str:
    return hash_password(story.PASSWORD)
