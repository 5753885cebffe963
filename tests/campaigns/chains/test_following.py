"""Facts become chains."""

from __future__ import annotations

from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.chains import following, reading
from campaigns.chains.models import CIRCLE, Bringing, RewardDepth, Way, scope_of
from campaigns.groupbuys import joining
from campaigns.links.making import personal_link
from commons import clock, events
from commons.db import db
from commons.events import Event, Evidence
from community.members.models import Member
from tests.campaigns.chains.factories import came_by_link, visited
from tests.campaigns.factories import make_campaign, make_offer
from tests.factories import NOON, make_circle_post, make_fan, make_staff


def steps(scope: str = CIRCLE) -> list[tuple[str, str, Way]]:
    rows = db.session.scalars(select(Bringing).where(Bringing.scope == scope).order_by(Bringing.id))
    return [(row.member.name, row.by_member.name, row.way) for row in rows]


def rewarded() -> list[tuple[str, int]]:
    facts = db.session.scalars(select(Event).where(Event.kind == "chain.brought").order_by(Event.id))
    return [(db.session.get_one(Member, fact.member_id).name, fact.payload["depth"]) for fact in facts]


def test_who_came_by_a_link_was_brought_by_whose_it_is(app: Flask) -> None:
    came_by_link(make_fan("乙"), make_fan("甲"))

    assert steps() == [("乙", "甲", Way.LINK)]
    assert rewarded() == [("甲", 1)]


def test_whoever_was_first_brought_somebody_and_a_fact_read_twice_changes_nothing(app: Flask) -> None:
    new, first, second = make_fan("丙"), make_fan("甲"), make_fan("乙")
    fact = came_by_link(new, first)
    following.read([fact])
    came_by_link(new, second)

    assert steps() == [("丙", "甲", Way.LINK)]
    assert rewarded() == [("甲", 1)]


def test_nobody_brings_himself_nor_whom_he_came_through(app: Flask) -> None:
    first, second = make_fan("甲"), make_fan("乙")
    came_by_link(first, first)
    came_by_link(second, first)
    came_by_link(first, second)

    assert steps() == [("乙", "甲", Way.LINK)]


def test_a_brand_link_brings_nobody_to_anybody(app: Flask) -> None:
    events.track(
        "member.came_by_link", key="by the brand", at=NOON, member_id=make_fan().id, payload={"by_member_id": None}
    )

    assert steps() == []


def test_a_link_of_a_campaign_brings_into_the_circle_and_the_campaign(app: Flask) -> None:
    campaign = make_campaign()
    came_by_link(make_fan("乙"), make_fan("甲"), campaign)

    assert steps() == steps(scope_of(campaign.id)) == [("乙", "甲", Way.LINK)]


def test_a_known_visitor_was_brought_into_the_campaign_and_counts_once_taking_part(app: Flask) -> None:
    campaign, first, second = make_campaign(), make_fan("甲"), make_fan("乙")
    visited(first, second, campaign)
    scope = scope_of(campaign.id)

    assert (steps(), steps(scope)) == ([], [("乙", "甲", Way.LINK)])
    assert reading.measured(scope).brought == 0

    events.track("interaction.comment", key="said", at=clock.now(), member_id=second.id, campaign_id=campaign.id)

    assert reading.measured(scope).brought == 1


def test_joining_a_group_buy_by_somebodys_link_is_being_brought(app: Flask) -> None:
    campaign, first, second = make_campaign(), make_fan("甲"), make_fan("乙")
    offer = make_offer(campaign=campaign)
    link = personal_link(first, make_circle_post(), clock.now())
    joining.join(offer, second, clock.now(), link)

    assert steps(scope_of(campaign.id)) == [("乙", "甲", Way.GROUP_BUY)]


@pytest.mark.parametrize(("depth", "wanted"), [(1, [("丙", 1)]), (2, [("丙", 1), ("乙", 2)])])
def test_a_reward_reaches_as_far_as_the_team_says(app: Flask, depth: int, wanted: list[tuple[str, int]]) -> None:
    people = [make_fan(name) for name in "甲乙丙丁"]
    for bringer, new in pairwise(people[:3]):
        came_by_link(new, bringer)
    db.session.add(RewardDepth(depth=depth, set_at=NOON, set_by_id=make_staff().id))
    db.session.flush()
    before = len(rewarded())

    came_by_link(people[3], people[2])

    assert rewarded()[before:] == wanted


def test_an_erased_fan_earns_nothing_and_stays_in_the_chain(app: Flask) -> None:
    first = make_fan("甲")
    first.erased_at = NOON
    db.session.flush()
    came_by_link(make_fan("乙"), first)

    assert len(steps()) == 1
    assert rewarded() == []


def test_the_evidence_of_having_brought_is_the_tracked_link(app: Flask) -> None:
    came_by_link(make_fan("乙"), make_fan("甲"))

    graded = select(func.count()).where(Event.kind == "chain.brought", Event.evidence == Evidence.TRACKED_LINK)
    assert db.session.scalar(graded) == 1
