"""A file that is refused takes nothing of the draft along: not the words, not the pictures, not the video that is there."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaigns.posts.models import BrandPost
from campaigns.posts.writing import MOST_PICTURES
from commons.accounts.models import User
from commons.db import db, random_id
from commons.media.keeping import keep
from commons.media.models import Picture, Video
from tests.campaigns.posts.factories import make_post, with_pictures
from tests.campaigns.posts.library.factories import a_kept_video, a_post_with, film
from tests.commons.media.pictures import a_picture, a_png_that_claims
from tests.commons.media.videos import a_video
from tests.factories import sign_in

HTMX = {"HX-Request": "true"}
TYPED = "写了一半的话，一个字也不能丢"


@pytest.fixture
def client(client: FlaskClient, author: User) -> FlaskClient:
    """阿岚's browser."""
    sign_in(client, author)
    return client


def form(post: BrandPost | None = None, **more: object) -> dict[str, object]:
    revision = str(post.revision if post else 0)
    return {"text": TYPED, "revision": revision, "link": "", "campaign": "", "zone": "Asia/Shanghai", **more}


def the_post() -> BrandPost:
    db.session.expire_all()
    return db.session.scalars(select(BrandPost)).one()


BAD_PICTURES: list[Callable[[], bytes]] = [
    lambda: b"no picture",
    lambda: a_picture()[:900],
    lambda: a_png_that_claims(50_000, 50_000),
]
BAD_VIDEOS: list[Callable[[], bytes]] = [
    lambda: b"no video",
    lambda: film()[:-500],
    lambda: a_video(seconds=0.3, codec="mpeg4", sound=""),
]


@pytest.mark.parametrize("made", BAD_PICTURES, ids=["text", "cut off", "bomb"])
def test_a_bad_picture_leaves_the_pictures_and_shows_the_words_again(
    client: FlaskClient, author: User, made: Callable[[], bytes]
) -> None:
    post = with_pictures(make_post(author, "原来的话"), "第一张")
    page = client.post(post.url, data=form(post, files=[(BytesIO(made()), "bad.jpg")]))
    assert page.status_code in {413, 422}
    assert f"{TYPED}</textarea>" in page.text
    assert [entry.alt for entry in the_post().pictures] == ["第一张"]


def test_without_scripts_the_rest_is_saved_and_the_bad_picture_is_named_beside_the_others(
    client: FlaskClient, author: User
) -> None:
    post = make_post(author, "原来的话")
    files = [(BytesIO(a_picture()), "good.jpg"), (BytesIO(b"no picture"), "schlecht.jpg")]
    page = client.post(post.url, data=form(post, files=files, target="/circle", new_labels="春茶"))
    assert page.status_code == 422
    assert "schlecht.jpg" in page.text.partition('id="composer-pictures"')[2]
    after = the_post()
    assert (after.text, len(after.pictures)) == (TYPED, 1)
    assert after.link is not None
    revision = re.search(r'name="revision" value="(\d+)"', page.text)
    assert revision is not None
    again = form(post, revision=revision[1], link=after.link.public_id, new_labels="春茶", with_labels="1")
    assert client.post(post.url, data=again).status_code == 303
    assert [label.name for label in the_post().labels] == ["春茶"]


def test_no_transaction_waits_while_a_picture_is_looked_at(
    client: FlaskClient, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ones = []

    def watched(*about: Any) -> Picture:
        open_ones.append(db.session().in_transaction())
        return keep(*about)

    monkeypatch.setattr("campaigns.posts.composing.keep", watched)
    files = [(BytesIO(a_picture()), "a.jpg"), (BytesIO(a_picture("PNG")), "b.png")]
    post = make_post(author, "原来的话")
    assert client.post(f"{post.url}/pictures", data=form(post, files=files), headers=HTMX).status_code == 200
    assert (open_ones, len(the_post().pictures)) == ([False, False], 2)


def test_a_picture_too_many_is_refused_and_not_kept(client: FlaskClient, author: User) -> None:
    post = with_pictures(make_post(author), *["x"] * MOST_PICTURES)
    files = [(BytesIO(a_picture()), "zehn.jpg")]
    answer = client.post(f"{post.url}/pictures", data=form(post, files=files), headers=HTMX)
    assert answer.status_code == 422
    assert "zehn.jpg" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Picture)) == MOST_PICTURES


@pytest.mark.parametrize("made", BAD_VIDEOS, ids=["text", "cut off", "another coding"])
def test_a_bad_video_is_told_beside_its_button_and_the_one_before_stays(
    client: FlaskClient, author: User, made: Callable[[], bytes]
) -> None:
    video = a_kept_video()
    post = a_post_with(video, author, "原来的话", alt="采茶")
    data = form(post, video=(BytesIO(made()), "bad.mp4"), video_alt="采茶，近景")
    answer = client.post(f"{post.url}/video", data=data, headers=HTMX)
    assert answer.status_code == 422
    assert 'id="composer-video"' in answer.text
    assert "采茶，近景" in answer.text
    after = the_post()
    assert (after.text, after.video_id, after.video_alt) == ("原来的话", video.id, "采茶")


def test_a_video_that_is_too_large_is_told_beside_its_button(
    client: FlaskClient, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commons.media.videos.BYTE_CAP", 100)
    post = make_post(author, "原来的话")
    answer = client.post(f"{post.url}/video", data=form(post, video=(BytesIO(film()), "big.mp4")), headers=HTMX)
    assert answer.status_code == 413
    assert 'id="composer-video"' in answer.text
    assert (the_post().text, the_post().video) == ("原来的话", None)


def test_a_body_beyond_all_measure_is_refused_before_it_is_read_and_the_draft_stays(
    app: Flask, client: FlaskClient, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commons.media.uploads.ROOM", 300)
    post = make_post(author, "原来的话")
    answer = client.post(f"{post.url}/video", data=form(post, video=(BytesIO(film()), "big.mp4")), headers=HTMX)
    assert answer.status_code == 413
    assert "data-error-fragment" in answer.text
    assert the_post().text == "原来的话"


def test_without_scripts_the_words_are_saved_before_the_video_is_looked_at(client: FlaskClient) -> None:
    public_id = random_id()
    answer = client.post(f"/posts/{public_id}/video", data=form(video=(BytesIO(b"no video"), "bad.mp4")))
    assert answer.status_code == 303
    assert (the_post().text, the_post().video) == (TYPED, None)
    assert "MP4" in client.get(answer.location).text


def test_without_scripts_a_good_video_comes_in_with_the_words(client: FlaskClient) -> None:
    answer = client.post(f"/posts/{random_id()}/video", data=form(video=(BytesIO(film()), "good.mp4")))
    assert answer.status_code == 303
    assert the_post().text == TYPED
    assert the_post().video == db.session.scalars(select(Video)).one()
