"""The library's page, and choosing from it in the composer."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaigns.posts.library import listing
from campaigns.posts.library.usage import OF_POSTS
from campaigns.posts.library.wording import OTHERS
from campaigns.posts.models import BrandPost
from campaigns.posts.writing import discard
from campaigns.publishing.models import DeliveryState
from commons.accounts.models import User
from commons.db import db, random_id
from commons.media.models import Picture, Video
from commons.media.usage import references
from commons.permissions import Role
from tests.campaigns.posts.factories import make_post
from tests.campaigns.posts.library.factories import a_kept_picture, a_kept_video, a_post_with, film, planned
from tests.commons.media.pictures import a_picture
from tests.factories import make_fan, make_staff, sign_in

HTMX = {"HX-Request": "true"}


def test_whatever_may_need_a_picture_has_a_name_on_the_page(app: Flask) -> None:
    tables = {column.table.name for kind in (Picture, Video) for column in references(kind)}
    assert tables - OF_POSTS <= set(OTHERS)


@pytest.fixture
def client(client: FlaskClient, author: User) -> FlaskClient:
    """阿岚's browser."""
    sign_in(client, author)
    return client


def shown(**chosen: str) -> list[str]:
    return [item.what.name for item in listing.listed(listing.Filter.from_args(chosen)).rows]


def how_many(kind: type[Picture] | type[Video]) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def test_pictures_and_videos_stand_together_and_a_poster_is_no_picture(client: FlaskClient, author: User) -> None:
    a_kept_picture("茶山.jpg", by=author)
    a_kept_video("采茶.mp4", by=author)
    assert set(shown()) == {"茶山.jpg", "采茶.mp4"}
    assert (shown(tab="pictures"), shown(tab="videos")) == (["茶山.jpg"], ["采茶.mp4"])
    assert listing.counts(listing.Filter()) == {"all": 2, "pictures": 1, "videos": 1, "unused": 2}
    page = client.get("/posts/library").text
    assert "40 × 30" in page
    assert "160 × 120" in page
    assert author.name in page


def test_where_each_is_used_is_counted_and_linked(client: FlaskClient, author: User) -> None:
    picture = a_kept_picture()
    draft = a_post_with(picture, author, "草稿一篇")
    planned(a_post_with(picture, author, "排好的一篇"), author)
    planned(a_post_with(picture, author, "发过的一篇"), author, DeliveryState.PUBLISHED)
    (item,) = listing.listed(listing.Filter()).rows
    assert [len(item.in_stage(stage)) for stage in ("draft", "planned", "published")] == [1, 1, 1]
    page = client.get("/posts/library").text
    assert f'href="{draft.url}"' in page
    assert shown(tab="unused") == []


def test_a_picture_is_found_by_its_name_and_by_how_a_post_describes_it(app: Flask, author: User, at: datetime) -> None:
    a_post_with(a_kept_picture("one.jpg"), author, alt="清晨的茶山")
    a_post_with(a_kept_video("two.mp4"), author, alt="茶农在揉捻")
    assert shown(words="ONE") == ["one.jpg"]
    assert shown(words="茶山") == ["one.jpg"]
    assert shown(words="揉捻") == ["two.mp4"]
    assert shown(words="100%") == []


def test_long_libraries_have_pages(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    for number in range(5):
        a_kept_picture(f"{number}.jpg")
    assert [shown(page=page) for page in "123"] == [["4.jpg", "3.jpg"], ["2.jpg", "1.jpg"], ["0.jpg"]]
    assert 'rel="next"' in client.get("/posts/library?page=2").text
    assert client.get("/posts/library?page=9").status_code == 200


def test_pictures_and_videos_are_uploaded_together_and_bad_ones_named(client: FlaskClient) -> None:
    files = [(BytesIO(a_picture()), "茶.jpg"), (BytesIO(film()), "茶.mp4"), (BytesIO(b"words"), "坏.mp4")]
    answer = client.post("/posts/library", data={"files": files}, headers=HTMX)
    assert answer.status_code == 422
    assert "坏.mp4" in answer.text
    assert set(shown()) == {"茶.jpg", "茶.mp4"}


def test_an_upload_without_a_file_or_with_one_too_many_bytes_is_told(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.post("/posts/library", data={}).status_code == 422
    monkeypatch.setattr("commons.media.videos.BYTE_CAP", 100)
    answer = client.post("/posts/library", data={"files": [(BytesIO(film()), "茶.mp4")]})
    assert answer.status_code == 422
    assert "茶.mp4" in answer.text
    assert how_many(Video) == 0


def test_files_beyond_what_is_taken_at_once_are_named_and_not_lost_in_silence(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaigns.posts.library.views.MOST_AT_ONCE", 2)
    files = [(BytesIO(a_picture(colour=(shade, 0, 0))), f"{shade}.jpg") for shade in range(3)]
    answer = client.post("/posts/library", data={"files": files}, headers=HTMX)
    assert answer.status_code == 422
    assert "2.jpg" in answer.text
    assert how_many(Picture) == 2


def test_a_body_larger_than_usual_is_taken_where_videos_are_and_from_those_who_may(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 300)

    def tried(visitor: FlaskClient, address: str) -> int:
        return visitor.post(address, data={"files": [(BytesIO(a_picture(size=(40, 30))), "a.jpg")]}).status_code

    reader = app.test_client()
    sign_in(reader, make_staff(Role.EXECUTIVE))
    assert tried(client, "/posts/library") == 303
    assert tried(client, "/media/") == 413
    assert tried(reader, "/posts/library") == 404
    assert tried(app.test_client(), "/posts/library") == 303
    assert how_many(Picture) == 1


def test_deleting_is_refused_on_the_page_with_the_posts_by_name(client: FlaskClient, author: User) -> None:
    picture = a_kept_picture()
    a_post_with(picture, author, "还要用它的草稿")
    db.session.commit()
    answer = client.post(f"/posts/library/picture/{picture.public_id}/delete")
    assert answer.status_code == 409
    assert "还要用它的草稿" in answer.text
    assert how_many(Picture) == 1


def test_what_is_not_needed_is_deleted(client: FlaskClient, author: User) -> None:
    public_id = a_kept_video().public_id
    assert client.post(f"/posts/library/video/{public_id}/delete?tab=videos").status_code == 303
    assert (how_many(Video), how_many(Picture)) == (0, 0)
    assert client.post(f"/posts/library/video/{public_id}/delete").status_code == 404
    assert client.post(f"/posts/library/brand/{public_id}/delete").status_code == 404


def test_fans_find_no_library_and_readers_delete_nothing(app: Flask, at: datetime) -> None:
    picture = a_kept_picture()
    fan, reader = app.test_client(), app.test_client()
    user = make_fan().user
    assert user is not None
    sign_in(fan, user)
    sign_in(reader, make_staff(Role.EXECUTIVE))
    assert fan.get("/posts/library").status_code == 404
    assert reader.get("/posts/library").status_code == 200
    assert reader.post(f"/posts/library/picture/{picture.public_id}/delete").status_code == 404
    assert how_many(Picture) == 1


def test_a_picture_out_of_the_library_comes_into_a_post_with_its_last_words(client: FlaskClient, author: User) -> None:
    picture = a_kept_picture()
    a_post_with(picture, author, alt="清晨的茶山")
    post = make_post(author, "新的一篇")
    answer = client.post(f"{post.url}/library", data={"kind": "picture", "what": picture.public_id}, headers=HTMX)
    assert answer.status_code == 200
    assert "清晨的茶山" in answer.text
    assert [(entry.picture.id, entry.alt) for entry in post.pictures] == [(picture.id, "清晨的茶山")]
    client.post(f"{post.url}/library", data={"kind": "picture", "what": picture.public_id}, headers=HTMX)
    assert len(post.pictures) == 1


def test_a_post_that_is_not_begun_begins_with_what_was_chosen(client: FlaskClient) -> None:
    picture, public_id = a_kept_picture("茶山.jpg"), random_id()
    page = client.get(f"/posts/{public_id}/library")
    assert page.status_code == 200
    assert "茶山.jpg" in page.text
    assert client.get(f"/posts/{public_id}/library?words=没有", headers=HTMX).status_code == 200
    answer = client.post(f"/posts/{public_id}/library", data={"kind": "picture", "what": picture.public_id})
    assert answer.location.endswith(f"/posts/{public_id}")
    assert len(db.session.scalars(select(BrandPost)).one().pictures) == 1


def test_a_tenth_picture_is_refused_and_the_nine_stay(client: FlaskClient, author: User) -> None:
    post = make_post(author)
    for shade in range(10):
        picture = a_kept_picture(shade=shade)
        form = {"kind": "picture", "what": picture.public_id}
        answer = client.post(f"{post.url}/library", data=form, headers=HTMX)
    assert answer.status_code == 422
    assert len(post.pictures) == 9


def test_a_video_out_of_the_library_takes_the_place_of_the_one_before(client: FlaskClient, author: User) -> None:
    first, second = a_kept_video("一.mp4"), a_kept_video("二.mp4")
    post = a_post_with(first, author)
    answer = client.post(f"{post.url}/library", data={"kind": "video", "what": second.public_id}, headers=HTMX)
    assert answer.status_code == 200
    db.session.refresh(post)
    assert post.video is second


def test_a_discarded_post_is_named_as_such_and_takes_nothing(client: FlaskClient, author: User, at: datetime) -> None:
    picture = a_kept_picture()
    post = a_post_with(picture, author)
    discard(post, by=author, at=at)
    (item,) = listing.listed(listing.Filter()).rows
    assert (item.is_needed, len(item.in_stage("discarded"))) == (False, 1)
    form = {"kind": "picture", "what": picture.public_id}
    assert client.post(f"{post.url}/library", data=form).status_code == 404
