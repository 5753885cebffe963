"""What is to go out now waits, without a time, for everybody to agree, and is never missed meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.approval import deciding
from campaigns.approval.models import ApprovalRequest, RequestState
from campaigns.approval.routing import Rules, set_route
from campaigns.publishing import claiming, holding, scheduling
from campaigns.publishing.ending import end
from campaigns.publishing.holding import Scope
from campaigns.publishing.models import Delivery, DeliveryState
from campaigns.publishing.resuming import Act, Choice, settle
from commons import clock
from commons.accounts.models import User
from commons.permissions import Role
from tests.campaigns.approval.factories import ZONE, a_route, an_approver, asked, delivery_of, request_of
from tests.factories import NOON


def approve(request: ApprovalRequest, by: User) -> None:
    deciding.approve(request, by=by, seen=request.seen, at=clock.now())


def publish_now(delivery: Delivery, by: User) -> None:
    scheduling.publish_now(delivery.post, delivery.account, ZONE, by=by, at=clock.now())


@pytest.fixture
def approved(author: User, approver: User) -> ApprovalRequest:
    """Approved for tomorrow at noon."""
    a_route()
    request = asked(author)
    approve(request, approver)
    return request


def waits_without_a_time(delivery: Delivery) -> bool:
    request = request_of(delivery)
    is_asked = request.is_pending and request.at_once and not request.standing
    return is_asked and (delivery.state, delivery.due_at, delivery.late_at) == (DeliveryState.IN_REVIEW, None, None)


def test_what_was_approved_for_tomorrow_waits_anew_when_it_shall_go_out_now(
    approved: ApprovalRequest, author: User, approver: User
) -> None:
    delivery = delivery_of(approved)
    publish_now(delivery, author)

    assert approved.state is RequestState.VOIDED
    assert waits_without_a_time(delivery)
    clock.advance(hours=2)
    claiming.claim_inside(clock.now(), 10)
    approve(request_of(delivery), approver)
    assert (delivery.state, delivery.due_at) == (DeliveryState.SCHEDULED, clock.now())


def test_what_failed_and_is_sent_again_hours_later_waits_anew(
    approved: ApprovalRequest, author: User, approver: User
) -> None:
    delivery = delivery_of(approved)
    clock.advance(hours=24)
    end(delivery, DeliveryState.FAILED, "the channel said no", clock.now())
    clock.advance(hours=3)
    publish_now(delivery, author)
    assert waits_without_a_time(delivery)


def test_what_a_hold_kept_back_for_too_long_waits_anew_and_is_counted(approved: ApprovalRequest, author: User) -> None:
    delivery = delivery_of(approved)
    hold = holding.begin(Scope.EVERYTHING, "舆情未明", by=author, at=NOON)
    clock.advance(hours=24)
    claiming.claim_inside(clock.now(), 10)
    assert delivery.state is DeliveryState.HELD

    clock.advance(hours=3)
    holding.release(hold, by=author, at=clock.now())
    outcome = settle([delivery], {delivery.id: Choice(Act.NOW)}, by=author, at=clock.now())

    assert (outcome.done, outcome.in_review, outcome.refused) == (1, 1, [])
    assert waits_without_a_time(delivery)


def test_a_step_that_was_decided_for_tomorrow_does_not_count_for_now(author: User, approver: User) -> None:
    lead = an_approver("许澄", Role.CAMPAIGN_LEAD)
    a_route({"role": "campaign_lead"}, {"role": "approver"})
    request = asked(author)
    approve(request, lead)
    publish_now(delivery_of(request), author)

    assert request.state is RequestState.VOIDED
    assert waits_without_a_time(delivery_of(request))


def test_a_step_that_was_decided_counts_when_it_is_only_minutes_earlier(author: User, approver: User) -> None:
    lead = an_approver("许澄", Role.CAMPAIGN_LEAD)
    a_route({"role": "campaign_lead"}, {"role": "approver"})
    request = asked(author, hours=0.5)
    approve(request, lead)
    for _time in range(2):
        publish_now(delivery_of(request), author)
        assert (request.state, request.step, delivery_of(request).due_at) == (RequestState.PENDING, 1, None)

    approve(request, approver)
    assert delivery_of(request).due_at == clock.now()


def test_what_waits_for_its_moment_and_is_given_a_time_asks_again_only_if_somebody_had_decided(
    author: User, approver: User
) -> None:
    lead = an_approver("许澄", Role.CAMPAIGN_LEAD)
    route = a_route({"role": "campaign_lead"}, {"role": "approver"})
    request = asked(author)
    publish_now(delivery_of(request), author)
    approve(request, lead)
    set_route(route, Rules(None, None, [{}]), by=lead, at=NOON)
    assert scheduling.move(
        delivery_of(request), NOON.replace(tzinfo=None) + timedelta(days=2), "UTC", by=author, at=NOON
    )

    assert request.state is RequestState.VOIDED
    again = request_of(delivery_of(request))
    assert (again.at_once, again.due_at, again.steps) == (False, NOON + timedelta(days=2), [{}])
