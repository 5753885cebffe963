"""People one might like in a circle, and why."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commons.errors import NotAllowed
from community.circle.interests import joining, measures, mediating, meeting, reporting
from community.circle.interests.models import InterestCircle, Reason
from community.members import bars
from community.members.bars import Act
from community.members.models import Member
from community.members.profiles import allowing
from community.members.profiles.models import Purpose, Way
from community.members.roster import handle_of
from tests.community.circle.interests.factories import brand, make_circle, make_host, make_joined, make_post, new_key
from tests.factories import NOON

COUNTS = st.dictionaries(st.integers(1, 9), st.integers(0, 5))


def test_threads_and_other_circles_that_both_share_are_the_reason(app: Flask) -> None:
    circle, cameras = make_circle(), make_circle("相机", "Cameras")
    me, friend, other = (make_joined(circle, name) for name in ("小满", "老周", "阿青"))
    for fan in (me, friend):
        joining.join(cameras, fan, NOON)
    root = make_post(circle, me)
    make_post(circle, friend, "龙井", under=root)
    make_post(circle, other, "普洱", under=root)
    found = meeting.people(circle, me, NOON)
    assert [(one.member, one.threads, [name.en for name in one.circles]) for one in found] == [
        (friend, 1, ["Cameras"]),
        (other, 1, []),
    ]


def test_who_shares_nothing_or_is_silent_or_has_left_is_not_proposed(app: Flask) -> None:
    circle = make_circle()
    me, stranger, gone = (make_joined(circle, name) for name in ("小满", "老周", "阿青"))
    make_joined(circle, "静静")
    root = make_post(circle, me)
    make_post(circle, stranger, "另起一篇")
    make_post(circle, gone, "龙井", under=root)
    joining.leave(circle, gone, NOON)
    assert meeting.people(circle, me, NOON) == []


def test_what_is_long_ago_no_longer_counts(app: Flask) -> None:
    circle = make_circle()
    me, friend = make_joined(circle), make_joined(circle, "老周")
    make_post(circle, friend, "龙井", under=make_post(circle, me))
    assert meeting.people(circle, me, NOON + timedelta(days=89))
    assert not meeting.people(circle, me, NOON + timedelta(days=91))


@pytest.mark.parametrize("who_withdraws", ["I", "the other"])
def test_who_withdraws_the_consent_is_shown_nobody_and_to_nobody(app: Flask, who_withdraws: str) -> None:
    circle = make_circle()
    me, friend = make_joined(circle), make_joined(circle, "老周")
    make_post(circle, friend, "龙井", under=make_post(circle, me))
    assert meeting.people(circle, me, NOON)
    leaving = me if who_withdraws == "I" else friend
    allowing.withdraw(leaving.id, Purpose.RECOMMENDATIONS, Way.PROFILE_PAGE, NOON)
    assert meeting.people(circle, me, NOON) == []


def test_the_other_side_of_a_dispute_is_not_proposed(app: Flask) -> None:
    circle = make_circle()
    me, friend = make_joined(circle), make_host(circle)
    make_post(circle, friend, "龙井", under=make_post(circle, me))
    mediating.ask(circle, handle_of(friend), handle_of(me), "他骂我", NOON, key=new_key())
    assert meeting.people(circle, me, NOON) == []


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(COUNTS, COUNTS, st.integers(1, 5))
def test_who_shares_more_never_stands_behind_who_shares_less(
    threads: dict[int, int], circles: dict[int, int], limit: int
) -> None:
    def weight(key: int) -> int:
        return 2 * threads.get(key, 0) + circles.get(key, 0)

    chosen = meeting.ranked(threads, circles, limit)
    left_out = {key for key in {*threads, *circles} - set(chosen) if weight(key)}
    assert [weight(key) for key in chosen] == sorted((weight(key) for key in chosen), reverse=True)
    assert len(chosen) == limit or not left_out
    assert all(weight(one) <= weight(chosen[-1]) for one in left_out)


def make_two() -> tuple[InterestCircle, Member, Member]:
    """A circle with two who spoke in one thread."""
    circle = make_circle()
    me, friend = make_joined(circle), make_joined(circle, "老周")
    make_post(circle, friend, "龙井", under=make_post(circle, me))
    assert meeting.people(circle, me, NOON)
    return circle, me, friend


def test_whose_words_i_reported_is_not_proposed_to_me(app: Flask) -> None:
    circle, me, friend = make_two()
    reporting.report(make_post(circle, friend, "骂人的话"), me, Reason.ABUSE, NOON)
    assert meeting.people(circle, me, NOON) == []


def test_who_is_muted_in_the_circle_is_proposed_again_when_that_is_over(app: Flask) -> None:
    circle, me, friend = make_two()
    measures.mute(circle, friend, rule=1, reason="理由", days=3, by=brand(), at=NOON)
    assert meeting.people(circle, me, NOON) == []
    assert meeting.people(circle, me, NOON + timedelta(days=3))


def test_who_may_not_speak_anywhere_is_not_proposed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    circle, me, friend = make_two()

    def silenced(member: Member, act: Act, _at: datetime) -> NotAllowed | None:
        return NotAllowed("muted") if member.id == friend.id and act is Act.SPEAK else None

    monkeypatch.setattr(bars.bars, "_plugs", [silenced])
    assert meeting.people(circle, me, NOON) == []
