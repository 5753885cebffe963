"""What the demo shows of people with two memberships: a fan who made both one, and two whom the team took for one and split."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from campaigns.demo import setting
from campaigns.demo.stage import Cast
from commons import clock
from commons.accounts import signing_up
from commons.db import db
from commons.permissions import Role
from community.circle import checking_in
from community.members import roster
from community.members.merging import asking, selves
from community.members.merging.models import Merge, Proof
from community.members.models import Member

Step = Callable[[], object]
FORGOTTEN, FORGOTTEN_NAME = "xiaoman-phone", "小满（手机号）"
STRANGER = "山里的七叔"


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The steps with their moments, in no order."""
    yield cast.day(-17, "19:30"), _sign_up_again
    for day in (-17, -16, -14):
        yield cast.day(day, "20:40"), _check_in
    yield cast.day(-10, "21:15"), partial(_make_one, cast)
    yield cast.day(-7, "11:00"), partial(_take_for_one, cast)
    yield cast.day(-2, "15:20"), partial(_split, cast)


def _sign_up_again() -> None:
    user = setting.account(FORGOTTEN, FORGOTTEN_NAME, Role.FAN)
    signing_up.welcome(user, clock.now())


def _forgotten() -> Member:
    return db.session.query(Member).filter_by(name=FORGOTTEN_NAME).one()


def _check_in() -> None:
    checking_in.check_in(_forgotten(), clock.now())


def _make_one(cast: Cast) -> None:
    at = clock.now()
    asking.answer(asking.ask(cast.fans[0], at), _forgotten(), at)


def _take_for_one(cast: Cast) -> None:
    at, by = clock.now(), cast.staff["zhouyan"]
    stranger = roster.stranger(STRANGER, at)
    selves.merge(cast.fans[9], stranger, by=by, at=at, proof=Proof.STAFF, reason="店里说是同一位老客人")


def _split(cast: Cast) -> None:
    merged = db.session.query(Merge).filter_by(kept_id=cast.fans[9].id).one()
    selves.split(merged, by=cast.staff["zhouyan"], at=clock.now(), reason="本人来电：不是同一个人")
