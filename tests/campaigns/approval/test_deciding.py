"""Asking for approval and deciding: who may, in which order, and what comes of it."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from campaigns.approval import asking, deciding, reading
from campaigns.approval.deciding import Barred, Moved
from campaigns.approval.models import ApprovalRequest, RequestState
from campaigns.approval.people import why_not
from campaigns.publishing import scheduling
from campaigns.publishing.models import DeliveryState
from commons import clock, events
from commons.accounts.models import User
from commons.admin import audit
from commons.db import db
from commons.errors import Conflict, DomainError, Invalid
from commons.permissions import Role
from community.channels.accounts import circle_account
from tests.campaigns.approval.factories import a_route, an_approver, asked, delivery_of, edit, plan, request_of
from tests.campaigns.factories import make_campaign
from tests.campaigns.posts.factories import make_post
from tests.factories import NOON, make_staff


def approve(request: ApprovalRequest, by: User) -> None:
    deciding.approve(request, by=by, seen=request.seen, at=clock.now())


def test_without_a_route_nobody_is_asked(author: User) -> None:
    assert plan(make_post(author), author).state is DeliveryState.SCHEDULED


def test_the_most_specific_route_counts(author: User) -> None:
    campaign = make_campaign()
    a_route({}, {})
    a_route({"role": "campaign_lead"}, account=circle_account())
    a_route(campaign=campaign, steps=[])

    assert len(asked(author).steps) == 1
    assert plan(make_post(author, campaign=campaign), author).state is DeliveryState.SCHEDULED


def test_what_is_planned_waits_and_goes_out_once_somebody_agrees(author: User, approver: User) -> None:
    a_route()
    request = asked(author)
    delivery = delivery_of(request)
    assert delivery.state is DeliveryState.IN_REVIEW

    approve(request, approver)

    assert (request.state, delivery.state) == (RequestState.APPROVED, DeliveryState.SCHEDULED)
    assert delivery.due_at == NOON + timedelta(hours=24)


def test_what_is_to_go_out_now_goes_out_the_moment_it_is_approved(author: User, approver: User) -> None:
    a_route()
    delivery = scheduling.publish_now(make_post(author), circle_account(), "Asia/Shanghai", by=author, at=NOON)
    assert (delivery.state, delivery.due_at, delivery.late_at) == (DeliveryState.IN_REVIEW, None, None)

    clock.advance(hours=5)
    request = request_of(delivery)
    approve(request, approver)

    assert (delivery.state, delivery.due_at) == (DeliveryState.SCHEDULED, clock.now())
    deciding.undo(request.standing[0], by=approver, at=clock.now())
    assert (delivery.state, delivery.due_at, request.at_once) == (DeliveryState.IN_REVIEW, None, True)


def test_nobody_approves_their_own(author: User, at: datetime) -> None:
    a_route()
    lead, admin, planner = (
        an_approver(role.value, role) for role in (Role.CAMPAIGN_LEAD, Role.ADMINISTRATOR, Role.ADMINISTRATOR)
    )
    post = make_post(lead)
    edit(post, "改了一个字。", admin, at)
    request = request_of(plan(post, planner))

    for person, words in ((lead, "wrote"), (admin, "changed"), (planner, "planned")):
        with force_locale("en"):
            assert words in why_not(request, person)
        with pytest.raises(Barred):
            approve(request, person)
    assert request.is_pending


def test_the_database_itself_refuses_ones_own(author: User, monkeypatch: pytest.MonkeyPatch) -> None:
    a_route()
    lead = an_approver("许澄", Role.CAMPAIGN_LEAD)
    request = request_of(plan(make_post(lead), author))
    monkeypatch.setattr(deciding, "why_not", lambda request, user: "")

    with pytest.raises(Moved):
        approve(request, lead)
    assert not request.decisions


def test_steps_are_decided_in_order_by_different_people(author: User, approver: User) -> None:
    lead = an_approver("许澄", Role.CAMPAIGN_LEAD)
    a_route({"role": "campaign_lead"}, {"people": [approver.id, lead.id]})
    request = asked(author)
    with pytest.raises(Barred, match=r"Campaign lead|活动负责人"):
        approve(request, approver)

    approve(request, lead)
    assert (request.step, delivery_of(request).state) == (1, DeliveryState.IN_REVIEW)
    with pytest.raises(Barred):
        approve(request, lead)

    approve(request, approver)
    assert delivery_of(request).state is DeliveryState.SCHEDULED


def test_no_needs_a_reason_and_makes_it_a_draft_again(author: User, approver: User) -> None:
    a_route()
    request = asked(author)
    with pytest.raises(Invalid):
        deciding.reject(request, by=approver, seen=request.seen, note="  ", at=NOON)

    deciding.reject(request, by=approver, seen=request.seen, note="价格写错了", at=NOON)

    assert (request.state, delivery_of(request).state) == (RequestState.REJECTED, DeliveryState.DRAFT)
    assert request.decisions[0].note == "价格写错了"


def test_after_changes_were_wanted_the_plan_stays_until_somebody_asks_again(author: User, approver: User) -> None:
    a_route()
    request = asked(author)
    delivery, post = delivery_of(request), request.post
    deciding.ask_for_changes(request, by=approver, seen=request.seen, note="再短一点", at=NOON)
    assert delivery.state is DeliveryState.IN_REVIEW

    edit(post, "短了。", author, NOON)
    assert reading.queue(approver).mine == []
    asking.ask_again(post, by=author, at=NOON)

    (again,) = reading.queue(approver).mine
    assert again.items[0].due_at == delivery.due_at == NOON + timedelta(hours=24)
    with pytest.raises(Conflict):
        asking.ask_again(post, by=author, at=NOON)


def test_who_decided_can_take_it_back_until_the_next_step_is_decided(author: User, approver: User) -> None:
    lead = an_approver("许澄", Role.CAMPAIGN_LEAD)
    a_route({"role": "campaign_lead"}, {"role": "approver"})
    request = asked(author)
    approve(request, lead)
    deciding.undo(request.standing[0], by=lead, at=NOON)
    assert (request.step, request.standing) == (0, [])

    approve(request, lead)
    approve(request, approver)
    with pytest.raises(Conflict):
        deciding.undo(request.standing[0], by=lead, at=NOON)
    deciding.undo(request.standing[1], by=approver, at=NOON)
    assert (request.state, delivery_of(request).state) == (RequestState.PENDING, DeliveryState.IN_REVIEW)


def test_withdrawing_makes_it_a_draft_and_cancelling_withdraws(author: User, approver: User) -> None:
    a_route()
    first, second = asked(author), asked(author)
    deciding.withdraw(first, by=author, at=NOON)
    scheduling.cancel(delivery_of(second), by=author, at=NOON)

    assert delivery_of(first).state is DeliveryState.DRAFT
    assert {first.state, second.state} == {RequestState.WITHDRAWN}
    with pytest.raises(Moved):
        approve(second, approver)


def test_one_post_for_two_accounts_is_one_request(author: User, approver: User) -> None:
    from community.channels.accounts import connect

    a_route()
    post = make_post(author)
    first = plan(post, author)
    other = connect("circle", "second", "第二个圈子", NOON)
    second = scheduling.schedule(post, other, datetime(2026, 3, 2, 18), "Asia/Shanghai", by=author, at=NOON)

    assert request_of(first) is request_of(second)
    approve(request_of(first), approver)
    assert {first.state, second.state} == {DeliveryState.SCHEDULED}


def test_each_decision_is_read_in_the_audit_log(author: User, approver: User) -> None:
    a_route()
    request = asked(author)
    approve(request, approver)

    words = audit.own_words()
    told = [audit.say(event, words, {}) for event in events.of_subject(request)]
    assert [event.actor_id for event in events.of_subject(request)] == [author.id, approver.id]
    assert all(request.post.text[:10] in sentence for sentence in told)


def test_of_two_who_approve_at_once_one_decides(committed_app: Flask) -> None:
    clock.set_to(NOON)
    people = [an_approver("周砚"), an_approver("许澄", Role.CAMPAIGN_LEAD)]
    a_route()
    request = asked(make_staff())
    request_id, ids, seen = request.id, [person.id for person in people], request.seen
    db.session.commit()
    gate, heard = threading.Barrier(2), []

    def decide(user_id: int) -> None:
        with committed_app.app_context():
            one, by = db.session.get_one(ApprovalRequest, request_id), db.session.get_one(User, user_id)
            db.session.commit()
            gate.wait()
            try:
                deciding.approve(one, by=by, seen=seen, at=NOON)
                db.session.commit()
                heard.append("decided")
            except DomainError as refusal:
                db.session.rollback()
                heard.append(refusal.message)

    threads = [threading.Thread(target=decide, args=(user_id,)) for user_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.session.expire_all()
    assert heard.count("decided") == 1
    assert any("周砚" in words or "许澄" in words for words in heard)
    assert len(db.session.get_one(ApprovalRequest, request_id).decisions) == 1
