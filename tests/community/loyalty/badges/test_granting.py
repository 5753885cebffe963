"""Badges come and go with facts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from commons import events, jobs
from commons.db import db
from commons.errors import Invalid
from commons.i18n import Words
from commons.permissions import Role
from community.circle import checking_in
from community.loyalty.badges import cabinet, declaring, granting
from community.loyalty.badges.declaring import Draft
from community.loyalty.badges.deserving import Terms
from community.loyalty.badges.models import Badge, BadgeAward
from community.members.models import Member
from community.notices.models import Notice
from tests.community.loyalty.factories import comment, happen
from tests.factories import NOON, make_fan, make_staff

DAY = timedelta(days=1)
NAME, WORD = Words("三言两语", "A few words"), Words("说了三回", "Spoke three times")


def make(kind: str = "interaction.comment", **terms: int | bool) -> Badge:
    draft = Draft(NAME, WORD, "bubble", "tea", kind, Terms(**terms))  # type: ignore[arg-type]
    return declaring.declare(draft, by=make_staff(Role.CAMPAIGN_LEAD), at=NOON)


def has(member: Member, badge: Badge) -> bool:
    return badge.id in {award.badge_id for award in cabinet.awards_of(member)}


def told(member: Member, badge: Badge) -> list[str]:
    query = select(Notice.kind).where(Notice.member_id == member.id, Notice.key.startswith("badge."))
    wanted = query.where(Notice.key.like(f"badge.%:{_award(member, badge).id}:%"))
    return list(db.session.scalars(wanted.order_by(Notice.id)))


def _award(member: Member, badge: Badge) -> BadgeAward:
    query = select(BadgeAward).where(BadgeAward.member_id == member.id, BadgeAward.badge_id == badge.id)
    return db.session.scalars(query).one()


def test_a_badge_comes_with_the_fact_that_makes_it_enough(app: Flask) -> None:
    badge, fan = make(times=3), make_fan()
    for number in range(2):
        comment(fan, NOON + number * DAY)
    assert not has(fan, badge)

    last = comment(fan, NOON + 2 * DAY)

    assert has(fan, badge)
    award = _award(fan, badge)
    assert (award.event, award.granted_at, award.times_granted) == (last, NOON + 2 * DAY, 1)
    assert told(fan, badge) == ["badge.granted"]


def test_more_of_the_same_grants_nothing_twice(app: Flask) -> None:
    badge, fan = make(times=1), make_fan()
    first = comment(fan, NOON)
    events.tell([first])
    comment(fan, NOON + DAY)

    assert (_award(fan, badge).event, _award(fan, badge).times_granted) == (first, 1)
    assert told(fan, badge) == ["badge.granted"]


def test_what_is_undone_takes_the_badge_and_doing_it_again_brings_it_back(app: Flask) -> None:
    badge, fan = make(times=2), make_fan()
    comment(fan, NOON)
    second = comment(fan, NOON + DAY)

    undo = happen("interaction.withdrawn", fan, NOON + DAY, said_event_id=second.id)
    events.tell([undo])
    assert not has(fan, badge)
    comment(fan, NOON + 2 * DAY)

    assert has(fan, badge)
    assert _award(fan, badge).times_granted == 2
    assert told(fan, badge) == ["badge.granted", "badge.revoked", "badge.granted"]


def test_undoing_what_is_not_needed_takes_nothing(app: Flask) -> None:
    badge, fan = make(times=1), make_fan()
    comment(fan, NOON)
    second = comment(fan, NOON + DAY)

    happen("interaction.withdrawn", fan, NOON + DAY, said_event_id=second.id)

    assert has(fan, badge)


def test_one_fan_cannot_take_a_badge_from_another(app: Flask) -> None:
    badge, fan, other = make(times=1), make_fan(), make_fan("阿木")
    said = comment(fan, NOON)

    happen("interaction.withdrawn", other, NOON, said_event_id=said.id)

    assert has(fan, badge)


def test_a_new_badge_is_granted_for_what_is_past(app: Flask) -> None:
    fans = [make_fan(f"粉丝{number}") for number in range(5)]
    for fan in fans[:3]:
        comment(fan, NOON - DAY)
        comment(fan, NOON)
    comment(fans[3], NOON)
    badge = make(times=2, days=2)

    last = granting.backfill(badge, NOON, limit=2)
    while last is not None:
        last = granting.backfill(badge, NOON, last, limit=2)
    granting.backfill(badge, NOON)

    assert [has(fan, badge) for fan in fans] == [True, True, True, False, False]
    assert cabinet.holders()[badge.id] == 3


def test_the_backfill_is_sent_for_when_a_badge_is_made(app: Flask, at: datetime) -> None:
    fan = make_fan()
    comment(fan, at)
    badge = make(times=1)

    jobs.drain(at)

    assert has(fan, badge)


def test_a_retired_badge_stays_with_those_who_have_it_and_comes_to_nobody(app: Flask) -> None:
    badge, early, late, boss = make(times=1), make_fan(), make_fan("阿木"), make_staff()
    comment(early, NOON)
    assert declaring.retire(badge, by=boss, at=NOON) is True
    assert declaring.retire(badge, by=boss, at=NOON) is False

    comment(late, NOON)

    assert (has(early, badge), has(late, badge)) == (True, False)
    assert declaring.revive(badge, by=boss, at=NOON) is True
    granting.backfill(badge, NOON)
    assert has(late, badge)


def test_days_in_a_row_are_days_where_the_fan_lives(app: Flask) -> None:
    badge = make("circle.checked_in", times=2, days=2, in_a_row=True)
    here, there = make_fan(zone="Asia/Shanghai"), make_fan("阿木", zone="America/New_York")
    for fan in (here, there):
        happen("circle.checked_in", fan, NOON.replace(hour=15))
        happen("circle.checked_in", fan, NOON.replace(hour=17))

    assert (has(here, badge), has(there, badge)) == (True, False)


@pytest.mark.parametrize("kind", ["interaction.like", "badge.granted", "loyalty.adjusted"])
def test_no_badge_for_praise_nor_for_badges_themselves(app: Flask, kind: str) -> None:
    with pytest.raises(Invalid):
        make(kind)


def test_a_level_may_bring_a_badge(app: Flask) -> None:
    badge, fan = make("level.reached"), make_fan()

    happen("level.reached", fan, NOON, rank=2)

    assert has(fan, badge)


def test_a_badge_that_nobody_can_get_is_refused(app: Flask) -> None:
    with pytest.raises(Invalid):
        make(times=1, days=2)


def test_the_cabinet_tells_how_far_the_others_are(app: Flask) -> None:
    badge, fan = make(times=4), make_fan()
    comment(fan, NOON)

    ahead = next(one for one in cabinet.cabinet(fan).ahead if one.badge.id == badge.id)

    assert (ahead.share, ahead.made.times) == (0.25, 1)


def test_days_in_a_row_stay_so_when_the_fan_moves_to_another_zone(app: Flask) -> None:
    badge, fan = make("circle.checked_in", times=3, days=3, in_a_row=True), make_fan(zone="Asia/Shanghai")
    morning, evening = NOON.replace(hour=23, minute=30), NOON + 2 * DAY
    checking_in.check_in(fan, morning)
    checking_in.check_in(fan, evening)
    assert fan.user is not None
    fan.user.zone = "Europe/London"
    db.session.flush()

    checking_in.check_in(fan, NOON + 3 * DAY)

    assert has(fan, badge)
    assert checking_in.streak_of(fan, NOON + 3 * DAY).current == 3
