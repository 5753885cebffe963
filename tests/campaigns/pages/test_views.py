"""The editor, versions and previews on screen, with scripts and without."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from campaigns.pages import drafting, versions
from campaigns.planning.models import Campaign
from commons import clock
from commons.db import db
from commons.permissions import Role
from tests.campaigns.factories import make_campaign, signed_in_fan
from tests.campaigns.pages.factories import a_page, ids_of, kinds_of, published, text, writer
from tests.factories import make_staff, sign_in

HTMX = {"HX-Request": "true"}
QUESTION = {"title_zh": "大家问的", "lines-0-question_zh": "能退吗？", "lines-0-answer_zh": "能。"}


@pytest.fixture
def campaign(app: Flask, at: datetime) -> Campaign:
    return make_campaign()


def draft(campaign: Campaign) -> list[str]:
    page = drafting.page_of(campaign)
    assert page is not None
    return kinds_of(page)


def fields(campaign: Campaign, place: int) -> dict[str, object]:
    page = drafting.page_of(campaign)
    assert page is not None
    return dict(drafting.blocks_of(page)[place].fields)


def test_the_editor_shows_the_page_as_fans_see_it_with_verbs_for_every_block(
    lead: FlaskClient, campaign: Campaign
) -> None:
    a_page(campaign, "六张茶桌")
    page = lead.get(f"/pages/{campaign.public_id}").text
    assert "六张茶桌" in page
    for verb in ("move", "duplicate", "remove"):
        assert f'formaction="/pages/{campaign.public_id}/blocks/text0/{verb}"' in page
    for kind in ("hero", "text", "picture", "video", "missions", "leaderboard", "gallery", "group_buy", "countdown"):
        assert kind == "hero" or f"add={kind}" in page
    assert "add=hero" not in page


def test_looking_at_the_editor_writes_nothing(lead: FlaskClient, campaign: Campaign) -> None:
    lead.get(f"/pages/{campaign.public_id}")
    assert drafting.page_of(campaign) is None


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_block_is_added_changed_moved_copied_removed_and_undone(
    lead: FlaskClient, campaign: Campaign, headers: dict[str, str]
) -> None:
    base, page = f"/pages/{campaign.public_id}", a_page(campaign, "一")

    def post(path: str, **data: object) -> int:
        sent = {"revision": page.revision, **data}
        status = lead.post(base + path, data=sent, headers=headers).status_code
        db.session.refresh(page)
        return status

    good = 200 if headers else 303
    assert post("/blocks", kind="text", place=1, text_zh="二") == good
    assert [fields(campaign, 1)["text_zh"], fields(campaign, 2)["text_zh"]] == ["二", "一"]
    assert post("/blocks/text0", kind="text", text_zh="一杯", text_en="One cup") == good
    assert fields(campaign, 2)["text_en"] == "One cup"
    assert post("/blocks/text0/move", place=0) == good
    assert ids_of(page)[0] == "text0"
    assert post("/blocks/text0/duplicate") == good
    assert kinds_of(page) == ["text", "text", "hero", "text"]
    assert post("/blocks/text0/remove") == good
    assert "text0" not in ids_of(page)
    assert post("/undo") == good
    assert ids_of(page)[0] == "text0"


def test_a_form_that_is_not_right_keeps_what_was_typed_and_says_why(lead: FlaskClient, campaign: Campaign) -> None:
    answer = lead.post(
        f"/pages/{campaign.public_id}/blocks", data={"kind": "text", "title_zh": "只有标题"}, headers=HTMX
    )
    assert answer.status_code == 422
    assert "Write it in one language at least" in answer.text
    assert "只有标题" in answer.text
    assert drafting.page_of(campaign) is None


def test_the_form_opens_in_the_place_of_its_block(lead: FlaskClient, campaign: Campaign) -> None:
    a_page(campaign, "六张茶桌")
    page = lead.get(f"/pages/{campaign.public_id}?edit=text0").text
    assert 'id="form-text0"' in page
    assert ">六张茶桌</textarea>" in page.replace("\r\n", "")
    assert lead.get(f"/pages/{campaign.public_id}?edit=nowhere").status_code == 404
    assert lead.get(f"/pages/{campaign.public_id}?add=nonsense").status_code == 404


@pytest.mark.parametrize(
    "kind",
    ["text", "picture", "video", "missions", "leaderboard", "gallery", "group_buy", "countdown", "questions", "posts", "more"],
)  # fmt: skip
def test_every_kind_has_a_form(lead: FlaskClient, campaign: Campaign, kind: str) -> None:
    a_page(campaign)
    page = lead.get(f"/pages/{campaign.public_id}?add={kind}&place=1").text
    assert 'id="new-block"' in page
    assert f'name="kind" value="{kind}"' in page


def test_questions_without_words_are_left_out(lead: FlaskClient, campaign: Campaign) -> None:
    a_page(campaign)
    more = {"lines-1-question_zh": "", "lines-1-answer_zh": " "}
    lead.post(f"/pages/{campaign.public_id}/blocks", data={"kind": "questions", "place": 1, **QUESTION, **more})
    assert [line["question_zh"] for line in fields(campaign, 1)["lines"]] == ["能退吗？"]  # type: ignore[attr-defined]
    half = {"kind": "questions", "place": 1, "lines-0-question_zh": "能退吗？"}
    assert lead.post(f"/pages/{campaign.public_id}/blocks", data=half).status_code == 422
    assert "能退吗？" in lead.get(f"/pages/{campaign.public_id}?edit={_last(campaign)}").text


def _last(campaign: Campaign) -> str:
    page = drafting.page_of(campaign)
    assert page is not None
    return ids_of(page)[1]


def test_a_picture_wants_words_and_is_taken_in(lead: FlaskClient, campaign: Campaign) -> None:
    a_page(campaign)

    def send(**words: str) -> int:
        file = BytesIO()
        Image.new("RGB", (40, 30), "tan").save(file, "PNG")
        file.seek(0)
        data = {"kind": "picture", "place": 1, "picture_file": (file, "table.png"), **words}
        return lead.post(f"/pages/{campaign.public_id}/blocks", data=data).status_code

    assert send() == 422
    assert send(alt_zh="一张茶桌") == 303
    assert fields(campaign, 1)["picture"]
    broken = {"kind": "picture", "alt_zh": "茶", "picture_file": (BytesIO(b"no picture"), "x.png")}
    answer = lead.post(f"/pages/{campaign.public_id}/blocks", data=broken)
    assert answer.status_code == 422
    assert "not a picture" in answer.text


@pytest.mark.parametrize(
    "address",
    ["https://video.example/tea.mp4", "/media/videos/nonesuch2222", "javascript:alert(1)", "//evil/media/videos/x"],
)
def test_a_video_of_others_is_refused(lead: FlaskClient, campaign: Campaign, address: str) -> None:
    data = {"kind": "video", "address": address, "alt_zh": "泡茶"}
    answer = lead.post(f"/pages/{campaign.public_id}/blocks", data=data)
    assert answer.status_code == 422
    assert "Pages play videos of this house only" in answer.text


def test_who_is_late_finds_everything_typed_and_what_changed(
    lead: FlaskClient, campaign: Campaign, at: datetime
) -> None:
    page = a_page(campaign, "一")
    read, other = page.revision, writer("林夏")
    drafting.change(page, "text0", text("林夏的话"), revision=read, by=other, at=at)
    mine = {"kind": "text", "revision": read, "text_zh": "我写了很久的话"}
    answer = lead.post(f"/pages/{campaign.public_id}/blocks/text0", data=mine, headers=HTMX)
    assert answer.status_code == 409
    for words in ("林夏 has changed this", "<ins>林夏的话</ins>", "我写了很久的话", f'value="{read + 1}"'):
        assert words in answer.text
    again = {**mine, "revision": read + 1}
    assert lead.post(f"/pages/{campaign.public_id}/blocks/text0", data=again).status_code == 303
    assert fields(campaign, 1)["text_zh"] == "我写了很久的话"


def test_what_was_typed_into_a_block_that_is_gone_is_offered_as_a_new_one(
    lead: FlaskClient, campaign: Campaign, at: datetime
) -> None:
    page = a_page(campaign, "一")
    read = page.revision
    drafting.remove(page, "text0", revision=read, by=writer("林夏"), at=at)
    mine = {"kind": "text", "revision": read, "text_zh": "我写了很久的话"}
    answer = lead.post(f"/pages/{campaign.public_id}/blocks/text0", data=mine, headers=HTMX)
    assert answer.status_code == 409
    assert 'id="new-block"' in answer.text
    assert "我写了很久的话" in answer.text


def test_the_editor_says_which_language_lacks(lead: FlaskClient, campaign: Campaign) -> None:
    a_page(campaign, "只有中文")
    assert "English lacks" in lead.get(f"/pages/{campaign.public_id}").text


@pytest.mark.parametrize("path", ["", "/versions", "/preview", "/frame", "/tests"])
def test_the_editor_is_for_staff(client: FlaskClient, campaign: Campaign, path: str) -> None:
    signed_in_fan(client)
    assert client.get(f"/pages/{campaign.public_id}{path}").status_code == 404


def test_who_writes_pages_may_not_publish_them(client: FlaskClient, campaign: Campaign) -> None:
    page = a_page(campaign, "一")
    sign_in(client, make_staff(Role.SOCIAL_MANAGER))
    assert client.get(f"/pages/{campaign.public_id}").status_code == 200
    sent = {"act": "now", "revision": page.revision}
    assert client.post(f"/pages/{campaign.public_id}/publish", data=sent).status_code == 404
    assert versions.current(campaign.id) is None


def test_the_draft_is_published_now_or_planned_moved_and_called_off(
    lead: FlaskClient, campaign: Campaign, at: datetime
) -> None:
    base, page = f"/pages/{campaign.public_id}", a_page(campaign, "一")
    assert lead.post(f"{base}/publish", data={"act": "now", "revision": page.revision}).status_code == 303
    version = versions.current(campaign.id)
    assert version is not None
    drafting.change(page, "text0", text("二"), revision=page.revision, by=writer(), at=at)
    later = {"act": "later", "revision": page.revision, "when": "2026-03-02T09:00", "zone": "Asia/Shanghai"}
    assert lead.post(f"{base}/publish", data=later).status_code == 303
    planned = next(one for one in versions.publications_of(page) if one.is_planned)
    moved = {"when": "2026-03-03T09:00", "zone": "Asia/Shanghai"}
    lead.post(f"{base}/publications/{planned.public_id}/move", data=moved)
    db.session.refresh(planned)
    assert planned.due_at == datetime.fromisoformat("2026-03-03T01:00+00:00")
    shown = lead.get(f"{base}/versions").text
    assert "Version 2" in shown
    lead.post(f"{base}/publications/{planned.public_id}/cancel")
    db.session.refresh(planned)
    assert planned.cancelled_at is not None
    assert lead.post(f"{base}/publish", data={"act": "later", "revision": page.revision}).status_code == 422


def test_two_versions_are_compared_and_one_comes_back(lead: FlaskClient, campaign: Campaign, at: datetime) -> None:
    page = a_page(campaign, "一杯")
    first = published(page)
    drafting.change(page, "text0", text("一杯茶"), revision=page.revision, by=writer(), at=at)
    second = published(page)
    shown = lead.get(f"/pages/{campaign.public_id}/versions?old={first.public_id}&new={second.public_id}").text
    assert "<ins>茶</ins>" in shown
    back = f"/pages/{campaign.public_id}/versions/{first.public_id}/restore"
    assert lead.post(back, data={"revision": page.revision}).status_code == 303
    assert fields(campaign, 1)["text_zh"] == "一杯"


def test_the_preview_is_as_wide_as_a_phone_or_a_laptop_and_may_be_framed_by_us_alone(
    lead: FlaskClient, campaign: Campaign
) -> None:
    a_page(campaign, "只有中文")
    base = f"/pages/{campaign.public_id}"
    assert 'width="360"' in lead.get(f"{base}/preview").text
    wide = lead.get(f"{base}/preview?width=laptop&language=en")
    assert 'width="1280"' in wide.text
    assert "frame-src 'self'" in wide.headers["Content-Security-Policy"]
    frame = lead.get(f"{base}/frame?language=zh_Hans")
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in frame.headers["Content-Security-Policy"]
    assert '<html lang="zh-Hans"' in frame.text
    assert '<html lang="en"' in lead.get(f"{base}/frame?language=en").text
    elsewhere = lead.get(f"/participation/{campaign.public_id}")
    assert elsewhere.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in elsewhere.headers["Content-Security-Policy"]


def test_a_secret_address_shows_the_draft_until_it_ends(
    lead: FlaskClient, app: Flask, campaign: Campaign, at: datetime
) -> None:
    a_page(campaign, "还没发布")
    made = lead.post(f"/pages/{campaign.public_id}/shares", data={"days": "3"}).text
    path = re.search(r"/pages/shared/[a-z0-9]+", made)
    assert path is not None
    stranger = app.test_client()
    seen = stranger.get(path[0])
    assert "还没发布" in seen.text
    assert seen.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in seen.headers["X-Robots-Tag"]
    assert "A table for one" in stranger.get(f"{path[0]}?language=en").text
    assert path[0] not in lead.get(f"/pages/{campaign.public_id}/preview").text
    clock.set_to(at + timedelta(days=3))
    assert stranger.get(path[0]).status_code == 410
    assert stranger.get("/pages/shared/" + "a" * 32).status_code == 404


def test_a_secret_address_is_ended_by_hand(lead: FlaskClient, app: Flask, campaign: Campaign) -> None:
    a_page(campaign, "还没发布")
    made = lead.post(f"/pages/{campaign.public_id}/shares", data={"days": "14"}).text
    path = re.search(r"/pages/shared/[a-z0-9]+", made)
    end = re.search(r"/pages/\w+/shares/\w+/end", made)
    assert path is not None
    assert end is not None
    lead.post(end[0])
    assert app.test_client().get(path[0]).status_code == 410


def test_the_board_tells_which_version_fans_see(lead: FlaskClient, campaign: Campaign) -> None:
    published(a_page(campaign, "一"))
    assert "Fans see version 1." in lead.get(f"/control/{campaign.public_id}").text
