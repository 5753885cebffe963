"""An approval is for exactly what was seen, at about the time that was seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

import pytest

from campaigns.approval import binding, deciding, jobs, reading, voiding
from campaigns.approval.differences import differences
from campaigns.approval.models import ApprovalRequest, RequestState
from campaigns.posts.models import BrandPost
from campaigns.posts.writing import Draft, Edited, add_picture, remove_picture, save
from campaigns.publishing import claiming, delivering, scheduling
from campaigns.publishing.fingerprint import fingerprint, hash_of
from campaigns.publishing.models import NOT_APPROVED, Delivery, DeliveryState
from commons import clock, zones
from commons.accounts.models import User
from commons.db import db
from commons.jobs import drain
from commons.media.keeping import keep
from commons.media.models import Picture
from community.channels.accounts import circle_account
from tests.campaigns.approval.factories import ZONE, a_route, asked, delivery_of, edit, plan, request_of, words
from tests.campaigns.factories import a_link, make_campaign
from tests.campaigns.posts.factories import make_picture, make_post, with_pictures
from tests.commons.media.pictures import a_picture
from tests.factories import NOON
from tests.servers.smtp import Smtp


@pytest.fixture
def approved(author: User, approver: User) -> ApprovalRequest:
    """A post with a picture that goes out tomorrow at noon, approved."""
    a_route()
    delivery = plan(with_pictures(make_post(author), "一杯茶"), author)
    request = request_of(delivery)
    deciding.approve(request, by=approver, seen=request.seen, at=NOON)
    return request


def rewrite(post: BrandPost, by: User, **changes: object) -> None:
    save(post, Draft.of(post).__class__(**{**vars(Draft.of(post)), **changes}), revision=post.revision, by=by, at=NOON)


CHANGES: dict[str, Callable[[BrandPost, User], None]] = {
    "text": lambda post, by: rewrite(post, by, text="别的话"),
    "further part": lambda post, by: rewrite(post, by, more=["第二段"]),
    "first comment": lambda post, by: rewrite(post, by, first_comment="链接在这里"),
    "warning": lambda post, by: rewrite(post, by, content_warning="剧透"),
    "link": lambda post, by: rewrite(post, by, link=a_link()),
    "ad": lambda post, by: rewrite(post, by, ad=True),
    "campaign": lambda post, by: rewrite(post, by, campaign=make_campaign()),
    "variant": lambda post, by: rewrite(post, by, variants={circle_account(): Edited(text="只在圈子里这么说")}),
    "language": lambda post, by: rewrite(post, by, language="en"),
    "another picture": lambda post, by: add_picture(post, make_picture_of_another_size(), by=by, at=NOON),
    "picture taken out": lambda post, by: remove_picture(post, post.pictures[0].picture.public_id, by=by, at=NOON),
    "alt": lambda post, by: rewrite(post, by, alts={post.pictures[0].picture.public_id: "一只壶"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_anything_that_is_sent_voids_it(
    approved: ApprovalRequest, author: User, approver: User, change: str
) -> None:
    delivery = delivery_of(approved)
    CHANGES[change](approved.post, author)

    assert (approved.state, delivery.state) == (RequestState.VOIDED, DeliveryState.IN_REVIEW)
    assert reading.queue(approver).mine == [request_of(delivery)]


def test_other_media_void_it_and_notes_for_the_team_do_not(approved: ApprovalRequest, author: User) -> None:
    delivery = delivery_of(approved)
    rewrite(approved.post, author, notes="内部说明")
    assert binding.holds(delivery, NOON)

    approved.post.pictures[0].picture = make_picture_of_another_size()
    db.session.flush()
    assert not binding.holds(delivery, NOON)


def make_picture_of_another_size() -> Picture:
    return keep(BytesIO(a_picture(size=(300, 300))), "other.jpg", by=None, at=NOON)


def test_the_hash_is_the_same_as_long_as_what_is_sent_is(author: User, at: datetime) -> None:
    post = with_pictures(make_post(author, link=a_link()), "一杯茶")
    delivery = plan(post, author)
    first = fingerprint(delivery, at)
    db.session.expire_all()

    assert fingerprint(delivery, at + timedelta(days=3)) == first
    assert hash_of({"a": 1, "b": "茶"}) == hash_of({"b": "茶", "a": 1})
    assert make_picture().sha256 == make_picture().sha256


@pytest.mark.parametrize(
    ("minutes", "state"), [(60, RequestState.APPROVED), (-60, RequestState.APPROVED), (61, RequestState.VOIDED)]
)
def test_it_may_be_moved_within_the_tolerance(
    approved: ApprovalRequest, author: User, minutes: int, state: RequestState
) -> None:
    delivery = delivery_of(approved)
    move(delivery, minutes, author)
    assert approved.state is state
    assert (delivery.state is DeliveryState.SCHEDULED) == (state is RequestState.APPROVED)


def move(delivery: Delivery, minutes: int, by: User) -> None:
    assert delivery.due_at is not None
    when = zones.to_local(delivery.due_at + timedelta(minutes=minutes), ZONE)
    scheduling.move(delivery, when, ZONE, by=by, at=clock.now())


def test_small_moves_add_up(approved: ApprovalRequest, author: User) -> None:
    for _time in range(2):
        move(delivery_of(approved), 40, author)
    assert approved.state is RequestState.VOIDED


def test_a_request_that_nobody_decided_on_follows_the_post(author: User, approver: User) -> None:
    a_route()
    request = asked(author, "旧的")
    seen = request.seen
    edit(request.post, "新的", author, NOON)

    assert request.is_pending
    assert request.items[0].content["parts"][0]["text"] == "新的"
    with pytest.raises(deciding.Moved):
        deciding.approve(request, by=approver, seen=seen, at=NOON)


def test_what_changed_behind_everybodys_back_is_not_sent(approved: ApprovalRequest, approver: User) -> None:
    delivery = delivery_of(approved)
    approved.post.text = "绕过了所有动作"
    db.session.flush()
    clock.advance(hours=24)
    for delivery_id in claiming.claim_inside(clock.now(), 10):
        delivering.deliver(delivery_id, clock.now())
    assert delivery.state is DeliveryState.IN_REVIEW

    jobs.follow(delivery.post_id)
    assert approved.state is RequestState.VOIDED
    assert reading.queue(approver).mine == [request_of(delivery)]


def test_what_is_approved_and_unchanged_is_sent(approved: ApprovalRequest) -> None:
    clock.advance(hours=24)
    for delivery_id in claiming.claim_inside(clock.now(), 10):
        delivering.deliver(delivery_id, clock.now())
    assert delivery_of(approved).state is DeliveryState.PUBLISHED


def test_what_nobody_approved_in_time_is_missed_and_says_so(author: User) -> None:
    a_route()
    request = asked(author)
    clock.advance(hours=25)
    claiming.claim_inside(clock.now(), 10)
    jobs.tidy()

    assert (delivery_of(request).state, delivery_of(request).reason) == (DeliveryState.MISSED, NOT_APPROVED)
    assert request.state is RequestState.EXPIRED


def test_an_approval_that_nobody_used_expires(author: User, approver: User) -> None:
    a_route(lasts_days=2)
    request = asked(author, hours=24 * 5)
    deciding.approve(request, by=approver, seen=request.seen, at=NOON)
    delivery = delivery_of(request)
    assert not binding.holds(delivery, NOON + timedelta(days=2))

    assert voiding.expire_due(NOON + timedelta(days=2)) == 1
    assert (request.state, delivery.state) == (RequestState.EXPIRED, DeliveryState.IN_REVIEW)


def test_what_is_due_far_ahead_may_be_decided_until_then(author: User, approver: User) -> None:
    a_route(lasts_days=2)
    request = asked(author, hours=24 * 5)
    clock.advance(days=4)
    assert voiding.expire_due(clock.now()) == 0
    deciding.approve(request, by=approver, seen=request.seen, at=clock.now())
    deciding.undo(request.standing[0], by=approver, at=clock.now())
    clock.advance(hours=23)
    assert voiding.expire_due(clock.now()) == 0
    deciding.approve(request, by=approver, seen=request.seen, at=clock.now())
    assert binding.holds(delivery_of(request), clock.now())


def test_those_who_may_decide_are_written_to_and_reminded_in_measure(author: User, approver: User, smtp: Smtp) -> None:
    a_route({"people": [approver.id]}, remind_hours=4)
    request = asked(author, hours=20)
    letters_at(NOON + timedelta(minutes=3))
    for hours in (1, 5, 6):
        clock.set_to(NOON + timedelta(hours=hours))
        jobs.remind(clock.now())
    letters_at(clock.now())

    told = [message for message in smtp.messages if request.public_id in message.get_content()]
    assert [str(message["To"]) for message in told] == [approver.email] * 2


def letters_at(moment: datetime) -> None:
    clock.set_to(moment)
    drain(moment)


def test_a_page_says_what_changed_since_somebody_decided(approved: ApprovalRequest, author: User) -> None:
    delivery = delivery_of(approved)
    edit(approved.post, "明天上午十一点，第一批龙井开团。", author, NOON)

    (shown,) = reading.shown(request_of(delivery))
    (difference,) = shown.differences
    assert difference.name == "text"
    assert ("new", "一") in words(difference.pieces)
    assert shown.compared is approved


def test_differences_are_told_by_name() -> None:
    def content(**changes: object) -> dict[str, object]:
        usual = {
            "parts": [{"text": "a", "media": [{"sha256": "1", "alt": "x"}]}],
            "first_comment": "",
            "content_warning": "",
        }
        return {**usual, "language": "", "link": None, "ad": False, "campaign": None, "account": 1, **changes}

    other = content(parts=[{"text": "a", "media": [{"sha256": "2", "alt": "x"}]}, {"text": "b", "media": []}], ad=True)
    assert [one.name for one in differences(content(), other)] == ["media", "part", "ad"]
    assert differences(content(), content()) == []


def test_another_link_to_the_same_place_is_a_difference_too() -> None:
    usual = {"parts": [], "first_comment": "", "content_warning": "", "language": "", "ad": False}
    usual |= {"campaign": None, "account": 1}
    first, second, elsewhere = (
        {**usual, "link": {"url": url, "target": target}}
        for url, target in (("/a", "/tea"), ("/b", "/tea"), ("/c", "/x"))
    )
    for other, before, after in ((second, "/a", "/b"), (elsewhere, "/tea", "/x")):
        pieces = words(differences(first, other)[0].pieces)
        assert "".join(text for kind, text in pieces if kind != "new") == before
        assert "".join(text for kind, text in pieces if kind != "gone") == after
    assert differences(first, first) == []
