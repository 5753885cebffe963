"""Reading comments: pages of threads, replies, and what is new."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from community.channels.models import ChannelPost
from community.circle import threads
from community.circle.commenting import withdraw
from community.inbox.models import Interaction
from community.members.models import Member
from community.members.roster import handle_of
from tests.community.circle.factories import counted_queries, make_comment
from tests.factories import NOON, make_circle_post, make_fan


def conversation(post: ChannelPost, fan: Member, count: int, reply_to: Interaction | None = None) -> list[Interaction]:
    """So many comments, two minutes apart."""
    start = (reply_to.occurred_at if reply_to else NOON) + timedelta(minutes=1)
    return [
        make_comment(post, fan, f"第 {number} 句", start + timedelta(minutes=2 * number), reply_to)
        for number in range(count)
    ]


def roots(page: threads.CommentPage) -> list[int]:
    return [thread.root.id for thread in page.threads]


def test_the_newest_thread_comes_first_and_pages_meet_without_a_gap(app: Flask) -> None:
    post, fan = make_circle_post(at=NOON), make_fan()
    said = conversation(post, fan, 45)
    found: list[int] = []
    before = None
    while True:
        page = threads.page(post, before=before)
        found += roots(page)
        if page.older is None:
            break
        before = next(one for one in said if one.public_id == page.older)
    assert found == [one.id for one in reversed(said)]


def test_comments_of_the_same_moment_are_neither_lost_nor_repeated(app: Flask) -> None:
    post = make_circle_post(at=NOON)
    said = [make_comment(post, make_fan(f"粉丝{number}"), "同时", NOON) for number in range(25)]
    first = threads.page(post)
    second = threads.page(post, before=next(one for one in said if one.public_id == first.older))
    assert sorted(roots(first) + roots(second)) == [one.id for one in said]


def test_a_thread_shows_its_newest_replies_and_counts_those_before(app: Flask) -> None:
    post, fan = make_circle_post(at=NOON), make_fan()
    root = make_comment(post, fan, at=NOON)
    replies = conversation(post, fan, 40, root)
    thread = threads.page(post).threads[0]
    assert [reply.id for reply in thread.replies] == [reply.id for reply in replies[-3:]]
    assert thread.earlier == 37
    earlier, rest = threads.earlier_replies(thread.replies[0])
    assert [reply.id for reply in earlier] == [reply.id for reply in replies[7:37]]
    assert rest == 7


def test_a_page_from_a_reply_on_opens_its_thread_so_far(app: Flask) -> None:
    post, fan = make_circle_post(at=NOON), make_fan()
    root = make_comment(post, fan, at=NOON)
    replies = conversation(post, fan, 10, root)
    newer = make_comment(post, fan, "更新的", NOON + timedelta(hours=5))
    page = threads.page(post, start=replies[4])
    assert roots(page) == [root.id]
    assert [reply.id for reply in page.threads[0].replies] == [reply.id for reply in replies[4:]]
    assert page.threads[0].earlier == 4
    assert not threads.is_newest(post, root)
    assert threads.is_newest(post, newer)


def test_a_whole_thread_can_be_asked_for(app: Flask) -> None:
    post, fan = make_circle_post(at=NOON), make_fan()
    root = make_comment(post, fan, at=NOON)
    conversation(post, fan, 8, root)
    thread = threads.page(post, start=root, whole=True).threads[0]
    assert (len(thread.replies), thread.earlier) == (8, 0)
    assert len(threads.page(post, start=root).threads[0].replies) == 3


def test_a_withdrawn_comment_keeps_its_place_only_while_replies_hang_on_it(app: Flask) -> None:
    post, fan = make_circle_post(at=NOON), make_fan()
    lonely, answered = conversation(post, fan, 2)
    reply = make_comment(post, fan, "回复", NOON + timedelta(hours=1), answered)
    for said in (lonely, answered):
        withdraw(said, handle_of(fan), NOON + timedelta(hours=2))
    assert roots(threads.page(post)) == [answered.id]
    withdraw(reply, handle_of(fan), NOON + timedelta(hours=2))
    assert roots(threads.page(post)) == []


def test_arrivals_are_what_was_said_since_the_mark(app: Flask) -> None:
    post, fan, other = make_circle_post(at=NOON), make_fan("小满"), make_fan("阿青")
    old = make_comment(post, fan, at=NOON)
    mark = threads.page(post).newest
    assert threads.arrivals(post, mark).newest == mark
    reply = make_comment(post, other, "回复旧的", NOON + timedelta(minutes=1), old)
    new = make_comment(post, other, "新的", NOON + timedelta(minutes=2))
    under_new = make_comment(post, fan, "回复新的", NOON + timedelta(minutes=3), new)
    found = threads.arrivals(post, mark)
    assert [one.id for one in found.replies] == [reply.id]
    assert [(thread.root.id, [one.id for one in thread.replies]) for thread in found.threads] == [
        (new.id, [under_new.id])
    ]
    assert found.newest == under_new.public_id
    assert not list(threads.arrivals(post, found.newest).said())


def test_what_was_withdrawn_meanwhile_does_not_arrive(app: Flask) -> None:
    post, fan = make_circle_post(at=NOON), make_fan()
    said = make_comment(post, fan, at=NOON)
    withdraw(said, handle_of(fan), NOON)
    assert not list(threads.arrivals(post, "").said())


def test_a_page_takes_the_same_queries_however_many_comments_there_are(app: Flask) -> None:
    post = make_circle_post(at=NOON)
    numbers = []
    for more in (1, 30):
        fan = make_fan()
        for root in conversation(post, fan, more):
            make_comment(post, fan, f"回复 {root.id}", root.occurred_at + timedelta(seconds=61), root)
        with counted_queries() as seen:
            page = threads.page(post)
            assert [thread.root.author.name for thread in page.threads]
        numbers.append(len(seen))
    assert numbers[0] == numbers[1]
