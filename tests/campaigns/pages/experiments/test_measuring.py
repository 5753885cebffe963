"""What a test has found, and when that may be believed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from campaigns.groupbuys.joining import join, leave
from campaigns.intervals import Difference, Share
from campaigns.links.counting import write_visits
from campaigns.pages import versions
from campaigns.pages.experiments import measuring, running
from campaigns.pages.experiments.models import Experiment, Goal
from campaigns.pages.experiments.running import NotDecided, Running
from campaigns.pages.experiments.sizing import z_of
from campaigns.planning.models import Campaign, MissionKind
from commons import clock
from commons.errors import Invalid
from community.circle.checking_in import check_in
from tests.campaigns.factories import a_link, make_campaign, make_offer, mission, visit
from tests.campaigns.pages.experiments.factories import a_test, page_variants, shown
from tests.campaigns.pages.factories import writer
from tests.factories import make_fan


@pytest.fixture
def campaign(app: Flask, at: datetime) -> Campaign:
    return make_campaign(mission(MissionKind.CHECK_IN))


def fill(experiment: Experiment, *hits: int, people: int = 0) -> None:
    """Show each variant to as many as it needs; of the first so many join."""
    for place, wanted in enumerate(hits):
        for number in range(people or experiment.variants[place].needed):
            fan = make_fan(f"{place}-{number}")
            shown(experiment, place, fan)
            if number < wanted:
                check_in(fan, clock.now())


def counts(experiment: Experiment) -> list[tuple[int, int]]:
    results = measuring.outcome(experiment, clock.now()).results
    return [(one.share.hits, one.share.trials) for one in results]


def test_the_number_of_people_is_fixed_at_the_beginning(campaign: Campaign) -> None:
    assert [one.needed for one in a_test(campaign).variants] == [23, 23]


def test_nothing_is_decided_before_everybody_is_there(campaign: Campaign, at: datetime) -> None:
    experiment = a_test(campaign)
    fill(experiment, 1, 9, people=9)
    clock.advance(days=4)
    found = measuring.outcome(experiment, clock.now())
    assert found.results[1].against is not None
    assert found.results[1].against.is_settled
    assert not found.is_decided
    assert found.best is None
    with pytest.raises(NotDecided):
        running.choose(experiment, experiment.variants[1], is_decided=found.is_decided, by=writer(), at=clock.now())
    assert experiment.ended_at is None


def test_the_time_of_the_last_has_to_be_over(campaign: Campaign, at: datetime) -> None:
    experiment = a_test(campaign)
    fill(experiment, 2, 20)
    assert not measuring.outcome(experiment, clock.now()).is_decided
    clock.advance(days=3)
    found = measuring.outcome(experiment, clock.now())
    assert found.is_decided
    assert found.best is experiment.variants[1]


def test_the_intervals_are_wilsons_and_newcombes(campaign: Campaign, at: datetime) -> None:
    experiment = a_test(campaign)
    fill(experiment, 2, 20)
    first, second = measuring.outcome(experiment, clock.now()).results
    assert (first.share, second.share) == (Share(2, 23), Share(20, 23))
    z = z_of(1)
    assert second.against == Difference(Share(20, 23, z), Share(2, 23, z))


def test_looking_again_later_changes_nothing(campaign: Campaign, at: datetime) -> None:
    experiment = a_test(campaign)
    fill(experiment, 5, 9)
    clock.advance(days=3)
    before = counts(experiment)
    fill(experiment, 10, 0, people=10)
    assert counts(experiment) == before
    assert [one.seen for one in measuring.outcome(experiment, clock.now()).results] == [33, 33]


def test_no_difference_has_no_winner(campaign: Campaign, at: datetime) -> None:
    experiment = a_test(campaign)
    fill(experiment, 10, 11)
    clock.advance(days=3)
    found = measuring.outcome(experiment, clock.now())
    assert found.is_decided
    assert found.best is None


def test_what_is_reached_too_late_or_before_does_not_count(campaign: Campaign, at: datetime) -> None:
    experiment = a_test(campaign)
    late, early = make_fan("晚了"), make_fan("早就在")
    shown(experiment, 0, late)
    check_in(early, at - timedelta(minutes=1))
    shown(experiment, 0, early)
    clock.advance(days=3)
    check_in(late, clock.now())
    assert counts(experiment)[0] == (0, 1)


def test_a_seat_in_a_group_buy_counts_as_an_order_until_it_is_given_back(campaign: Campaign, at: datetime) -> None:
    experiment = a_test(campaign, goal=Goal.ORDERED)
    offer, elsewhere = make_offer(campaign=campaign), make_offer(title="别的团")
    fan, other = make_fan("小满"), make_fan("阿树")
    for one in (fan, other):
        shown(experiment, 0, one)
    join(offer, fan, at)
    join(elsewhere, other, at)
    assert counts(experiment)[0] == (1, 2)
    leave(offer, fan, at)
    assert counts(experiment)[0] == (0, 2)


def test_a_visit_counts_by_the_links_of_the_campaign(campaign: Campaign, at: datetime) -> None:
    experiment = a_test(campaign, goal=Goal.VISITED)
    link, foreign = a_link("/circle", campaign=campaign), a_link("/circle")
    for mark in ("a" * 32, "b" * 32, "c" * 32):
        shown(experiment, 0, hit_mark=mark)
    write_visits([
        visit(link, visitor="a" * 32), visit(foreign, visitor="b" * 32), visit(link, visitor="c" * 32, verdict="bot"),
    ])  # fmt: skip
    assert counts(experiment)[0] == (1, 3)


def test_choosing_ends_the_test_and_makes_the_winner_the_page(campaign: Campaign, at: datetime) -> None:
    experiment = a_test(campaign)
    winner = experiment.variants[1]
    running.choose(experiment, winner, is_decided=True, by=writer(), at=at)
    running.choose(experiment, experiment.variants[0], is_decided=True, by=writer(), at=at)
    assert experiment.chosen is winner
    assert versions.current(campaign.id) is winner.version


def test_one_page_is_in_one_test_at_a_time(campaign: Campaign, at: datetime) -> None:
    variants = page_variants(campaign)
    first = a_test(campaign, variants=variants)
    with pytest.raises(Running):
        a_test(campaign, variants=variants)
    running.stop(first, by=writer(), at=at)
    running.stop(first, by=writer(), at=at)
    assert a_test(campaign, variants=variants).ended_at is None


@pytest.mark.parametrize("wrong", [{"base_rate": 0.0}, {"effect": 0.0}, {"base_rate": 0.9, "effect": 0.2}])
def test_numbers_that_make_no_test_are_refused(campaign: Campaign, wrong: dict[str, float]) -> None:
    with pytest.raises(Invalid):
        a_test(campaign, **wrong)


def test_the_same_twice_is_no_test(campaign: Campaign) -> None:
    one = page_variants(campaign)[0]
    with pytest.raises(Invalid):
        a_test(campaign, variants=[one, one])
