"""Featured slots: filled by hand, with a start and an end; and the terms of the checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from commons.errors import Conflict, Invalid
from community.reviews import featuring, thresholds
from community.reviews.checks import Terms
from community.reviews.models import Feature, Submission, Verdict
from tests.community.reviews.factories import decide, hand_in, published, reviewer
from tests.factories import NOON, make_fan

DAY = timedelta(days=1)
START = datetime(2026, 3, 2, 9)


def put(submission: Submission, first: int = 0, last: int = 7, place: str = "circle") -> Feature:
    """From the day `first` to the day `last`, each at nine in Shanghai."""
    return featuring.feature(
        submission, place, START + first * DAY, START + last * DAY, "Asia/Shanghai", by=reviewer(), at=NOON
    )


def one() -> Submission:
    return published(make_fan(), reviewer())


def test_it_stands_from_its_start_until_its_end(app: Flask) -> None:
    made = put(one())

    assert made.starts_at.isoformat() == "2026-03-02T01:00:00+00:00"
    assert list(featuring.showing("circle", made.starts_at - timedelta(seconds=1))) == []
    assert list(featuring.showing("circle", made.starts_at)) == [made]
    assert list(featuring.showing("circle", made.ends_at - timedelta(seconds=1))) == [made]
    assert list(featuring.showing("circle", made.ends_at)) == []


def test_a_place_holds_no_more_than_fit(app: Flask) -> None:
    put(one(), 0, 7)

    with pytest.raises(Conflict):
        put(one(), 6, 9)
    put(one(), 7, 9)
    for _number in range(3):
        put(one(), place="shares")
    with pytest.raises(Conflict):
        put(one(), place="shares")


def test_ending_it_frees_the_place(app: Flask) -> None:
    boss = reviewer()
    made = put(one())
    then = made.starts_at + DAY

    featuring.end(made, by=boss, at=then)
    featuring.end(made, by=boss, at=then + DAY)

    assert made.ended_at == then
    assert list(featuring.showing("circle", then)) == []
    put(one(), 2, 7)


@pytest.mark.parametrize(("first", "last"), [(3, 3), (5, 2), (-9, -5), (0, 200)])
def test_a_time_that_cannot_be_is_refused(app: Flask, first: int, last: int) -> None:
    with pytest.raises(Invalid):
        put(one(), first, last)


def test_only_what_is_published_is_featured_and_what_is_removed_goes(app: Flask) -> None:
    with pytest.raises(Conflict):
        put(hand_in(make_fan(), "还没有人看过的话"))
    shown = one()
    made = put(shown)

    decide(shown, Verdict.REMOVE, reviewer(), NOON, "5.2")

    assert list(featuring.showing("circle", made.starts_at)) == []


@pytest.mark.parametrize(
    ("spans", "most", "room"),
    [
        ([], 1, True),
        ([(0, 5)], 1, False),
        ([(0, 3)], 1, True),
        ([(0, 4), (4, 9)], 2, True),
        ([(0, 5), (4, 9)], 2, False),
        ([(0, 9), (0, 9), (0, 9)], 3, False),
    ],
)
def test_room_is_what_stands_at_the_same_moment(spans: list[tuple[int, int]], most: int, room: bool) -> None:
    moments = [(NOON + first * DAY, NOON + last * DAY) for first, last in spans]

    assert featuring.fits(moments, (NOON + 3 * DAY, NOON + 6 * DAY), most) is room


def test_thresholds_are_changed_in_versions(app: Flask) -> None:
    boss = reviewer()

    assert thresholds.change(replace(Terms(), most_links=0, insults=("笨",)), 0, by=boss, at=NOON)
    assert not thresholds.change(replace(Terms(), most_links=0, insults=("笨",)), 1, by=boss, at=NOON)

    assert (thresholds.terms().most_links, thresholds.terms().insults, thresholds.number()) == (0, ("笨",), 1)
    assert [row["sight"] for row in hand_in(make_fan(), "你真笨 https://a.cn").findings] == ["insult", "links"]


def test_two_who_change_them_at_once_do_not_overwrite_each_other(app: Flask) -> None:
    boss = reviewer()
    thresholds.change(replace(Terms(), most_links=0), 0, by=boss, at=NOON)

    with pytest.raises(Conflict):
        thresholds.change(replace(Terms(), most_links=5), 0, by=boss, at=NOON)


def test_terms_of_an_older_row_are_filled_up(app: Flask) -> None:
    terms = thresholds.read({"most_links": 7, "forgotten": 1})

    assert terms == replace(Terms(), most_links=7)


def test_what_has_begun_already_begins_now(app: Flask) -> None:
    made = put(one(), -3, 7)

    assert made.starts_at == NOON


def test_one_thing_stands_in_a_place_once_at_a_time(app: Flask) -> None:
    shown = one()
    put(shown, 0, 3, "shares")

    with pytest.raises(Conflict):
        put(shown, 2, 5, "shares")
    put(shown, 3, 5, "shares")
    put(shown, 0, 3, "circle")


def test_what_was_removed_leaves_its_room_to_others(app: Flask) -> None:
    gone = one()
    put(gone)
    decide(gone, Verdict.REMOVE, reviewer(), NOON, "5.2")
    other = one()

    made = put(other)

    assert list(featuring.showing("circle", made.starts_at)) == [made]


def test_a_wall_clock_time_means_the_zone_that_was_chosen(app: Flask) -> None:
    made = featuring.feature(
        one(), "circle", datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 9), "Europe/Berlin", by=reviewer(), at=NOON
    )

    assert made.starts_at.isoformat() == "2026-03-29T01:30:00+00:00"
    assert made.ends_at.isoformat() == "2026-03-29T07:00:00+00:00"
