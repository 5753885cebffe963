"""Writing a post: saving, conflicts, pictures, discarding."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.links.making import make_link
from campaigns.posts.models import BrandPost, sells
from campaigns.posts.writing import (
    MOST_PICTURES,
    Draft,
    Stale,
    add_picture,
    begin,
    discard,
    move_picture,
    remove_picture,
    restore,
    save,
)  # fmt: skip
from campaigns.publishing import scheduling
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, Invalid
from community.channels.accounts import circle_account
from tests.campaigns.posts.factories import make_picture, make_post, with_pictures


def alts(post: BrandPost) -> list[str]:
    return [entry.alt for entry in post.pictures]


def test_beginning_the_same_post_twice_is_beginning_it_once(author: User, at: datetime) -> None:
    first = begin("abcdefgh2345", by=author, at=at)
    assert begin("abcdefgh2345", by=author, at=at) is first
    assert db.session.scalar(select(func.count()).select_from(BrandPost)) == 1


@pytest.mark.parametrize(
    "public_id",
    ["", "short", "ABCDEFGH2345", "abcdefgh2345x", "../../etc/pw", "abcdefgh234\n", "新帖子新帖子新帖子新帖子"],
)
def test_an_id_that_is_none_is_refused(author: User, at: datetime, public_id: str) -> None:
    with pytest.raises(Invalid):
        begin(public_id, by=author, at=at)


def test_a_save_counts_the_revision_and_the_same_again_does_not(author: User, at: datetime) -> None:
    post = make_post(author, text="一")
    assert (post.revision, post.text) == (1, "一")
    assert not save(post, Draft("一"), revision=1, by=author, at=at + timedelta(minutes=1))
    assert (post.revision, post.changed_at) == (1, at)


def test_a_save_from_an_older_revision_is_refused_and_changes_nothing(author: User, at: datetime) -> None:
    post = make_post(author, text="一")
    save(post, Draft("二"), revision=1, by=author, at=at)
    with pytest.raises(Stale):
        save(post, Draft("三"), revision=1, by=author, at=at)
    assert post.text == "二"


def test_a_save_sent_twice_by_a_flaky_line_is_no_conflict(author: User, at: datetime) -> None:
    post = make_post(author, text="一")
    save(post, Draft("二"), revision=1, by=author, at=at)
    assert not save(post, Draft("二"), revision=1, by=author, at=at)


def test_words_are_made_harmless_before_they_are_kept(author: User, at: datetime) -> None:
    post = make_post(author, text="茶\x00\u202e倒\r\n\r\n\r\n\r\n完  ")
    assert post.text == "茶倒\n\n完"


def test_the_words_of_pictures_are_saved_with_the_text(author: User, at: datetime) -> None:
    post = with_pictures(make_post(author), "", "")
    first, second = (entry.picture.public_id for entry in post.pictures)
    save(post, Draft(post.text, alts={first: "茶山", second: "茶杯", "unknown": "x"}), revision=1, by=author, at=at)
    assert alts(post) == ["茶山", "茶杯"]


def test_pictures_change_places_and_stop_at_the_ends(author: User, at: datetime) -> None:
    post = with_pictures(make_post(author), "a", "b", "c")
    ids = [entry.picture.public_id for entry in post.pictures]
    move_picture(post, ids[2], -1, at=at)
    assert alts(post) == ["a", "c", "b"]
    move_picture(post, ids[0], -1, at=at)
    move_picture(post, ids[1], 1, at=at)
    move_picture(post, "unknown", 1, at=at)
    assert alts(post) == ["a", "c", "b"]


def test_a_removed_picture_leaves_no_gap(author: User, at: datetime) -> None:
    post = with_pictures(make_post(author), "a", "b", "c")
    remove_picture(post, post.pictures[1].picture.public_id, at=at)
    remove_picture(post, "unknown", at=at)
    assert [(entry.position, entry.alt) for entry in post.pictures] == [(0, "a"), (1, "c")]


def test_a_tenth_picture_is_refused(author: User, at: datetime) -> None:
    post = with_pictures(make_post(author), *["x"] * MOST_PICTURES)
    with pytest.raises(Invalid):
        add_picture(post, make_picture(), at=at)


@pytest.mark.parametrize(
    ("target", "sold"),
    [
        ("/groupbuys/abc", True),
        ("/groupbuys/abc?x=1", True),
        ("/circle", False),
        ("/groupbuysX", False),
        ("https://example.org/", False),
    ],
)
def test_only_a_link_to_a_group_buy_makes_an_ad_by_itself(target: str, sold: bool) -> None:
    assert sells(target) is sold


def test_an_ad_is_what_the_writer_says_or_the_link_shows(author: User, at: datetime) -> None:
    plain, said = make_post(author), make_post(author, ad=True)
    linked = make_post(author, link=make_link("/groupbuys/abc", by=author, at=at))
    assert [post.is_ad for post in (plain, said, linked)] == [False, True, True]


def test_a_discarded_post_is_gone_and_can_be_taken_back(author: User, at: datetime) -> None:
    post = make_post(author)
    discard(post, by=author, at=at)
    discard(post, by=author, at=at)
    assert db.session.scalar(BrandPost.visible_to(author)) is None
    restore(post, by=author, at=at)
    restore(post, by=author, at=at)
    assert db.session.scalar(BrandPost.visible_to(author)) is post


def test_a_scheduled_post_is_cancelled_before_it_is_discarded(app: Flask, author: User, at: datetime) -> None:
    post = make_post(author)
    delivery = scheduling.publish_now(post, circle_account(), "UTC", by=author, at=at)
    with pytest.raises(Conflict):
        discard(post, by=author, at=at)
    scheduling.cancel(delivery, by=author, at=at)
    discard(post, by=author, at=at)
    assert post.discarded_at == at
