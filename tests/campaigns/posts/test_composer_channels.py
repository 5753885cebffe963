"""The composer over HTTP: several channels, threads, labels, versions, templates, who else is here."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaigns.links.making import make_link
from campaigns.links.models import Link
from campaigns.posts.drafts import Draft
from campaigns.posts.labelling import MOST_OFFERED
from campaigns.posts.models import BrandPost, Label, PostVersion, Snippet, SnippetKind
from campaigns.posts.snippets import hashtags_in, make
from campaigns.posts.writing import save
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery, DeliveryState
from commons import clock
from commons.accounts.models import User
from commons.db import db, random_id
from commons.permissions import Role
from community.channels.accounts import circle_account
from community.channels.models import ChannelAccount
from community.members.models import Handle
from tests.campaigns.posts.factories import make_post
from tests.campaigns.posts.planner.factories import an_account
from tests.factories import make_fan, make_staff, sign_in

HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(client: FlaskClient, author: User) -> FlaskClient:
    """阿岚's browser."""
    sign_in(client, author)
    return client


@pytest.fixture
def mastodon(app: Flask, at: datetime) -> ChannelAccount:
    return an_account("mastodon", "远方的云脚")


def form(*accounts: ChannelAccount, text: str = "今天的茶", revision: int = 0, **more: object) -> dict[str, object]:
    """What the page sends: the post goes to the circle and to `accounts`."""
    channels = [circle_account().public_id, *(account.public_id for account in accounts)]
    sent = {"text": text, "revision": str(revision), "link": "", "campaign": "", "zone": "Asia/Shanghai"}
    return {**sent, "with_channels": "1", "with_more": "1", "with_labels": "1", "channel": channels, **more}


def the_post() -> BrandPost:
    return db.session.scalars(select(BrandPost)).one()


def test_what_is_said_otherwise_is_saved_and_found_again(client: FlaskClient, mastodon: ChannelAccount) -> None:
    key = mastodon.public_id
    data = form(mastodon, more=["第二", " ", "第三"], first_comment="链接", language="zh", notes="给小周")
    data |= {f"own-{key}": ["text", "more"], f"text-{key}": "只在那里", f"more-{key}": ["唯一"]}
    data |= {f"first_comment-{key}": "没有勾选，不算"}
    answer = client.post(f"/posts/{random_id()}", data=data)
    assert answer.status_code == 303
    post = the_post()
    there = next(variant for variant in post.variants if variant.account is mastodon)
    assert (post.more, post.first_comment, post.language, post.notes) == (["第二", "第三"], "链接", "zh", "给小周")
    assert (there.text, there.more, there.first_comment) == ("只在那里", ["唯一"], None)
    page = client.get(post.url)
    assert "只在那里</textarea>" in page.text
    assert "给小周" in page.text


def test_scheduling_plans_every_chosen_channel(client: FlaskClient, mastodon: ChannelAccount) -> None:
    data = form(mastodon, when="2026-03-02T10:00")
    assert client.post(f"/publishing/{random_id()}/schedule", data=data).status_code == 303
    deliveries = db.session.scalars(select(Delivery)).all()
    assert [delivery.state for delivery in deliveries] == [DeliveryState.SCHEDULED] * 2
    page = client.get(the_post().url).text
    assert page.count('class="delivery-line"') == 2
    assert page.count('disabled aria-describedby="channel-') == 2


def test_what_one_channel_lacks_keeps_all_of_them_and_every_word(client: FlaskClient, mastodon: ChannelAccount) -> None:
    text = "长" * 501
    page = client.post(f"/publishing/{random_id()}/schedule", data=form(mastodon, text=text, when="2026-03-02T10:00"))
    assert page.status_code == 422
    assert "远方的云脚" in page.text
    assert f"{text}</textarea>" in page.text
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 0


def test_no_channel_is_no_plan(client: FlaskClient) -> None:
    page = client.post(f"/publishing/{random_id()}/now", data=form(channel=[]))
    assert page.status_code == 422


@pytest.mark.parametrize(
    "more",
    [
        {"text": "长" * 20_001},
        {"first_comment": "长" * 5_001},
        {"content_warning": "长" * 501},
        {"notes": "长" * 5_001},
        {"more": ["一"] * 40},
        {"more": ["长" * 20_001]},
        {"language": "klingon"},
        {"new_labels": "长" * 301},
        {"new_labels": ",".join(f"标签{number}" for number in range(11))},
    ],
    ids=["text", "comment", "warning", "notes", "parts", "part", "language", "label", "labels"],
)
def test_too_much_is_refused_with_words_and_nothing_typed_is_lost(client: FlaskClient, more: dict[str, object]) -> None:
    data = form() | {"notes": "别丢了我"} | more
    page = client.post(f"/posts/{random_id()}", data=data)
    assert page.status_code == 422
    assert "notice-bad" in page.text
    kept = more.get("text") or (more.get("notes", "别丢了我"))
    assert f"{kept}</textarea>" in page.text
    assert db.session.scalar(select(func.max(BrandPost.revision))) in {None, 0}


def test_autosave_says_what_is_too_much_on_a_channel(client: FlaskClient, mastodon: ChannelAccount) -> None:
    key = mastodon.public_id
    data = form(mastodon) | {f"own-{key}": "text", f"text-{key}": "长" * 20_001}
    answer = client.post(f"/posts/{random_id()}/autosave", data=data)
    assert answer.status_code == 422
    assert answer.json is not None
    assert "20,000" in answer.json["errors"][0]


@pytest.mark.parametrize(
    "more", [{"channel": ["x", "' or 1=1"]}, {"own-x": "text"}, {"label": ["nope"]}, {"more": "\x00"}, {"text-": "x"}]
)
def test_hostile_choices_are_harmless(client: FlaskClient, more: dict[str, object]) -> None:
    assert client.post(f"/posts/{random_id()}", data=form() | more).status_code == 303


def test_the_preview_shows_each_channel_what_it_gets(
    client: FlaskClient, author: User, at: datetime, mastodon: ChannelAccount
) -> None:
    link = make_link("https://example.org/tea", by=author, at=at)
    data = form(mastodon, text="看这里 #春茶", link=link.public_id, more=["第二"], content_warning="剧透")
    page = client.post(f"/posts/{random_id()}/preview", data=data, headers=HTMX)
    assert "/l/xxxxxxxx" in page.text
    assert "2 / 2" in page.text
    assert 'class="preview-warning"' in page.text
    assert db.session.scalar(select(func.count()).select_from(Link)) == 1


def test_labels_are_made_once_and_found_again(client: FlaskClient) -> None:
    for revision, names in enumerate(("新品，春茶", "春茶, 清单")):
        address = the_post().url if revision else f"/posts/{random_id()}"
        kept = [label.public_id for label in db.session.scalars(select(Label))]
        client.post(address, data=form(text=f"第{revision}稿", revision=revision, new_labels=names, label=kept))
    assert {label.name for label in the_post().labels} == {"新品", "春茶", "清单"}
    assert db.session.scalar(select(func.count()).select_from(Label)) == 3


def test_a_label_beyond_those_on_offer_stays_on_its_post(client: FlaskClient, author: User, at: datetime) -> None:
    db.session.add_all(Label(name=f"a{number:03}", made_at=at) for number in range(MOST_OFFERED))
    post = make_post(author, labels=[Label(name="z", made_at=at)])
    assert f'value="{post.labels[0].public_id}" checked' in client.get(post.url).text


def test_versions_show_what_became_of_each_and_lead_back(client: FlaskClient, author: User, at: datetime) -> None:
    post = make_post(author, text="明前龙井今天到")
    save(post, Draft("明前龙井明天到"), revision=1, by=make_staff(name="小周"), at=at + timedelta(minutes=9))
    page = client.get(f"{post.url}/versions")
    assert "<del>今</del>" in page.text
    assert "<ins>明</ins>" in page.text
    first = db.session.scalars(select(PostVersion).order_by(PostVersion.number)).first()
    assert first is not None
    assert client.post(f"{post.url}/versions/{first.public_id}/back").status_code == 303
    assert (the_post().text, the_post().revision) == ("明前龙井今天到", 3)


def test_what_is_out_is_not_offered_to_go_back(client: FlaskClient, author: User, at: datetime) -> None:
    post = make_post(author, text="明前龙井今天到")
    save(post, Draft("明前龙井明天到"), revision=1, by=make_staff(name="小周"), at=at)
    assert "/back" in client.get(f"{post.url}/versions").text
    scheduling.publish_now(post, circle_account(), "UTC", by=author, at=at).state = DeliveryState.PUBLISHED
    db.session.flush()
    assert "/back" not in client.get(f"{post.url}/versions").text


def test_a_version_of_another_post_is_not_found(client: FlaskClient, author: User) -> None:
    one, other = make_post(author), make_post(author)
    version = db.session.scalars(select(PostVersion).where(PostVersion.post_id == other.id)).one()
    assert client.get(f"{one.url}/versions/{version.public_id}").status_code == 404
    assert client.post(f"{one.url}/versions/{version.public_id}/back").status_code == 404


def test_who_else_is_here_is_told_while_they_are(app: Flask, client: FlaskClient, author: User, at: datetime) -> None:
    post = make_post(author)
    other = app.test_client()
    sign_in(other, make_staff(name="小周"))
    assert "小周" not in client.post(f"{post.url}/presence", data={"revision": "1"}, headers=HTMX).text
    assert "阿岚" in other.post(f"{post.url}/presence", data={"revision": "1"}, headers=HTMX).text
    assert "小周" in client.post(f"{post.url}/presence", data={"revision": "1"}, headers=HTMX).text
    clock.set_to(at + timedelta(seconds=40))
    assert "小周" not in client.post(f"{post.url}/presence", data={"revision": "1"}, headers=HTMX).text


def test_a_page_that_has_fallen_behind_is_told_who_saved(client: FlaskClient, author: User, at: datetime) -> None:
    post = make_post(author, text="一")
    save(post, Draft("二"), revision=1, by=make_staff(name="小周"), at=at)
    assert "notice-warn" in client.post(f"{post.url}/presence", data={"revision": "1"}, headers=HTMX).text
    assert "notice-warn" not in client.post(f"{post.url}/presence", data={"revision": "2"}, headers=HTMX).text
    assert client.post(f"/posts/{random_id()}/presence", data={"revision": "x"}, headers=HTMX).status_code == 204


def test_people_are_offered_by_the_beginning_of_their_names(client: FlaskClient, at: datetime) -> None:
    make_fan("小满")
    make_fan("大小姐")
    db.session.add(Handle(channel="mastodon", external_id="xiao@m.social", name="小船", first_seen_at=at))
    db.session.flush()
    found = client.get("/posts/handles?words=@小").json
    assert found is not None
    assert [(one["name"], one["mention"]) for one in found] == [
        ("小满", "小满"), ("小船", "xiao@m.social"),
    ]  # fmt: skip
    assert [one["name"] for one in client.get("/posts/handles?words=XIA").json or []] == ["小船"]
    assert client.get("/posts/handles?words=%25").json == []


def test_templates_and_hashtag_sets_are_made_changed_and_deleted(client: FlaskClient) -> None:
    data = {"kind": "hashtags", "name": "春天", "text": "春茶，#新茶 春茶"}
    assert client.post("/posts/templates", data=data).status_code == 303
    snippet = db.session.scalars(select(Snippet)).one()
    assert (snippet.kind, snippet.text) == (SnippetKind.HASHTAGS, "#春茶 #新茶")
    assert client.post("/posts/templates", data=data).status_code == 409
    assert client.post("/posts/templates", data={"kind": "template", "name": "", "text": "x"}).status_code == 422
    address = f"/posts/templates/{snippet.public_id}"
    assert client.post(address, data={"name": "春", "text": "一 二"}).status_code == 303
    assert "#一 #二" in client.get("/posts/templates").text
    assert "春" in client.get(address).text
    assert client.post(f"{address}/delete").status_code == 303
    assert client.get(address).status_code == 404


def test_a_post_can_begin_with_a_template(client: FlaskClient, author: User, at: datetime) -> None:
    snippet = make(SnippetKind.TEMPLATE, "开团", "今晚八点开团：", by=author, at=at)
    page = client.get(client.get(f"/posts/new?template={snippet.public_id}").location)
    assert "今晚八点开团：</textarea>" in page.text
    assert db.session.scalar(select(func.count()).select_from(BrandPost)) == 0


def test_tags_are_tags_however_they_were_typed() -> None:
    assert hashtags_in("#茶 ＃新,  山；茶\n#") == "#茶 #新 #山"


def test_a_post_that_is_out_in_one_place_can_still_be_changed_for_the_other(
    client: FlaskClient, author: User, at: datetime, mastodon: ChannelAccount
) -> None:
    client.post(f"/posts/{random_id()}", data=form(mastodon))
    post = the_post()
    here, there = scheduling.schedule_all(post, datetime(2026, 3, 2, 10), "UTC", by=author, at=at)
    here.state, there.state = DeliveryState.PUBLISHED, DeliveryState.FAILED
    key = mastodon.public_id
    page = client.get(post.url)
    assert f'id="text-{key}"' in page.text
    data = form(mastodon, revision=1) | {f"own-{key}": "text", f"text-{key}": "短一点"}
    assert client.post(f"/publishing/{post.public_id}/now", data=data).status_code == 303
    assert db.session.scalars(select(Delivery).where(Delivery.account_id == mastodon.id)).one().state == "scheduled"
    assert client.post(post.url, data=form(mastodon, text="改了", revision=2)).status_code == 409


def test_who_only_reads_posts_sees_versions_and_changes_nothing(app: Flask, author: User) -> None:
    post = make_post(author)
    reader = app.test_client()
    sign_in(reader, make_staff(Role.EXECUTIVE, "小王"))
    assert reader.get(f"{post.url}/versions").status_code == 200
    for address in (f"{post.url}/presence", f"{post.url}/video", "/posts/templates"):
        assert reader.post(address).status_code == 404
    assert reader.get("/posts/handles?words=x").status_code == 404
