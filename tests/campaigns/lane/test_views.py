"""The pages of the lane."""

from __future__ import annotations

import io

from flask.testing import FlaskClient

from campaigns.approval import deciding
from campaigns.lane.models import HotTopic
from campaigns.lane.reading import run_of
from campaigns.publishing import claiming, delivering
from commons import clock
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Role
from community.channels.accounts import circle_account
from tests.commons.media.pictures import a_picture
from tests.factories import NOON, make_staff, sign_in

HTMX = {"HX-Request": "true"}


def test_a_topic_runs_through_the_pages(client: FlaskClient, author: User, approver: User) -> None:
    sign_in(client, author)
    assert client.post("/lane", data={"title": "", "ago": "0"}).status_code == 422
    assert client.post("/lane", data={"title": "秋天的第一杯奶茶", "source": "", "ago": "5"}).status_code == 303
    topic = db.session.query(HotTopic).one()
    assert client.get("/lane").text.count("5:00") >= 1

    idea = {
        "text": "我们也有。", "channels": circle_account().public_id, "act": "send", "alt": "一杯茶",
        "picture": (io.BytesIO(a_picture(size=(400, 300))), "tea.jpg"),
    }  # fmt: skip
    assert client.post(f"{topic.url}/ideas", data=idea, content_type="multipart/form-data").status_code == 303
    assert 'hx-get="' in client.get(f"{topic.url}/run", headers=HTMX).text

    request = run_of(topic).lead.request  # type: ignore[union-attr]
    assert request is not None
    sign_in(client, approver)
    assert f"/approval/{request.public_id}" in client.get(topic.url).text
    deciding.approve(request, by=approver, seen=request.seen, at=NOON)
    for delivery_id in claiming.claim_inside(clock.now(), 10):
        delivering.deliver(delivery_id, clock.now())
    page = client.get(f"{topic.url}/run", headers=HTMX).text
    assert "5:00" in page
    assert 'hx-get="' not in page
    assert topic.title in client.get("/lane").text


def test_what_is_not_ready_is_said_and_kept(client: FlaskClient, author: User) -> None:
    sign_in(client, author)
    client.post("/lane", data={"title": "热点", "ago": "0"})
    topic = db.session.query(HotTopic).one()
    idea = {"text": "长" * 5000, "channels": circle_account().public_id, "act": "send"}
    assert client.post(f"{topic.url}/ideas", data=idea).status_code == 422
    assert [one.post.text for one in topic.ideas] == ["长" * 5000]
    assert client.post(f"{topic.url}/drop", data={"reason": "写不短"}).status_code == 303
    assert "写不短" in client.get("/lane").text
    assert client.post(f"{topic.url}/take-up").status_code == 303


def test_only_some_set_the_target(client: FlaskClient, author: User) -> None:
    sign_in(client, author)
    assert client.post("/lane/target", data={"minutes": "5"}).status_code == 404
    sign_in(client, make_staff(Role.ADMINISTRATOR, "何田"))
    assert client.post("/lane/target", data={"minutes": "5"}).status_code == 303
    assert "in 5 minutes" in client.get("/lane", headers={"Accept-Language": "en"}).text
