"""What was said in facts, for whoever has to judge them."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from commons.db import db
from commons.events import Event
from community.circle import commenting
from community.inbox.models import InteractionKind
from community.inbox.saying import said
from community.members.roster import handle_of
from tests.community.circle.factories import make_comment
from tests.community.inbox.factories import come_in, make_account
from tests.factories import NOON, make_circle_post, make_fan

MINUTE = timedelta(minutes=1)


def all_said() -> list[str]:
    """The words of all facts, in the order of the facts."""
    found = said(db.session.scalars(select(Event.id)).all())
    return [found[event_id].words for event_id in sorted(found)]


def test_the_same_words_have_the_same_mark_however_they_are_set(app: Flask) -> None:
    fan, post = make_fan(), make_circle_post()
    for number, words in enumerate(("好茶！推荐 给 大家", "好茶,推荐给大家🍵", "不错")):
        make_comment(post, fan, words, NOON + number * MINUTE)

    marks = [one.mark for one in said(db.session.scalars(select(Event.id)).all()).values()]

    assert len(marks) == 3
    assert len(set(marks)) == 2


def test_what_was_withdrawn_is_said_no_more(app: Flask) -> None:
    fan, post = make_fan(), make_circle_post()
    gone = make_comment(post, fan, "好茶", NOON)
    make_comment(post, fan, "不错", NOON + MINUTE)

    commenting.withdraw(gone, handle_of(fan), NOON + 2 * MINUTE)

    assert all_said() == ["不错"]


def test_what_another_said_to_somebody_is_not_that_ones_own(app: Flask) -> None:
    asked, other, post = make_fan("小满"), make_fan("阿木"), make_circle_post()
    question = make_comment(post, asked, "几度的水?", NOON)

    make_comment(post, other, "95 度。", NOON + MINUTE, reply_to=question)

    assert all_said() == ["几度的水?", "95 度。"]


def test_a_direct_message_is_nobody_elses_business(app: Flask) -> None:
    account = make_account()

    come_in(account, "c", text="公开的话")
    come_in(account, "d", kind=InteractionKind.DIRECT_MESSAGE, text="私下的话")

    assert all_said() == ["公开的话"]
