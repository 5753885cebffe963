"""A fan takes along what he wrote, and it goes with him."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from commons.accounts import slots
from community.channels.accounts import circle_account
from community.inbox import leaving
from community.inbox.models import InteractionKind
from tests.community.inbox.factories import come_in, found
from tests.factories import NOON, make_circle_post, make_fan, make_staff


def test_the_room_takes_part_in_export_and_erasure(app: Flask) -> None:
    assert leaving.export in list(slots.exporting)
    assert leaving.erase in list(slots.erasing)


def test_the_export_holds_everything_of_the_fan_and_nothing_of_others(app: Flask) -> None:
    fan, other, post = make_fan(), make_fan("阿青"), make_circle_post()
    assert fan.user is not None
    come_in(circle_account(), "c1", author_external_id=fan.public_id, post_external_id=post.external_id)
    come_in(circle_account(), "l1", author_external_id=fan.public_id, kind=InteractionKind.LIKE, text="")
    come_in(circle_account(), "c2", author_external_id=other.public_id, text="别人的话")
    exported = leaving.export(fan.user)["interactions"]
    assert [(one["kind"], one["text"]) for one in exported] == [("comment", "好茶！"), ("like", "")]
    assert exported[0]["post"] == post.public_id
    assert exported[0]["channel"] == "circle"
    assert leaving.export(make_staff()) == {}


def test_erasure_blanks_the_words_and_withdraws_them_once(app: Flask) -> None:
    fan, other = make_fan(), make_fan("阿青")
    assert fan.user is not None
    account = circle_account()
    for name, changes in (("c1", {}), ("l1", {"kind": InteractionKind.LIKE})):
        come_in(account, name, author_external_id=fan.public_id, **changes)
    come_in(account, "c2", author_external_id=other.public_id)
    leaving.erase(fan.user, NOON + timedelta(days=1))
    leaving.erase(fan.user, NOON + timedelta(days=2))
    comment, like, foreign = (found(account, name) for name in ("c1", "l1", "c2"))
    assert (comment.text, comment.withdrawn_at) == ("", NOON + timedelta(days=1))
    assert (like.text, like.withdrawn_at) == ("", None)
    assert (foreign.text, foreign.withdrawn_at) == ("好茶！", None)
