"""Saying something under a post, and taking it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db
from commons.errors import Invalid, NotAllowed
from commons.events import Event, Evidence
from commons.permissions import Role
from community.circle import commenting
from community.circle.commenting import MOST_SAME, TooFast, say, speaker, withdraw
from community.inbox.models import Interaction, InteractionKind
from community.members.roster import handle_of
from tests.community.circle.factories import make_comment
from tests.factories import NOON, make_circle_post, make_fan, make_staff


def comments() -> int:
    query = select(func.count()).select_from(Interaction).where(Interaction.kind == InteractionKind.COMMENT)
    return db.session.scalars(query).one()


def test_a_comment_is_an_interaction_and_a_fact_about_the_fan(app: Flask) -> None:
    fan, post = make_fan(), make_circle_post(campaign_id=7)
    said = make_comment(post, fan, "  好茶!  ", NOON)
    assert (said.text, said.post_id, said.parent_id) == ("好茶!", post.id, None)
    fact = db.session.scalars(select(Event).where(Event.kind == "interaction.comment")).one()
    assert (fact.member_id, fact.campaign_id, fact.evidence) == (fan.id, 7, Evidence.NETWORK)


def test_the_same_form_sent_twice_is_one_comment(app: Flask) -> None:
    fan, post = make_fan(), make_circle_post()
    first = say(post, handle_of(fan), "好茶!", NOON, key="onekey0001")
    again = say(post, handle_of(fan), "好茶! ", NOON + timedelta(seconds=1), key="onekey0001")
    assert first.id == again.id
    assert comments() == 1


def test_other_words_from_the_same_form_are_another_comment(app: Flask) -> None:
    fan, post = make_fan(), make_circle_post()
    say(post, handle_of(fan), "好茶!", NOON, key="onekey0001")
    say(post, handle_of(fan), "真是好茶!", NOON, key="onekey0001")
    assert comments() == 2


def test_the_key_of_one_fan_says_nothing_about_another(app: Flask) -> None:
    post = make_circle_post()
    for name in ("小满", "阿青"):
        say(post, handle_of(make_fan(name)), "好茶!", NOON, key="onekey0001")
    assert comments() == 2


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200d", "\u3164", "\n\n"])
def test_nothing_to_read_is_refused(app: Flask, text: str) -> None:
    with pytest.raises(Invalid):
        make_comment(make_circle_post(), make_fan(), text)


def test_the_length_is_counted_in_characters_that_readers_see(app: Flask) -> None:
    fan, post = make_fan(), make_circle_post()
    assert make_comment(post, fan, "👨‍👩‍👧‍👦" * commenting.MOST_CHARACTERS).text
    with pytest.raises(Invalid):
        make_comment(post, fan, "字" * (commenting.MOST_CHARACTERS + 1))


def test_a_character_joined_without_end_is_refused(app: Flask) -> None:
    with pytest.raises(Invalid):
        make_comment(make_circle_post(), make_fan(), "👩" + "\u200d👩" * 3000)


def test_who_writes_faster_than_people_do_is_asked_to_wait(app: Flask) -> None:
    fan, post = make_fan(), make_circle_post()
    for number in range(commenting.MOST_A_MINUTE):
        make_comment(post, fan, f"第 {number} 句", NOON)
    with pytest.raises(TooFast):
        make_comment(post, fan, "再来一句", NOON + timedelta(seconds=30))
    assert make_comment(post, fan, "再来一句", NOON + timedelta(seconds=61)).text == "再来一句"


def test_an_answer_to_an_answer_hangs_under_the_root(app: Flask) -> None:
    post = make_circle_post()
    root = make_comment(post, make_fan("小满"))
    reply = make_comment(post, make_fan("阿青"), "同感", reply_to=root)
    further = make_comment(post, make_fan("老周"), "我也是", reply_to=reply)
    assert (reply.parent_id, further.parent_id) == (root.id, root.id)


def test_staff_who_speak_for_the_brand_do_so_under_a_handle_of_their_own(app: Flask) -> None:
    staff, post = make_staff(Role.SERVICE_AGENT), make_circle_post()
    handle = speaker(staff, NOON)
    assert handle is not None
    said = say(post, handle, "谢谢你!", NOON, key="staffkey01")
    assert said.author.is_brand
    assert said.author.member_id is None


def test_staff_who_do_not_speak_for_the_brand_have_no_voice_here(app: Flask) -> None:
    assert speaker(make_staff(Role.EXECUTIVE), NOON) is None


def test_the_author_takes_a_comment_back_and_its_words_are_gone(app: Flask) -> None:
    fan, post = make_fan(), make_circle_post()
    said = make_comment(post, fan, "说错了")
    for _ in range(2):
        withdraw(said, handle_of(fan), NOON)
    assert (said.text, said.withdrawn_at) == ("", NOON)
    fact = db.session.scalars(select(Event).where(Event.kind == "interaction.withdrawn")).one()
    undone = db.session.get_one(Event, fact.payload["said_event_id"])
    assert (undone.kind, undone.subject_id) == ("interaction.comment", said.id)


def test_nobody_takes_back_what_others_said(app: Flask) -> None:
    said = make_comment(make_circle_post(), make_fan("小满"))
    with pytest.raises(NotAllowed):
        withdraw(said, handle_of(make_fan("阿青")), NOON)
    assert said.withdrawn_at is None


def test_the_same_words_over_and_over_are_refused_under_whatever_post_for_a_day(app: Flask) -> None:
    fan, posts = make_fan(), [make_circle_post(f"第 {n} 篇") for n in range(2)]
    for number in range(MOST_SAME):
        make_comment(posts[number % 2], fan, "买一送一", NOON + timedelta(minutes=number))
    with pytest.raises(Invalid):
        make_comment(posts[0], fan, "买一送一", NOON + timedelta(hours=1))
    assert make_comment(posts[0], fan, "买一送一", NOON + timedelta(hours=25)).text == "买一送一"
    assert comments() == MOST_SAME + 1


def test_the_brand_may_say_thank_you_as_often_as_it_likes(app: Flask) -> None:
    post, house = make_circle_post(), speaker(make_staff(), NOON)
    assert house is not None
    for number in range(MOST_SAME + 1):
        say(post, house, "谢谢", NOON + timedelta(minutes=number), key=f"housekey{number}")
    assert comments() == MOST_SAME + 1
