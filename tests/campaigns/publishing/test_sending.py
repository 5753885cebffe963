"""Sending to a network: once, or known to be unknown, whatever breaks on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from campaigns.publishing import claiming, holding, sending
from campaigns.publishing.holding import Scope
from campaigns.publishing.models import Attempt, AttemptOutcome, Delivery, DeliveryState
from commons.accounts.models import User
from commons.db import db
from community.channels.outcomes import (
    Ambiguous,
    CannotTell,
    Duplicate,
    MediaPending,
    NotSent,
    RateLimited,
    Rejected,
    SignIn,
    Trouble,
)
from tests.campaigns.publishing.running import outcomes, run
from tests.campaigns.publishing.scripted import HOUR, Arrived, Scripted, planned_there


def test_a_post_stands_there_with_its_address(author: User, at: datetime, network: Scripted) -> None:
    delivery = planned_there(author, at)
    run(at + HOUR, 2)
    assert (delivery.state, delivery.lateness) == (DeliveryState.PUBLISHED, 2.0)
    assert delivery.channel_post is not None
    assert delivery.channel_post.url == f"https://far.example/{delivery.public_id}-1"
    assert outcomes(delivery) == ["send published"]


def test_what_never_left_is_sent_again_by_itself(author: User, at: datetime, network: Scripted) -> None:
    network.sends = [NotSent("no route"), NotSent("no route")]
    delivery = planned_there(author, at)
    run(at + HOUR)
    assert outcomes(delivery) == ["send not_sent", "send not_sent", "send published"]
    assert len(network.posts) == 1


def test_a_limit_is_waited_for_until_its_reset(author: User, at: datetime, network: Scripted) -> None:
    due = at + HOUR
    network.sends = [RateLimited("slow down", until=due + timedelta(minutes=4))]
    delivery = planned_there(author, at)
    run(due, 0, 60, 180, 239)
    assert outcomes(delivery) == ["send rate"]
    run(due, 240)
    assert delivery.state is DeliveryState.PUBLISHED


def test_a_limit_that_ends_too_late_means_missed_and_nothing_sent(
    author: User, at: datetime, network: Scripted
) -> None:
    due = at + HOUR
    network.sends = [RateLimited("slow down", until=due + timedelta(hours=4))]
    delivery = planned_there(author, at)
    run(due)
    assert (delivery.state, delivery.reason, network.posts) == (DeliveryState.MISSED, "slow down", [])


def test_what_may_have_arrived_is_looked_for_and_not_sent_again(author: User, at: datetime, network: Scripted) -> None:
    network.sends = [Arrived(Ambiguous("timed out"))]
    delivery = planned_there(author, at)
    run(at + HOUR)
    assert outcomes(delivery) == ["send ambiguous", "find found"]
    assert (delivery.state, len(network.posts)) == (DeliveryState.PUBLISHED, 1)


def test_what_may_have_arrived_and_is_not_seen_becomes_unknown(author: User, at: datetime, network: Scripted) -> None:
    network.sends = [Ambiguous("timed out")]
    delivery = planned_there(author, at)
    run(at + HOUR)
    assert outcomes(delivery) == ["send ambiguous", "find not_found", "find not_found", "find not_found"]
    assert delivery.state is DeliveryState.UNKNOWN


def test_what_is_shown_a_little_later_is_still_found(author: User, at: datetime, network: Scripted) -> None:
    network.sends, network.finds = [Arrived(Ambiguous("timed out"))], ["hidden", "hidden"]
    delivery = planned_there(author, at)
    run(at + HOUR)
    assert (delivery.state, len(network.posts)) == (DeliveryState.PUBLISHED, 1)


@pytest.mark.parametrize("trouble", [NotSent("no route"), RateLimited("slow"), Ambiguous("500"), CannotTell("?")])
def test_a_look_that_fails_is_no_leave_to_send_again(
    author: User, at: datetime, network: Scripted, trouble: Exception
) -> None:
    network.sends, network.finds = [Arrived(Ambiguous("timed out"))], [trouble, trouble]
    delivery = planned_there(author, at)
    run(at + HOUR)
    assert (delivery.state, len(network.posts)) == (DeliveryState.PUBLISHED, 1)


def test_a_sign_in_that_ends_while_looking_leaves_it_unknown(author: User, at: datetime, network: Scripted) -> None:
    network.sends, network.finds = [Arrived(Ambiguous("timed out"))], [SignIn("revoked")]
    delivery = planned_there(author, at)
    run(at + HOUR)
    assert (delivery.state, delivery.account.trouble) == (DeliveryState.UNKNOWN, "revoked")


def test_a_channel_that_takes_a_key_once_is_simply_told_again(author: User, at: datetime, network: Scripted) -> None:
    network.facts, network.keyed = replace(network.facts, safe_retry=HOUR), True
    network.sends = [Arrived(Ambiguous("timed out")), Ambiguous("reset")]
    delivery = planned_there(author, at)
    run(at + HOUR)
    assert outcomes(delivery) == ["send ambiguous", "send ambiguous", "send published"]
    assert len(network.posts) == 1


def test_a_no_after_a_doubt_is_not_taken_for_an_answer_to_the_first(
    author: User, at: datetime, network: Scripted
) -> None:
    network.facts, network.keyed = replace(network.facts, safe_retry=HOUR), True
    network.sends = [Arrived(Ambiguous("timed out")), Rejected("too late to say that")]
    delivery = planned_there(author, at)
    run(at + HOUR)
    assert outcomes(delivery) == ["send ambiguous", "send rejected", "find found"]
    assert delivery.state is DeliveryState.PUBLISHED


def test_a_channel_that_says_it_has_it_already_is_looked_at(author: User, at: datetime, network: Scripted) -> None:
    network.sends = [Arrived(Duplicate("similar"))]
    delivery = planned_there(author, at)
    run(at + HOUR)
    assert outcomes(delivery) == ["send duplicate", "find found"]


def test_a_no_is_an_end_with_the_words_of_the_channel(author: User, at: datetime, network: Scripted) -> None:
    network.sends = [Rejected("forbidden word", answer="HTTP 422 {}")]
    delivery = planned_there(author, at)
    run(at + HOUR)
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, "forbidden word")
    assert outcomes(delivery) == ["send rejected"]


def test_media_are_waited_for(author: User, at: datetime, network: Scripted) -> None:
    network.sends = [MediaPending("202"), MediaPending("206")]
    delivery = planned_there(author, at)
    run(at + HOUR)
    assert outcomes(delivery) == ["send media_pending", "send media_pending", "send published"]


def test_a_thread_stands_part_by_part_and_its_comment_last(author: User, at: datetime, network: Scripted) -> None:
    delivery = planned_there(author, at, more=["二", "三"], first_comment="链接在这里")
    run(at + HOUR, 0)
    assert [text for _key, text in network.posts][1:] == ["二", "三", "链接在这里"]
    assert delivery.state is DeliveryState.PUBLISHED


def test_a_thread_that_is_refused_half_way_is_partial(author: User, at: datetime, network: Scripted) -> None:
    network.sends = [None, Rejected("no")]
    delivery = planned_there(author, at, more=["二", "三"])
    run(at + HOUR)
    assert (delivery.state, len(network.posts)) == (DeliveryState.PARTIAL, 1)


def test_a_thread_in_doubt_half_way_is_found_and_goes_on(author: User, at: datetime, network: Scripted) -> None:
    network.sends = [None, Arrived(Ambiguous("reset"))]
    delivery = planned_there(author, at, more=["二", "三"])
    run(at + HOUR)
    assert (delivery.state, len(network.posts)) == (DeliveryState.PUBLISHED, 3)


@pytest.mark.parametrize(
    ("trouble", "state"), [(Rejected("no"), DeliveryState.FAILED), (SignIn("revoked"), DeliveryState.FAILED)]
)
def test_a_channel_that_refuses_before_anything_is_frozen_fails_it(
    author: User, at: datetime, network: Scripted, trouble: Trouble, state: DeliveryState
) -> None:
    network.freezes = [trouble]
    delivery = planned_there(author, at)
    run(at + HOUR)
    assert (delivery.state, network.calls) == (state, [])
    assert outcomes(delivery) == [f"freeze {trouble.word}"]


def test_freezing_is_tried_again_until_it_is_too_late(author: User, at: datetime, network: Scripted) -> None:
    network.freezes = [Ambiguous("timed out")] * 2
    delivery = planned_there(author, at)
    run(at + HOUR)
    assert delivery.state is DeliveryState.PUBLISHED
    assert outcomes(delivery) == ["freeze ambiguous", "freeze ambiguous", "send published"]
    network.freezes = [Ambiguous("timed out")] * 100
    late = planned_there(author, at + 2 * HOUR)
    run(at + 3 * HOUR, *range(0, 700, 31))
    assert (late.state, len(network.posts)) == (DeliveryState.MISSED, 1)


def test_an_error_of_ours_while_freezing_is_written_down_and_puts_nothing_in_doubt(
    author: User, at: datetime, network: Scripted
) -> None:
    network.freezes = [ValueError("ours")]
    network.sends = [Rejected("no")]
    delivery = planned_there(author, at)
    run(at + HOUR)
    assert outcomes(delivery) == ["freeze interrupted", "send rejected"]
    assert (delivery.state, network.posts) == (DeliveryState.FAILED, [])


def begun(delivery: Delivery, moment: datetime) -> sending.Step:
    """A worker that has written down what it is about to do: the first try."""
    freezing = sending.begin(delivery.id, moment)
    assert freezing is not None
    assert sending.settle(freezing, sending.carry_out(freezing, moment), moment)
    step = sending.begin(delivery.id, moment)
    assert step is not None
    db.session.commit()
    return step


def test_a_worker_killed_in_mid_call_leaves_it_to_be_looked_for(author: User, at: datetime, network: Scripted) -> None:
    due = at + HOUR
    delivery = planned_there(author, at)
    claiming.claim_outside(due, 10)
    sending.carry_out(begun(delivery, due), due)  # and nobody writes down what came of it
    run(due, 30)
    assert outcomes(delivery) == ["send open"]
    run(due)
    assert outcomes(delivery) == ["send open", "find found"]
    assert (delivery.state, len(network.posts)) == (DeliveryState.PUBLISHED, 1)


def test_a_worker_killed_before_the_call_ends_as_unknown_and_never_as_two(
    author: User, at: datetime, network: Scripted
) -> None:
    due = at + HOUR
    delivery = planned_there(author, at)
    claiming.claim_outside(due, 10)
    begun(delivery, due)
    run(due)
    assert (delivery.state, network.posts) == (DeliveryState.UNKNOWN, [])


def test_a_slow_worker_that_was_taken_over_still_tells_what_it_did(
    author: User, at: datetime, network: Scripted
) -> None:
    due = at + HOUR
    delivery = planned_there(author, at)
    claiming.claim_outside(due, 10)
    slow = begun(delivery, due)
    run(due)
    assert delivery.state is DeliveryState.UNKNOWN
    sending.settle(slow, sending.carry_out(slow, due), due + HOUR)
    assert (delivery.state, len(network.posts)) == (DeliveryState.PUBLISHED, 1)


def test_a_look_that_ends_after_the_slow_worker_has_spoken_changes_nothing(
    author: User, at: datetime, network: Scripted
) -> None:
    due, later = at + HOUR, at + HOUR + timedelta(minutes=5)
    delivery = planned_there(author, at, more=["二"])
    claiming.claim_outside(due, 10)
    slow = begun(delivery, due)
    claiming.claim_outside(later, 10)
    look = sending.begin(delivery.id, later)
    assert look is not None
    not_there = sending.carry_out(look, later)
    sending.settle(slow, sending.carry_out(slow, later), later)
    assert sending.settle(look, not_there, later)
    run(later)
    assert (delivery.state, len(network.posts)) == (DeliveryState.PUBLISHED, 2)


def test_an_error_of_ours_in_mid_call_leaves_it_to_be_looked_for(author: User, at: datetime, network: Scripted) -> None:
    network.sends = [Arrived(RuntimeError("power cut"))]
    delivery = planned_there(author, at)
    run(at + HOUR)
    assert outcomes(delivery) == ["send interrupted", "find found"]
    assert len(network.posts) == 1


def test_nobody_sends_what_waits_for_its_next_try(author: User, at: datetime, network: Scripted) -> None:
    due = at + HOUR
    network.sends = [RateLimited("slow down", until=due + timedelta(minutes=4))]
    delivery = planned_there(author, at)
    run(due, 0)
    assert sending.begin(delivery.id, due + timedelta(minutes=1)) is None


def test_a_hold_stops_what_has_surely_not_been_taken(author: User, at: datetime, network: Scripted) -> None:
    due = at + HOUR
    network.sends = [NotSent("no route")]
    delivery = planned_there(author, at)
    run(due, 0)
    holding.begin(Scope.EVERYTHING, "舆情未明", by=author, at=due)
    run(due)
    assert (delivery.state, network.posts) == (DeliveryState.HELD, [])


def test_a_hold_lets_be_finished_what_has_begun_to_stand(author: User, at: datetime, network: Scripted) -> None:
    due = at + HOUR
    network.sends = [None, NotSent("no route")]
    delivery = planned_there(author, at, more=["二"])
    run(due, 0)
    holding.begin(Scope.EVERYTHING, "舆情未明", by=author, at=due)
    run(due)
    assert (delivery.state, len(network.posts)) == (DeliveryState.PUBLISHED, 2)
    assert AttemptOutcome.NOT_SENT in set(db.session.scalars(select(Attempt.outcome)))
