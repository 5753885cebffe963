"""What a fresh circle begins with: rules that pay people for taking part, never for liking the brand, and six levels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from commons.db import db
from commons.events import Evidence
from commons.i18n import Words
from community.loyalty.levels import ladders
from community.loyalty.models import EarningRule, Level, RuleVersion

# The first versions hold for facts of any age, so that what is brought in from before the circle began counts too.
EVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class UsualRule:
    code: str
    kind: str
    name: Words
    amount: int
    cap_per_day: int
    evidence: Evidence = Evidence.NETWORK
    cooldown: int = 0


RULES = (
    UsualRule("comment", "interaction.comment", Words("发表评论", "Comment"), 5, 5, cooldown=20),
    UsualRule("check_in", "circle.checked_in", Words("每日签到", "Daily check-in"), 2, 1),
    UsualRule(
        "link_visited",
        "link.visited",
        Words("有人点开你的分享", "Someone opens what you shared"),
        5,
        10,
        Evidence.TRACKED_LINK,
    ),
    UsualRule("share", "interaction.share", Words("分享帖子", "Share a post"), 1, 3, Evidence.SELF_DECLARED),
    UsualRule("group_buy", "group_buy.joined", Words("参加团购", "Join a group buy"), 10, 3),
    UsualRule("mission", "mission.fulfilled", Words("完成任务", "Fulfil a mission"), 20, 10, Evidence.SELF_DECLARED),
)

PERIOD_DAYS = 365
LEVELS: tuple[tuple[Words, int, int, tuple[Words, ...]], ...] = (
    (
        Words("初见", "Newcomer"),
        0,
        0,
        (Words("发表评论、每日签到、参加团购", "Comment, check in daily and join group buys"),),
    ),
    (
        Words("常客", "Regular"),
        50,
        0,
        (Words("评论旁显示等级", "Your level beside your comments"),),
    ),
    (
        Words("圈中人", "Insider"),
        200,
        0,
        (Words("新品试用优先报名", "First to be asked when something new is tried out"),),
    ),
    (
        Words("知己", "Confidant"),
        600,
        2,
        (Words("生日当月收到一份手写卡片", "A hand-written card in the month of your birthday"),),
    ),
    (
        Words("主心骨", "Pillar"),
        1500,
        2,
        (Words("每季一次与团队的线上茶话会", "A talk with the team, online, once a season"),),
    ),
    (
        Words("同路人", "Companion"),
        4000,
        3,
        (
            Words("参与决定下一款新品", "A say in what is made next"),
            Words("每年受邀到现场做客", "An invitation to visit us once a year"),
        ),
    ),
)


def prepare(at: datetime) -> None:
    """Make the rules and levels that are missing. Safe to repeat; what people have changed stays."""
    known = set(db.session.scalars(select(EarningRule.code)))
    for usual in RULES:
        if usual.code not in known:
            rule = EarningRule(code=usual.code, name=usual.name, event_kind=usual.kind, created_at=at)
            rule.versions.append(_first_version(usual))
            db.session.add(rule)
    if db.session.scalars(select(Level.id).limit(1)).first() is None:
        for rank, (name, threshold, breadth, perks) in enumerate(LEVELS, start=1):
            given = [{"zh": perk.zh, "en": perk.en} for perk in perks]
            db.session.add(Level(rank=rank, name=name, threshold=threshold, breadth=breadth, perks=given))
    db.session.flush()
    if ladders.newest() is None:
        ladders.keep_version(ladders.levels(), PERIOD_DAYS, EVER, None)


def _first_version(usual: UsualRule) -> RuleVersion:
    return RuleVersion(
        number=1,
        growth=usual.amount,
        points=usual.amount,
        cap_per_day=usual.cap_per_day,
        cooldown=usual.cooldown,
        evidence=usual.evidence,
        starts_at=EVER,
    )
