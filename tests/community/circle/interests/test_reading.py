"""Reading a circle: pages, what is pinned and featured, answers."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from community.circle.interests import posting, reading, tending
from community.circle.interests.reading import ANSWERS, PAGE
from community.members.roster import handle_of
from tests.community.circle.factories import counted_queries
from tests.community.circle.interests.factories import brand, make_circle, make_joined, make_post
from tests.factories import NOON


def test_pages_follow_each_other_without_a_gap(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    posts = [make_post(circle, fan, f"第 {n} 篇", NOON + timedelta(minutes=n)) for n in range(PAGE + 2)]
    first = reading.page(circle)
    second = reading.page(circle, before=posts[2])
    assert [card.post for card in first.cards] == posts[:1:-1]
    assert first.older == posts[2].public_id
    assert ([card.post for card in second.cards], second.older) == ([posts[1], posts[0]], None)


def test_what_was_taken_back_or_removed_is_in_no_feed(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    kept, back, gone = (make_post(circle, fan, text) for text in ("留下", "收回", "移除"))
    posting.withdraw(back, handle_of(fan), NOON)
    gone.removed_at = NOON
    assert [card.post for card in reading.page(circle).cards] == [kept]


def test_pinned_posts_stand_on_top_of_the_first_page_and_nowhere_else(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    old, new = make_post(circle, fan, "旧"), make_post(circle, fan, "新", NOON + timedelta(hours=1))
    tending.pin(old, brand(), NOON)
    page = reading.page(circle)
    assert ([card.post for card in page.pinned], [card.post for card in page.cards]) == ([old], [new])
    assert not reading.page(circle, before=new).cards


def test_the_featured_posts_and_those_of_one_member_can_be_read_alone(app: Flask) -> None:
    circle = make_circle()
    fan, other = make_joined(circle), make_joined(circle, "老周")
    best, usual = make_post(circle, fan, "精华"), make_post(circle, other, "平常")
    tending.feature(best, brand(), NOON)
    tending.pin(best, brand(), NOON)
    assert [card.post for card in reading.page(circle, featured=True).cards] == [best]
    assert [card.post for card in reading.page(circle, author=other).cards] == [usual]


def test_answers_come_oldest_first_and_lead_to_the_earlier_ones(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    root = make_post(circle, fan)
    said = [make_post(circle, fan, f"第 {n} 答", NOON + timedelta(minutes=n + 1), root) for n in range(ANSWERS + 1)]
    newest = reading.answers(root)
    assert (list(newest.posts), newest.earlier) == (said[1:], said[1].public_id)
    assert list(reading.answers(root, before=said[1]).posts) == said[:1]
    assert reading.cards([root])[0].answers == ANSWERS + 1


def test_a_page_is_a_fixed_number_of_queries(app: Flask) -> None:
    circle = make_circle()
    numbers = []
    for names in (["小满"], ["老周", "阿青", "静静"]):
        for name in names:
            make_post(circle, make_joined(circle, name))
        reading.page(circle)  # what a request has loaded anyway, such as the brand, is there
        with counted_queries() as seen:
            [card.post.author.name for card in reading.page(circle).cards]
        numbers.append(len(seen))
    assert numbers[0] == numbers[1]
