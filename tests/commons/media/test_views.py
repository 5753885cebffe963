"""Serving pictures and taking them in over HTTP."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons import clock
from commons.db import db
from commons.media.keeping import keep
from commons.media.models import Picture, Video
from commons.media.store import Store, store
from commons.media.videos import keep_video
from commons.setting_error import SettingError
from tests.commons.media.pictures import a_picture
from tests.commons.media.videos import a_video
from tests.factories import make_fan, make_staff, sign_in


@pytest.fixture
def picture(app: Flask) -> Picture:
    return keep(BytesIO(a_picture()), "tea.jpg", by=None, at=clock.now())


def test_a_picture_is_served_with_its_type_for_ever(client: FlaskClient, picture: Picture) -> None:
    with client.get(picture.url(300)) as response:
        assert response.status_code == 200
        assert response.content_type == "image/jpeg"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert {"public", "immutable", "max-age=31536000"} <= set(response.headers["Cache-Control"].split(", "))


def test_a_browser_that_has_the_picture_is_not_sent_it_again(client: FlaskClient, picture: Picture) -> None:
    with client.get(picture.url(960)) as first:
        mark = first.headers["ETag"]
    with client.get(picture.url(960), headers={"If-None-Match": mark}) as again:
        assert (again.status_code, again.data) == (304, b"")


def test_addresses_name_the_smallest_file_that_fills_the_width(app: Flask, picture: Picture) -> None:
    assert [picture.url(width).rsplit("/", 1)[1] for width in (100, 320, 321, 961)] == ["320", "320", "960", "2560"]


@pytest.mark.parametrize("path", ["/media/nothinghere2/320", "/media/{id}/321", "/media/{id}/0", "/media/{id}/..%2f"])
def test_what_is_not_there_is_not_found(client: FlaskClient, picture: Picture, path: str) -> None:
    assert client.get(path.format(id=picture.public_id)).status_code == 404


@pytest.fixture
def video(app: Flask) -> Video:
    return keep_video(BytesIO(a_video(sound="")), "tea.mp4", by=None, at=clock.now())


def test_a_video_is_served_with_its_type_for_ever(client: FlaskClient, video: Video) -> None:
    with client.get(video.url) as response:
        assert (response.status_code, response.content_type) == (200, "video/mp4")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Accept-Ranges"] == "bytes"
        assert {"public", "immutable"} <= set(response.headers["Cache-Control"].split(", "))
        assert len(response.data) == video.size


def test_a_player_gets_the_range_that_it_asks_for(client: FlaskClient, video: Video) -> None:
    whole = store().path(video.key).read_bytes()
    with client.get(video.url, headers={"Range": "bytes=100-199"}) as part:
        assert (part.status_code, part.data) == (206, whole[100:200])
        assert part.headers["Content-Range"] == f"bytes 100-199/{video.size}"
    with client.get(video.url, headers={"Range": f"bytes={video.size}-"}) as beyond:
        assert beyond.status_code == 416


def test_a_video_that_is_not_there_is_not_found(client: FlaskClient, video: Video) -> None:
    assert client.get("/media/videos/nothinghere2").status_code == 404
    store().path(video.key).unlink()
    assert client.get(video.url).status_code == 404


def test_staff_who_write_posts_may_upload(app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_staff())
    response = client.post("/media/", data={"file": (BytesIO(a_picture()), "tea.jpg")}, headers={"HX-Request": "true"})
    kept = db.session.scalars(select(Picture)).one()
    assert response.status_code == 200
    assert f'name="picture" value="{kept.public_id}"' in response.text


def test_fans_and_strangers_may_not_upload(app: Flask, client: FlaskClient) -> None:
    fan = make_fan()
    stranger = client.post("/media/", data={"file": (BytesIO(a_picture()), "tea.jpg")})
    assert fan.user is not None
    sign_in(client, fan.user)
    as_fan = client.post("/media/", data={"file": (BytesIO(a_picture()), "tea.jpg")})
    assert (stranger.status_code, as_fan.status_code) == (303, 404)
    assert db.session.scalar(select(func.count()).select_from(Picture)) == 0


@pytest.mark.parametrize(("cap", "status"), [(1000, 422), (10, 413)])
def test_a_refused_upload_says_why(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, cap: int, status: int
) -> None:
    monkeypatch.setattr("commons.media.keeping.BYTE_CAP", cap)
    sign_in(client, make_staff())
    data = {"file": (BytesIO(b"not a picture"), "tea.jpg")}
    response = client.post("/media/", data=data, headers={"HX-Request": "true"})
    assert response.status_code == status
    assert db.session.scalar(select(func.count()).select_from(Picture)) == 0


def test_an_upload_without_a_file_is_refused(app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_staff())
    assert client.post("/media/", data={}, headers={"HX-Request": "true"}).status_code == 422


@pytest.mark.parametrize("url", ["s3://bucket", "file://host/path", "/var/media", "file:media"])
def test_a_store_elsewhere_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(SettingError):
        Store.at(url)
