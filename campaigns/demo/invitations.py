"""What the demo shows of seed users: three of them with codes, a rule that pays for who comes, and a tree three people deep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from sqlalchemy import select

from campaigns.demo import setting
from campaigns.demo.stage import Cast
from commons import clock
from commons.accounts import signing_up
from commons.admin import brand
from commons.db import db
from commons.events import Evidence
from commons.i18n import Words
from commons.permissions import Role
from community.circle import checking_in
from community.loyalty.rules import versions as rules
from community.loyalty.rules.verdicts import Terms
from community.members import roster
from community.members.models import Member
from community.seed_users import accepting, codes, naming, retention
from community.seed_users.models import InvitationCode, SeedUser, Unit

Step = Callable[[], object]

# The first is the fan whom a visitor plays.
SEEDS = (
    (0, ("茶席", "摄影"), "小满拍的一人茶席最安静，常有人照着摆。"),
    (3, ("冷泡", "露营"), "周末在野外泡茶，爱回答问题。"),
    (8, ("白茶", "茶点"), "自己蒸茶点，配方写得很细。"),
)
# Who came, by whose code (a number of SEEDS, or a name), on which day, and on how many days they came back.
ARRIVALS: tuple[tuple[str, int | str, int, int], ...] = (
    ("青石", 0, -19, 6),
    ("阿栗", 0, -18, 4),
    ("谷雨", 1, -17, 5),
    ("白露", 0, -15, 1),
    ("半山", 1, -13, 3),
    ("清和", "青石", -10, 4),
    ("丹桂", "青石", -9, 2),
    ("小寒", 2, -8, 2),
    ("云雀", "青石", -4, 1),
    ("麦穗", 1, -3, 1),
)
RULE = Terms(
    growth=10, points=20, cap_per_day=None, cap_per_week=5, cooldown=0, evidence=Evidence.TRACKED_LINK,
    available_after_days=7,
)  # fmt: skip


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The steps with their moments, in no order."""
    yield cast.day(-21, "09:00"), partial(_make_rule, cast)
    for fan, fields, note in SEEDS:
        yield cast.day(-20, "11:00"), partial(_name, cast, fan, fields, note)
    yield cast.day(-11, "11:00"), partial(_name, cast, "青石", ("茶席",), "被小满请来，自己又请来几位。")
    for number, (name, inviter, day, days) in enumerate(ARRIVALS):
        yield cast.day(day, f"1{number}:20"), partial(_come, cast, number, name, inviter)
        for later in range(day, min(day + days, 0)):
            yield cast.day(later, f"1{number}:40"), partial(_check_in, name)
    yield cast.day(-2, "15:00"), partial(_revoke_one, cast)
    yield cast.now, _count


def _make_rule(cast: Cast) -> None:
    rules.make("invitation.brought", Words("带来新朋友", "Bring somebody new"), RULE, by=cast.lead, at=clock.now())


def _name(cast: Cast, who: int | str, fields: tuple[str, ...], note: str) -> None:
    member = _member(cast, who)
    seed = naming.name(member, fields, note, by=cast.lead, at=clock.now())
    codes.issue(seed, 2, 3, by=cast.lead, at=clock.now())
    codes.issue(seed, 1, 1, by=cast.lead, at=clock.now(), until=cast.day(12, "00:00"))


def _come(cast: Cast, number: int, name: str, inviter: int | str) -> None:
    """Signed up with a code, the address confirmed."""
    user = setting.account(f"guest{number:02d}", name, Role.FAN)
    signing_up.welcome(user, clock.now())
    member = roster.member_of(user)
    assert member is not None
    acceptance = accepting.accept(member, _free_code(cast, inviter), clock.now())
    accepting.show_name(acceptance, number % 3 != 2)


def _check_in(name: str) -> None:
    checking_in.check_in(_named(name), clock.now())


def _revoke_one(cast: Cast) -> None:
    query = select(InvitationCode).join(InvitationCode.seed_user).where(SeedUser.member_id == cast.fans[8].id)
    unused = db.session.scalars(query.where(InvitationCode.used == 0).order_by(InvitationCode.id.desc())).first()
    if unused is not None:
        codes.revoke(unused, by=cast.lead, at=clock.now())


def _count() -> None:
    for unit in Unit:
        retention.count(unit, clock.now(), brand.current().zone)


def _free_code(cast: Cast, inviter: int | str) -> InvitationCode:
    member = _member(cast, SEEDS[inviter][0] if isinstance(inviter, int) else inviter)
    query = select(InvitationCode).join(InvitationCode.seed_user).where(SeedUser.member_id == member.id)
    free = query.where(InvitationCode.used < InvitationCode.most).order_by(InvitationCode.id)
    return db.session.scalars(free.limit(1)).one()


def _member(cast: Cast, who: int | str) -> Member:
    return cast.fans[who] if isinstance(who, int) else _named(who)


def _named(name: str) -> Member:
    return db.session.scalars(select(Member).where(Member.name == name)).one()
