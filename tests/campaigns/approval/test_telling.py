"""Who is written to, how often, and what the letters say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.approval import deciding, jobs, voiding
from campaigns.approval.models import ApprovalRequest
from campaigns.lane import running
from campaigns.publishing import scheduling
from commons import clock
from commons.accounts.models import User
from commons.jobs import drain
from commons.permissions import Role
from community.channels.accounts import circle_account
from tests.campaigns.approval.factories import a_route, an_approver, asked
from tests.campaigns.posts.factories import make_post
from tests.factories import NOON
from tests.servers.smtp import Smtp


@pytest.fixture(autouse=True)
def _in_english(author: User, approver: User) -> None:
    author.language = approver.language = "en"


def letters_to(user: User, smtp: Smtp) -> list[str]:
    """The subjects so far."""
    for _time in range(2):  # the job that writes, then the letters
        drain(clock.now())
    return [str(message["Subject"]) for message in smtp.messages if message["To"] == user.email]


def approve(request: ApprovalRequest, by: User) -> None:
    deciding.approve(request, by=by, seen=request.seen, at=clock.now())


def test_what_goes_out_the_moment_it_is_approved_is_reminded_of(author: User, approver: User, smtp: Smtp) -> None:
    a_route(remind_hours=1)
    scheduling.publish_now(make_post(author), circle_account(), "UTC", by=author, at=NOON)
    clock.advance(minutes=3)
    assert len(letters_to(approver, smtp)) == 1
    clock.advance(minutes=61)
    jobs.remind(clock.now())
    assert [words.startswith("Still waits") for words in letters_to(approver, smtp)] == [False, True]


def test_the_lane_reminds_by_minutes_and_only_at_first(author: User, approver: User, smtp: Smtp) -> None:
    topic = running.see("秋天的第一杯", by=author, at=NOON)
    idea = running.draw(topic, "我们也来一杯。", [circle_account()], by=author, at=NOON)
    running.send(idea, by=author, at=NOON)
    assert len(letters_to(approver, smtp)) == 1
    for _minute in range(60):
        clock.advance(minutes=1)
        jobs.remind(clock.now())
    assert len(letters_to(approver, smtp)) == 5


def test_those_who_were_reminded_longest_ago_come_first(
    author: User, approver: User, smtp: Smtp, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_route(remind_hours=1)
    monkeypatch.setattr(jobs, "REMINDED_AT_ONCE", 1)
    first, second = asked(author, hours=20), asked(author, hours=20)
    clock.advance(minutes=3)
    assert len(letters_to(approver, smtp)) == 1
    clock.advance(hours=2)
    assert [jobs.remind(clock.now()) for _time in range(3)] == [1, 1, 0]
    assert {request.reminded_at for request in (first, second)} != {None}


def test_the_second_step_is_called_again_after_the_first_was_taken_back(
    author: User, approver: User, smtp: Smtp
) -> None:
    lead = an_approver("许澄", Role.CAMPAIGN_LEAD)
    a_route({"role": "campaign_lead"}, {"role": "approver"})
    request = asked(author)
    approve(request, lead)
    deciding.undo(request.standing[-1], by=lead, at=clock.now())
    clock.advance(minutes=3)
    assert letters_to(approver, smtp) == []
    approve(request, lead)
    clock.advance(minutes=3)
    assert len(letters_to(approver, smtp)) == 1


def test_the_author_hears_that_an_approval_was_taken_back(author: User, approver: User, smtp: Smtp) -> None:
    a_route()
    request = asked(author)
    approve(request, approver)
    deciding.undo(request.standing[-1], by=approver, at=clock.now())
    subjects = letters_to(author, smtp)
    assert ["approved" in words or "took the approval" in words for words in subjects] == [True, True]


def test_the_author_hears_whether_nobody_decided_or_nobody_used_it(author: User, approver: User, smtp: Smtp) -> None:
    a_route(lasts_days=2)
    undecided, unused = asked(author), asked(author, hours=24 * 5)
    scheduling.publish_now(undecided.post, circle_account(), "UTC", by=author, at=NOON)
    approve(unused, approver)
    clock.advance(days=2)
    assert voiding.expire_due(clock.now()) == 2
    subjects = " ".join(letters_to(author, smtp))
    assert "Nobody decided on your post in time" in subjects
    assert "has expired before it went out" in subjects
    assert undecided.closed_at == NOON + timedelta(days=2)
