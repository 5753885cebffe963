"""The composer over HTTP, with and without scripts."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaigns.links.models import Link
from campaigns.planning.models import CampaignKind
from campaigns.planning.writing import Wanted, set_up
from campaigns.posts.models import BrandPost
from campaigns.posts.writing import Draft, save
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery, DeliveryState
from commons import jobs
from commons.accounts.models import User
from commons.db import db, random_id
from commons.permissions import Role
from community.channels.accounts import circle_account
from tests.campaigns.posts.factories import make_post, with_pictures
from tests.commons.media.pictures import a_picture
from tests.factories import make_fan, make_staff, sign_in

HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(client: FlaskClient, author: User) -> FlaskClient:
    """阿岚's browser."""
    sign_in(client, author)
    return client


def form(text: str = "今天的茶", revision: int = 0, **more: object) -> dict[str, object]:
    return {"text": text, "revision": str(revision), "link": "", "campaign": "", "zone": "Asia/Shanghai", **more}


def the_post() -> BrandPost:
    return db.session.scalars(select(BrandPost)).one()


def the_delivery() -> Delivery:
    return db.session.scalars(select(Delivery)).one()


def test_a_new_post_has_an_address_before_it_has_a_word(client: FlaskClient) -> None:
    address = client.get("/posts/new?day=2026-03-09").location
    page = client.get(address)
    assert page.status_code == 200
    assert 'value="2026-03-09T10:00"' in page.text
    assert db.session.scalar(select(func.count()).select_from(BrandPost)) == 0


def test_an_address_that_nobody_began_is_not_found(client: FlaskClient) -> None:
    assert client.get(f"/posts/{random_id()}").status_code == 404


def test_what_is_typed_is_saved_by_itself_and_found_again(client: FlaskClient) -> None:
    public_id = random_id()
    first = client.post(f"/posts/{public_id}/autosave", data=form("今天"))
    assert first.json == {"fields": {"revision": "1"}}
    second = client.post(f"/posts/{public_id}/autosave", data=form("今天的茶", 1))
    assert second.json == {"fields": {"revision": "2"}}
    assert "今天的茶" in client.get(f"/posts/{public_id}").text


def test_autosave_says_when_somebody_else_was_faster(client: FlaskClient, author: User, at: datetime) -> None:
    post = make_post(author, text="一")
    save(post, Draft("别人的"), revision=1, by=author, at=at)
    answer = client.post(
        f"/posts/{post.public_id}/autosave", data=form("我的", 1), headers={"Accept": "application/json"}
    )
    assert answer.status_code == 409
    assert the_post().text == "别人的"


def test_a_conflict_shows_both_texts_and_saving_again_takes_ours(
    client: FlaskClient, author: User, at: datetime
) -> None:
    post = make_post(author, text="一")
    save(post, Draft("别人写的话"), revision=1, by=author, at=at)
    page = client.post(post.url, data=form("我自己的话", 1))
    assert page.status_code == 409
    assert "别人写的话" in page.text
    assert "我自己的话</textarea>" in page.text
    assert 'name="revision" value="2"' in page.text
    assert 'data-state="unsaved"' in page.text
    assert client.post(post.url, data=form("我自己的话", 2)).status_code == 303
    assert the_post().text == "我自己的话"


def test_without_scripts_one_button_saves_words_and_pictures(client: FlaskClient) -> None:
    data = form(files=[(BytesIO(a_picture()), "a.jpg"), (BytesIO(a_picture("PNG")), "b.png")])
    answer = client.post(f"/posts/{random_id()}", data=data)
    assert answer.status_code == 303
    assert len(the_post().pictures) == 2
    assert client.get(answer.location).status_code == 200


def test_pictures_come_in_without_leaving_the_page_and_bad_ones_are_named(client: FlaskClient) -> None:
    files = [(BytesIO(a_picture()), "good.jpg"), (BytesIO(b"no picture"), "bad.jpg")]
    answer = client.post(f"/posts/{random_id()}/pictures", data=form(files=files), headers=HTMX)
    assert answer.status_code == 422
    assert "bad.jpg" in answer.text
    assert len(the_post().pictures) == 1


def test_moving_a_picture_keeps_words_that_are_not_saved_yet(client: FlaskClient, author: User) -> None:
    post = with_pictures(make_post(author), "", "")
    first, second = (entry.picture.public_id for entry in post.pictures)
    data = form(revision=1, act=f"down:{first}", **{f"alt-{first}": "茶山", f"alt-{second}": "茶杯"})
    answer = client.post(f"{post.url}/pictures", data=data, headers=HTMX)
    assert answer.text.index("茶杯</textarea>") < answer.text.index("茶山</textarea>")
    assert [entry.alt for entry in the_post().pictures] == ["", ""]


def test_a_campaign_that_is_over_stays_chosen(client: FlaskClient, author: User, at: datetime) -> None:
    wanted = Wanted("旧活动", "", CampaignKind.CONTENT, "", 1, datetime(2025, 1, 1), datetime(2025, 2, 1), "UTC", [])
    campaign = set_up(wanted, by=author, at=at.replace(year=2025, month=1))
    post = make_post(author, campaign=campaign)
    assert "旧活动" in client.get(post.url).text
    assert client.post(post.url, data=form("改了", 1, campaign=campaign.public_id)).status_code == 303
    assert the_post().campaign is campaign


def test_a_new_link_is_made_and_chosen(client: FlaskClient) -> None:
    client.post(f"/posts/{random_id()}", data=form(target="/groupbuys/abc"))
    post = the_post()
    assert post.link is not None
    assert (post.link.target, post.is_ad) == ("/groupbuys/abc", True)


def test_a_link_to_nowhere_is_refused_and_nothing_typed_is_lost(client: FlaskClient) -> None:
    page = client.post(f"/posts/{random_id()}", data=form("别丢了这句话", target="javascript:alert(1)"))
    assert page.status_code == 422
    assert "别丢了这句话</textarea>" in page.text
    assert db.session.scalar(select(func.count()).select_from(Link)) == 0


def test_autosave_makes_no_links(client: FlaskClient) -> None:
    client.post(f"/posts/{random_id()}/autosave", data=form(target="https://example.org/half-typ"))
    assert db.session.scalar(select(func.count()).select_from(Link)) == 0


def test_the_preview_shows_what_is_typed_harmlessly(client: FlaskClient) -> None:
    answer = client.post(f"/posts/{random_id()}/preview", data=form("<b>粗</b> #春茶"), headers=HTMX)
    assert "&lt;b&gt;粗&lt;/b&gt;" in answer.text
    assert 'class="topic"' in answer.text


def test_scheduling_saves_what_stands_in_the_form_and_plans_it(client: FlaskClient) -> None:
    answer = client.post(f"/publishing/{random_id()}/schedule", data=form("最后一刻的改动", when="2026-03-02T10:00"))
    assert answer.status_code == 303
    delivery = the_delivery()
    assert (delivery.state, delivery.post.text) == (DeliveryState.SCHEDULED, "最后一刻的改动")


@pytest.mark.parametrize(
    "more",
    [
        {"when": "2026-02-28T10:00"},
        {"when": ""},
        {"when": "soon"},
        {"when": "2026-03-02T10:00", "zone": "Mars/Base"},
        {"when": "2026-03-02T10:00", "text": " "},
    ],
    ids=["past", "none", "nonsense", "no zone", "no words"],
)
def test_a_plan_that_cannot_be_is_refused_and_the_words_are_kept(client: FlaskClient, more: dict[str, str]) -> None:
    public_id = random_id()
    page = client.post(f"/publishing/{public_id}/schedule", data=form() | {"text": "别丢了我"} | more)
    assert page.status_code == 422
    assert "别丢了我" in page.text or "text" in more
    assert db.session.scalar(select(func.count()).where(Delivery.state == DeliveryState.SCHEDULED)) == 0


@pytest.mark.parametrize("when", ["2026-02-28T10:00", "2099-01-01T10:00", ""], ids=["past", "far", "none"])
def test_a_time_that_does_not_do_is_told_beside_it(client: FlaskClient, when: str) -> None:
    page = client.post(f"/publishing/{random_id()}/schedule", data=form("别丢了我", when=when))
    assert page.status_code == 422
    assert 'id="when-error"' in page.text
    assert f'value="{when}"' in page.text or not when
    assert 'data-state="saved"' in page.text
    assert "别丢了我</textarea>" in page.text


def test_a_zone_that_only_a_table_knows_stays_chosen(client: FlaskClient, author: User, at: datetime) -> None:
    post = make_post(author)
    scheduling.schedule(post, circle_account(), datetime(2026, 3, 2, 10), "Etc/GMT-8", by=author, at=at)
    assert '<option selected value="Etc/GMT-8">' in client.get(post.url).text
    data = form("改了", 1, zone="Etc/GMT-8", when="2026-03-02T11:00")
    assert client.post(f"/publishing/{post.public_id}/schedule", data=data).status_code == 303
    assert (the_delivery().zone, the_delivery().wall_clock) == ("Etc/GMT-8", "2026-03-02T11:00:00")


def test_publish_now_goes_out_with_the_next_tick(client: FlaskClient, at: datetime) -> None:
    public_id = random_id()
    client.post(f"/publishing/{public_id}/now", data=form("现在就发"))
    jobs.drain(at)
    delivery = the_delivery()
    assert delivery.state is DeliveryState.PUBLISHED
    assert delivery.channel_post is not None
    assert f"/circle/posts/{delivery.channel_post.public_id}" in client.get(f"/posts/{public_id}").text


def test_a_published_post_can_no_longer_be_changed(client: FlaskClient, author: User, at: datetime) -> None:
    post = make_post(author, text="已发")
    scheduling.publish_now(post, circle_account(), "UTC", by=author, at=at)
    jobs.drain(at)
    page = client.post(post.url, data=form("来晚了", 1))
    assert page.status_code == 409
    assert client.post(f"{post.url}/autosave", data=form("来晚了", 1)).status_code == 409
    assert the_post().text == "已发"
    assert "<textarea" not in client.get(post.url).text
    # What readers see is shown as it is; what came too late stands apart from it.
    assert "来晚了" not in page.text.partition('class="two-columns"')[2]
    assert "<ins>来晚了</ins>" in page.text


def test_cancelling_and_taking_back(client: FlaskClient, author: User, at: datetime) -> None:
    post = make_post(author)
    delivery = scheduling.publish_now(post, circle_account(), "UTC", by=author, at=at)
    assert client.post(f"/publishing/{delivery.public_id}/cancel").status_code == 303
    assert the_delivery().state is DeliveryState.CANCELLED
    assert client.post(f"/publishing/{delivery.public_id}/take-back").status_code == 303
    assert the_delivery().state is DeliveryState.DRAFT


def test_a_page_that_waits_is_led_on_once_the_post_is_out(client: FlaskClient, author: User, at: datetime) -> None:
    post = make_post(author)
    delivery = scheduling.publish_now(post, circle_account(), "UTC", by=author, at=at)
    waiting = client.get(f"/publishing/{delivery.public_id}/state?seen=scheduled", headers=HTMX)
    assert waiting.status_code == 200
    jobs.drain(at)
    done = client.get(f"/publishing/{delivery.public_id}/state?seen=scheduled", headers=HTMX)
    assert done.headers["HX-Redirect"] == post.url


def test_discarding_offers_the_way_back(client: FlaskClient, author: User) -> None:
    post = make_post(author, text="差点没了")
    answer = client.post(f"{post.url}/discard")
    page = client.get(answer.location)
    assert "差点没了" in page.text
    assert client.get(post.url).status_code == 404
    assert client.post(f"{post.url}/restore").status_code == 303
    assert client.get(post.url).status_code == 200


def test_the_story_tells_who_planned_it_and_that_it_was_missed(client: FlaskClient, author: User, at: datetime) -> None:
    post = make_post(author)
    scheduling.publish_now(post, circle_account(), "UTC", by=author, at=at)
    jobs.drain(at.replace(hour=23))
    page = client.get(post.url)
    assert "阿岚" in page.text
    assert 'id="clock-x"' not in page.text
    assert "pill-warn" in page.text


@pytest.mark.parametrize(("role", "status"), [(Role.EXECUTIVE, 404), (Role.SERVICE_AGENT, 404)])
def test_who_only_reads_posts_changes_nothing(app: Flask, author: User, role: Role, status: int) -> None:
    post = make_post(author, text="只读")
    reader = app.test_client()
    sign_in(reader, make_staff(role, "小王"))
    page = reader.get(post.url)
    assert page.status_code == 200
    assert "<textarea" not in page.text
    assert reader.post(post.url, data=form("改了", 1)).status_code == status
    assert reader.get("/posts/new").status_code == status


def test_a_campaign_lead_writes_but_does_not_schedule(app: Flask, author: User) -> None:
    lead = app.test_client()
    sign_in(lead, make_staff(Role.CAMPAIGN_LEAD, "老周"))
    public_id = random_id()
    assert lead.post(f"/posts/{public_id}", data=form("草稿")).status_code == 303
    assert lead.post(f"/publishing/{public_id}/now", data=form("草稿", 1)).status_code == 404


def test_fans_and_strangers_see_no_posts_in_the_making(app: Flask, author: User) -> None:
    post = make_post(author)
    fan = make_fan()
    assert fan.user is not None
    visitor = app.test_client()
    assert visitor.get(post.url).status_code == 303
    sign_in(visitor, fan.user)
    for address in (post.url, "/posts", "/posts/calendar", "/posts/new"):
        assert visitor.get(address).status_code == 404


@pytest.mark.parametrize(
    "more",
    [
        {"link": "'; drop table link; --"},
        {"campaign": "nope"},
        {"revision": "9" * 50},
        {"revision": "-1"},
        {"zone": "x\x00y"},
        {"text": "\x00" * 9},
    ],
)
def test_hostile_values_are_refused_or_harmless(client: FlaskClient, more: dict[str, str]) -> None:
    answer = client.post(f"/posts/{random_id()}", data=form() | more)
    assert answer.status_code in {303, 409, 422}


@pytest.mark.parametrize(
    "path",
    [
        "/posts/../../etc",
        "/posts/a%00b",
        "/posts/%F0%9F%8D%B5",
        "/publishing/x/state",
        "/posts/x?begin=1&day=99999-1-1",
    ],
)
def test_odd_addresses_are_no_crash(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in {200, 308, 400, 404}
