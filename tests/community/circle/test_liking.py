"""Likes and shares."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons.db import db
from commons.events import Event, Evidence
from commons.permissions import Role
from community.circle import feed, liking
from community.inbox.models import Interaction, InteractionKind
from tests.community.circle.factories import HTMX
from tests.factories import NOON, make_circle_post, make_fan, make_staff, sign_in


def count_of(kind: InteractionKind) -> int:
    return db.session.scalars(select(func.count()).select_from(Interaction).where(Interaction.kind == kind)).one()


def test_a_like_is_one_however_often_it_is_said(app: Flask) -> None:
    post, fan = make_circle_post(), make_fan()
    for _ in range(3):
        liking.like(post, fan, NOON)
    assert count_of(InteractionKind.LIKE) == 1
    assert feed.card(post, fan).likes == 1


def test_a_like_goes_off_and_on_again(app: Flask) -> None:
    post, fan = make_circle_post(), make_fan()
    liking.like(post, fan, NOON)
    for _ in range(2):
        liking.unlike(post, fan, NOON)
    assert (feed.card(post, fan).likes, feed.card(post, fan).liked) == (0, False)
    liking.like(post, fan, NOON)
    assert (feed.card(post, fan).likes, feed.card(post, fan).liked) == (1, True)
    assert count_of(InteractionKind.LIKE) == 1


def test_taking_back_what_was_never_there_is_nothing(app: Flask) -> None:
    post, fan = make_circle_post(), make_fan()
    liking.unlike(post, fan, NOON)
    assert count_of(InteractionKind.LIKE) == 0


def test_sharing_is_counted_once_per_post_and_gives_one_own_address(app: Flask) -> None:
    post, other, fan = make_circle_post(), make_circle_post(), make_fan()
    addresses = [liking.share(post, fan, NOON) for _ in range(3)]
    assert len(set(addresses)) == 1
    assert addresses[0].startswith("http://")
    assert liking.share(other, fan, NOON) != addresses[0]
    assert liking.share(post, make_fan("阿青"), NOON) != addresses[0]
    assert count_of(InteractionKind.SHARE) == 3
    fact = db.session.scalars(select(Event).where(Event.kind == "interaction.share").limit(1)).one()
    assert fact.evidence is Evidence.SELF_DECLARED


def test_the_button_says_what_it_wants_so_that_two_taps_do_not_cross(client: FlaskClient) -> None:
    post, fan = make_circle_post(), make_fan()
    assert fan.user is not None
    sign_in(client, fan.user)
    address = f"/circle/posts/{post.public_id}/like"
    for _ in range(2):
        answer = client.post(address, data={"on": "1"}, headers=HTMX)
        assert 'aria-pressed="true"' in answer.text
    answer = client.post(address, data={"on": "0"}, headers=HTMX)
    assert 'aria-pressed="false"' in answer.text
    assert client.post(address, data={"on": "1"}).headers["Location"] == f"/circle/posts/{post.public_id}"


def test_the_share_panel_holds_address_copy_button_and_code(client: FlaskClient) -> None:
    post, fan = make_circle_post(), make_fan()
    assert fan.user is not None
    sign_in(client, fan.user)
    panel = client.post(f"/circle/posts/{post.public_id}/share", headers=HTMX).text
    assert "/l/" in panel
    assert "data-copy" in panel
    assert ".svg" in panel


def test_strangers_are_led_to_sign_in_and_staff_find_nothing(client: FlaskClient) -> None:
    post = make_circle_post()
    for verb in ("like", "share"):
        assert client.post(f"/circle/posts/{post.public_id}/{verb}").status_code == 303
    sign_in(client, make_staff(Role.ADMINISTRATOR))
    for verb in ("like", "share"):
        assert client.post(f"/circle/posts/{post.public_id}/{verb}").status_code == 404
    assert count_of(InteractionKind.LIKE) + count_of(InteractionKind.SHARE) == 0
