"""What the demo shows of taking part: a campaign with a mission of every other kind, works, codes in the lane, proofs of shares,
rules who may take part, somebody who is kept out and appeals, and two accounts that may be one person's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import select

from campaigns.demo import setting
from campaigns.demo.stage import Cast, wall_clock
from campaigns.demo.story import ZONE
from campaigns.links.conversions import recording
from campaigns.links.conversions.models import Source
from campaigns.links.conversions.recording import Order
from campaigns.links.making import campaign_link
from campaigns.participation.answering import answering
from campaigns.participation.eligibility import writing as eligibility
from campaigns.participation.eligibility.rules import Rules
from campaigns.participation.entries import gallery, handing_in
from campaigns.participation.entries.models import MissionEntry
from campaigns.participation.exclusions import excluding
from campaigns.participation.exclusions.models import Code
from campaigns.participation.persons import finding
from campaigns.participation.scanning import codes, scanning
from campaigns.participation.scanning.models import ScanPlace, Sort
from campaigns.participation.scanning.scanning import WantedPlace
from campaigns.participation.sharing import proving
from campaigns.participation.sharing.models import ShareProof
from campaigns.planning import launching, writing
from campaigns.planning.missions.writing import WantedMission
from campaigns.planning.models import CampaignKind, Mission, MissionKind
from campaigns.planning.writing import Wanted
from commons import clock
from commons.accounts import signing_up
from commons.db import db
from commons.events import Evidence
from commons.money import Money
from commons.permissions import Role
from community.circle import checking_in
from community.circle.interests import joining
from community.circle.interests.models import InterestCircle
from community.members import roster
from community.members.models import Member
from community.reviews import deciding
from community.reviews.models import Verdict

MAP = "map"
SECOND, SECOND_NAME = "fan33+2", "竹影的小号"

Step = Callable[[], object]
Kept = TypeVar("Kept", MissionEntry, ShareProof)

QUESTION = {
    "question": "茶舍门口那棵树是什么树？",
    "question_en": "Which tree stands before the tea house?",
    "choices": "桂花 | Osmanthus\n柚子 | Pomelo\n银杏 | Ginkgo",
    "right": "2",
}
MISSIONS = (
    WantedMission(MissionKind.SUBMIT, "拍一张巷子里喝茶的地方", 1, "Photograph a place in the lanes where people drink tea",
                  settings={"picture": True, "most": 2}),
    WantedMission(MissionKind.ANSWER, "答一个小问题", 1, "Answer a small question", settings=QUESTION),
    WantedMission(MissionKind.SCAN, "到两个地方扫一扫", 2, "Scan the codes of two places"),
    WantedMission(MissionKind.SHARE, "把地图发到别处", 1, "Post the map somewhere else", evidence=Evidence.STAFF),
    WantedMission(MissionKind.INVITE, "请一位朋友一起走", 1, "Bring a friend along"),
    WantedMission(MissionKind.JOIN_CIRCLE, "加入一个圈子", 1, "Join a circle", settings={"circle": ""}),
    WantedMission(MissionKind.BUY, "带一份地图茶包回家", 1, "Take a bag of the map’s tea home"),
    WantedMission(MissionKind.CHECK_IN, "签到三天", 3, "Check in on three days"),
)  # fmt: skip
PLACES = (("茶舍门口的竹帘下", Sort.FIXED), ("巷口的茶摊", Sort.ROTATING), ("周六的茶会", Sort.ONE_TIME))
# Who, on which day and at what time, the picture, the words, what it shows, and what became of it.
WORKS = (
    (6, -5, "17:20", "rain", "下雨的时候，茶舍屋檐下能站四个人。", "雨中的巷子，屋檐下放着一只碗", "featured"),
    (12, -4, "09:10", "three-cups", "二楼靠窗，三个人刚好。", "木桌上三只颜色深浅不同的茶杯", "featured"),
    (9, -4, "20:45", "tables", "周六下午，院子里的六张桌子。", "院子里几张摆了茶具的小桌", "accepted"),
    (17, -3, "12:30", "cup-dark", "加微信 chadao66，全城茶馆八折。", "一杯深色的茶", "refused"),
    (27, -1, "19:05", "hills-dusk", "城墙上也算巷子吗？傍晚的风特别好。", "傍晚的山脊，一个人站在上面", "waiting"),
)  # fmt: skip
ANSWERS = ((0, "2"), (6, "2"), (9, "1"), (12, "2"), (17, "3"), (33, "2"))
SCANS = ((0, 0), (6, 0), (6, 1), (12, 0), (12, 1), (20, 0))
POST = "https://weibo.example/1404376560/"
ORDER = "CF-20881"
# Who, the end of the post's address, and what became of it.
SHARES = ((6, "Nq8xLaneMap", "confirmed"), (22, "Pz1kNotMine", "refused"), (12, "Rt5mRooftops", "waiting"))


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The steps with their moments, in no order."""
    yield cast.day(-7, "15:00"), partial(_set_up, cast)
    for fan, day, at, picture, words, alt, fate in WORKS:
        yield cast.day(day, at), partial(_hand_in, cast, fan, picture, words, alt)
        if fate != "waiting":
            yield cast.day(day, "21:30"), partial(_decide, cast, fan, fate)
    for number, (fan, given) in enumerate(ANSWERS):
        yield cast.day(-5, f"1{number}:15"), partial(_answer, cast, fan, given)
    for number, (fan, place) in enumerate(SCANS):
        yield cast.day(-4, f"1{number}:05"), partial(_scan, cast, fan, place)
    for fan, ending, fate in SHARES:
        yield cast.day(-3, "09:40"), partial(_share, cast, fan, ending)
        yield cast.day(-3, "18:10"), partial(_look_at_share, cast, fan, fate)
    yield cast.day(-3, "15:30"), partial(_join_a_circle, cast, 19)
    yield cast.day(-2, "16:20"), partial(_order, cast, 6)
    yield cast.day(-2, "10:30"), partial(_keep_out, cast, 22)
    yield cast.day(-2, "21:00"), partial(_appeal, cast, 22)
    for day in (-3, -2):
        yield cast.day(day, "08:20"), partial(_come_twice, cast, 33)
    yield cast.day(-1, "09:00"), partial(_look_for_accounts, cast)


def _set_up(cast: Cast) -> None:
    at, by = clock.now(), cast.lead
    campaign = cast.campaigns[MAP] = writing.set_up(
        Wanted(
            title="巷子里的喝茶地图",
            summary="一起把城里能坐下来喝杯茶的地方标出来。走到就算，拍到就算，带朋友来也算。",
            kind=CampaignKind.COMMUNITY,
            goal="标出五十个地方，让一百个人在路上碰见",
            goal_participants=100,
            starts=wall_clock(cast.day(-6, "10:00")),
            ends=wall_clock(cast.day(9, "21:00")),
            zone=ZONE,
            missions=MISSIONS,
        ),
        by=by,
        at=at,
    )
    eligibility.write(campaign, Rules(guardian=True, no_staff=True), by=by, at=at)
    eligibility.publish(campaign, by=by, at=at)
    launching.launch(campaign, by=by, at=at)
    for name, sort in PLACES:
        place = scanning.add_place(_mission(cast, MissionKind.SCAN), WantedPlace(name, sort), by=by, at=at)
        if sort is Sort.ONE_TIME:
            scanning.make_codes(place, 12, at)


def _mission(cast: Cast, kind: MissionKind) -> Mission:
    return next(mission for mission in cast.campaigns[MAP].missions if mission.kind == kind.value)


def _hand_in(cast: Cast, fan: int, picture: str, words: str, alt: str) -> None:
    mission, member, key = _mission(cast, MissionKind.SUBMIT), cast.fans[fan], f"demomap{fan}"
    handing_in.hand_in(mission, member, words, [(cast.taken(picture, member), alt)], key=key, at=clock.now())


def _decide(cast: Cast, fan: int, fate: str) -> None:
    entry, by, at = _of(cast, MissionEntry, fan), cast.author, clock.now()
    if fate == "refused":
        reason = "地图不做广告。去掉微信号，换一张你自己去过的地方，我们很想看。"
        deciding.decide(entry.submission, Verdict.REFUSE, by=by, at=at, clause="4.3", reason=reason)
        return
    deciding.decide(entry.submission, Verdict.PUBLISH, by=by, at=at)
    if fate == "featured":
        gallery.feature(entry, by=by, at=at)


def _answer(cast: Cast, fan: int, given: str) -> None:
    answering.answer(_mission(cast, MissionKind.ANSWER), cast.fans[fan], given, clock.now())


def _scan(cast: Cast, fan: int, number: int) -> None:
    places = select(ScanPlace).where(ScanPlace.mission_id == _mission(cast, MissionKind.SCAN).id).order_by(ScanPlace.id)
    place, at = db.session.scalars(places).all()[number], clock.now()
    scanning.scan(place, cast.fans[fan], codes.shown(place, at), at)


def _share(cast: Cast, fan: int, ending: str) -> None:
    campaign_link(cast.fans[fan], cast.campaigns[MAP], clock.now())
    proving.hand_in(_mission(cast, MissionKind.SHARE), cast.fans[fan], POST + ending, None, clock.now())


def _look_at_share(cast: Cast, fan: int, fate: str) -> None:
    proof, at = _of(cast, ShareProof, fan), clock.now()
    if fate == "confirmed":
        proving.confirm(proof, by=cast.lead, at=at)
    elif fate == "refused":
        proving.refuse(proof, "这条是别人两年前发的，请发一条自己的。", by=cast.lead, at=at)


def _join_a_circle(cast: Cast, fan: int) -> None:
    circle = db.session.scalars(select(InterestCircle).order_by(InterestCircle.id.desc()).limit(1)).one()
    joining.join(circle, cast.fans[fan], clock.now())


def _order(cast: Cast, fan: int) -> None:
    """Somebody has followed the fan's link and bought the tea of the map; the shop tells so."""
    link, at = campaign_link(cast.fans[fan], cast.campaigns[MAP], clock.now()), clock.now()
    recording.record(Order(ORDER, link, Money(5800), at), Source.CALL, at)


def _keep_out(cast: Cast, fan: int) -> None:
    words = "两次交来别人发的帖子当作自己的分享。"
    excluding.exclude(cast.campaigns[MAP], cast.fans[fan], Code.FORGED, words, by=cast.lead, at=clock.now())


def _appeal(cast: Cast, fan: int) -> None:
    exclusion = excluding.standing(cast.campaigns[MAP], cast.fans[fan])
    assert exclusion is not None
    excluding.appeal(exclusion, cast.fans[fan], "那是我以前的账号发的，我可以登录给你们看。", at=clock.now())


def _come_twice(cast: Cast, fan: int) -> None:
    """A fan with two accounts of one mailbox checks in with both."""
    second = db.session.scalars(select(Member).where(Member.name == SECOND_NAME)).one_or_none()
    if second is None:
        user = setting.account(SECOND, SECOND_NAME, Role.FAN)
        signing_up.welcome(user, clock.now())
        second = roster.member_of(user)
        assert second is not None
    for member in (cast.fans[fan], second):
        checking_in.check_in(member, clock.now())


def _look_for_accounts(cast: Cast) -> None:
    finding.look(cast.campaigns[MAP], clock.now())


def _of(cast: Cast, table: type[Kept], fan: int) -> Kept:
    """What the fan has handed in."""
    return db.session.scalars(select(table).where(table.member_id == cast.fans[fan].id)).one()
