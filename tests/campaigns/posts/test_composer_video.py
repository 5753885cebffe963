"""The video of a post: uploaded into the composer, described, taken out."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.posts.models import BrandPost
from commons.accounts.models import User
from commons.db import db, random_id
from tests.commons.media.videos import a_video
from tests.factories import sign_in

HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(client: FlaskClient, author: User) -> FlaskClient:
    sign_in(client, author)
    return client


def upload(client: FlaskClient, address: str, data: bytes, name: str = "tea.mp4") -> int:
    sent = {"text": "还没保存", "revision": "0", "video": (BytesIO(data), name)}
    return client.post(f"{address}/video", data=sent, headers=HTMX).status_code


def the_post() -> BrandPost:
    return db.session.scalars(select(BrandPost)).one()


def test_a_video_comes_in_needs_words_and_goes_again(client: FlaskClient) -> None:
    address = f"/posts/{random_id()}"
    assert upload(client, address, a_video()) == 200
    assert the_post().video is not None
    page = client.get(address)
    assert 'name="video_alt"' in page.text
    form = {"text": "看", "revision": "0", "link": "", "campaign": "", "zone": "UTC", "video_alt": "水开了"}
    assert client.post(address, data=form).status_code == 303
    assert the_post().video_alt == "水开了"
    answer = client.post(f"{address}/video", data={"act": "remove-video"}, headers=HTMX)
    assert answer.status_code == 200
    assert the_post().video is None


def test_what_is_no_video_is_refused_where_it_was_chosen(client: FlaskClient) -> None:
    address = f"/posts/{random_id()}"
    client.post(address, data={"text": "留着", "revision": "0", "link": "", "campaign": "", "zone": "UTC"})
    answer = client.post(
        f"{address}/video", data={"video": (BytesIO(b"no video at all" * 99), "tea.mp4")}, headers=HTMX
    )
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert client.post(f"{address}/video", headers=HTMX).status_code == 422
    assert (the_post().text, the_post().video) == ("留着", None)
