"""Plans of the demo's campaigns: one of each kind with goals, phases, tasks, budget and risks; one that ran for an evening, one
that is a draft.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from campaigns.demo.stage import Cast, wall_clock
from campaigns.demo.story import KETTLE, SOLO, ZONE
from campaigns.planning import changing, launching, phasing, real_time, tasks, template_list, templates, writing
from campaigns.planning.missions.writing import WantedMission
from campaigns.planning.models import (
    BudgetLine,
    Campaign,
    CampaignKind,
    Goal,
    Grade,
    MissionKind,
    Phase,
    Risk,
    RiskState,
    Task,
)
from campaigns.planning.real_time import WantedNow
from campaigns.planning.writing import Wanted
from commons import clock
from commons.db import db

TABLE, EVENING = "table", "evening"

Step = Callable[[], object]
Day = tuple[int, str]

GOALS = {
    SOLO: {"comments": 45, "opened_shares": 5, "posts": 6},
    KETTLE: {"comments": 60, "seats": 30, "posts": 8},
    TABLE: {"comments": 100, "new_members": 20, "posts": 6},
}
# Name, whether it is the teaser, first and last moment.
PHASES: dict[str, tuple[tuple[str, bool, Day, Day], ...]] = {
    SOLO: (
        ("第一周：你的桌子", False, (-18, "08:00"), (-12, "08:00")),
        ("第二周：声音", False, (-12, "08:00"), (-6, "08:00")),
        ("第三周：手", False, (-6, "08:00"), (1, "08:00")),
        ("第四周：分享", False, (1, "08:00"), (8, "08:00")),
        ("收尾和致谢", False, (8, "08:00"), (10, "22:00")),
    ),
    KETTLE: (
        ("预告", True, (-5, "17:00"), (-4, "08:30")),
        ("问清楚", False, (-4, "08:30"), (-3, "10:00")),
        ("成团", False, (-3, "10:00"), (3, "21:00")),
        ("等壶到家", False, (3, "21:00"), (17, "22:00")),
    ),
    TABLE: (
        ("预告", True, (-1, "12:00"), (3, "10:00")),
        ("先认识", False, (3, "10:00"), (10, "10:00")),
        ("坐到一张桌子上", False, (10, "10:00"), (17, "22:00")),
    ),
}
# Title, owner, when it is due, when it was done if it was.
TASKS: dict[str, tuple[tuple[str, str, Day, Day | None], ...]] = {
    SOLO: (
        ("写好四周的题目", "linxia", (-17, "18:00"), (-18, "15:00")),
        ("联系五位老朋友，请他们第一天就来说", "xuqiao", (-17, "12:00"), (-18, "17:00")),
        ("挑出第三周的精选，发到推荐位", "linxia", (-1, "18:00"), None),
        ("问二十位作者要授权", "xuqiao", (5, "18:00"), None),
        ("册子交给印厂", "xuqiao", (7, "12:00"), None),
    ),
    KETTLE: (
        ("核对库存、价格和发货时间", "xuqiao", (-4, "12:00"), (-5, "18:00")),
        ("头两天每个问题都要答", "hetian", (-2, "20:00"), (-2, "19:30")),
        ("拍一段单手拧开的视频", "linxia", (1, "12:00"), None),
        ("到货后请买家写评价，好坏都一样", "hetian", (14, "18:00"), None),
    ),
    TABLE: (
        ("找两位主人家，留一间没有门槛的屋子", "xuqiao", (0, "18:00"), None),
        ("写一句话的邀请", "linxia", (2, "12:00"), None),
        ("确认名单、忌口和怎么来", "hetian", (9, "18:00"), None),
    ),
}
# What it is for, planned, spent.
BUDGET = {
    SOLO: (("册子印刷 200 本", 480000, 0), ("谢礼", 120000, 86000), ("摄影与排版", 150000, 168000)),
    KETTLE: (("样品", 60000, 54800), ("图片和视频", 100000, 0)),
    TABLE: (("茶和点心", 90000, 0), ("场地", 60000, 20000)),
}
RISKS = {
    SOLO: (
        (
            "没人敢第一个开口",
            Grade.MEDIUM,
            Grade.HIGH,
            "提前请五位种子用户第一天就来说，用自己的名字。",
            RiskState.CLOSED,
        ),
        ("有人发了别人的照片", Grade.MEDIUM, Grade.MEDIUM, "先看再放；接到投诉一小时内撤下并道歉。", RiskState.WATCHED),
    ),
    KETTLE: (
        ("凑不满三十个人", Grade.MEDIUM, Grade.HIGH, "不做，一分不收，当天说明。", RiskState.WATCHED),
        ("第一批发现漏水", Grade.LOW, Grade.HIGH, "马上停团，一小时内公开，直接换新。", RiskState.WATCHED),
    ),
    TABLE: (
        ("来的人比座位多", Grade.HIGH, Grade.MEDIUM, "一开始就写明座位数，留候补名单，加开一场。", RiskState.WATCHED),
        ("有人让别人不舒服", Grade.LOW, Grade.HIGH, "两位主人家随时可以找；谁这样做，当场请走。", RiskState.WATCHED),
    ),
}


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The steps with their moments, in no order. The two campaigns that the story begins are launched right after."""
    yield cast.day(-19, "17:05"), partial(_plan_and_launch, cast, SOLO)
    yield cast.day(-5, "16:05"), partial(_plan_and_launch, cast, KETTLE)
    yield cast.day(-2, "10:00"), partial(_set_up_table, cast)
    yield cast.day(-1, "12:00"), partial(_plan_and_launch, cast, TABLE)
    yield cast.day(-1, "16:00"), partial(_write_a_draft, cast)
    yield cast.day(-9, "18:00"), partial(_launch_an_evening, cast)
    yield cast.day(-9, "23:00"), partial(_end_the_evening, cast)
    for campaign, phases in PHASES.items():
        for name, _is_teaser, begins, _ends in phases:
            if cast.day(*begins) <= cast.now:
                yield cast.day(*begins) + timedelta(seconds=1), partial(_turn, cast, campaign, name)
    for campaign, planned in TASKS.items():
        for title, owner, _due, done in planned:
            if done is not None:
                yield cast.day(*done), partial(_finish, cast, campaign, title, owner)


def _plan_and_launch(cast: Cast, name: str) -> None:
    campaign, by, at = cast.campaigns[name], cast.lead, clock.now()
    for measure, target in GOALS[name].items():
        changing.add(Goal, campaign, {"measure": measure, "target": target}, by=by, at=at)
    for phase, is_teaser, begins, ends in PHASES[name]:
        times = {"starts_at": cast.day(*begins), "ends_at": cast.day(*ends)}
        changing.add(Phase, campaign, {"name": phase, "is_teaser": is_teaser, **times}, by=by, at=at)
    for title, owner, due, _done in TASKS[name]:
        values = {"title": title, "owner_id": cast.staff[owner].id, "due_at": cast.day(*due)}
        changing.add(Task, campaign, values, by=by, at=at)
    for title, planned, spent in BUDGET[name]:
        amounts = {"planned_minor": planned, "spent_minor": spent}
        changing.add(BudgetLine, campaign, {"title": title, **amounts}, by=by, at=at)
    for title, likelihood, impact, response, state in RISKS[name]:
        grades = {"likelihood": likelihood, "impact": impact, "state": state}
        changing.add(Risk, campaign, {"title": title, "response": response, "owner_id": by.id, **grades}, by=by, at=at)
    launching.launch(campaign, by=by, at=at)


def _set_up_table(cast: Cast) -> None:
    cast.campaigns[TABLE] = writing.set_up(
        Wanted(
            title="周末茶桌",
            summary="先在这里认识，再坐到一张桌子上。六张桌子，两个周末，第一次来的人先坐。",
            kind=CampaignKind.COMMUNITY,
            goal="让第一次来的人，走的时候叫得出三个名字",
            goal_participants=60,
            starts=wall_clock(cast.day(3, "10:00")),
            ends=wall_clock(cast.day(17, "22:00")),
            zone=ZONE,
            missions=[
                WantedMission(MissionKind.COMMENT, "在茶桌的帖子下介绍自己", 1),
                WantedMission(MissionKind.CHECK_IN, "签到五天", 5),
                WantedMission(MissionKind.SHARE, "带一位朋友来：分享并被打开", 1),
            ],
        ),
        by=cast.lead,
        at=clock.now(),
    )


def _launch_an_evening(cast: Cast) -> None:
    """A power cut in the lane: everybody had tea by candlelight, and one form was enough."""
    template = template_list.named("tonight")
    assert template is not None
    words = "巷子停电了，茶还是热的。今晚在线上一起喝一杯，说说你点的是什么灯。"
    wanted = WantedNow(template, "停电的晚上", words, participants=10, hours=5)
    cast.campaigns[EVENING] = real_time.launch_now(wanted, zone=ZONE, by=cast.lead, at=clock.now())


def _end_the_evening(cast: Cast) -> None:
    writing.end(cast.campaigns[EVENING], clock.now())


def _write_a_draft(cast: Cast) -> None:
    template = template_list.named("photo_call")
    assert template is not None
    wanted = templates.wanted(template, wall_clock(cast.day(30, "09:00")), ZONE)
    templates.set_up(template, wanted, by=cast.lead, at=clock.now())


def _turn(cast: Cast, campaign: str, name: str) -> None:
    phase = next(phase for phase in cast.campaigns[campaign].phases if phase.name == name)
    phasing.turn(phase, clock.now())


def _finish(cast: Cast, campaign: str, title: str, owner: str) -> None:
    task = next(task for task in _fresh(cast.campaigns[campaign]).tasks if task.title == title)
    tasks.finish(task, by=cast.staff[owner], at=clock.now())


def _fresh(campaign: Campaign) -> Campaign:
    db.session.refresh(campaign)
    return campaign
