"""The pages of tags as staff open them, with and without scripts."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons import jobs
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Role
from community.members.models import Member
from community.members.segments.tree import Leaf
from community.members.tags import naming, running, tagging, views
from community.members.tags.models import Tag
from tests.community.members.segments.factories import every, make_segment
from tests.factories import make_fan, make_staff, sign_in

HTMX = {"HX-Request": "true"}


@pytest.fixture
def lead(app: Flask, at: datetime) -> User:
    return make_staff(Role.CAMPAIGN_LEAD, language="en")


@pytest.fixture
def staff(lead: User, client: FlaskClient) -> FlaskClient:
    """A signed-in campaign lead, whose pages are in English."""
    sign_in(client, lead)
    return client


def a_tag(word: str, by: User, at: datetime, *members: Member) -> Tag:
    tag = naming.named(word, by=by, at=at)
    tagging.put_on(tag, [member.id for member in members], by=by, at=at)
    return tag


def names_of(member: Member) -> list[str]:
    return [tag.name for tag in tagging.tags_of([member.id])[member.id]]


def test_a_fan_finds_nothing_here(client: FlaskClient, lead: User, at: datetime) -> None:
    fan = make_fan()
    tag = a_tag("茶艺师", lead, at, fan)
    assert fan.user is not None
    sign_in(client, fan.user)

    assert client.get("/members/tags").status_code == 404
    assert client.get(f"/members/tags/{tag.public_id}").status_code == 404
    assert client.post("/members/tags/apply", data={"word": "x"}).status_code == 404
    assert client.post(f"/members/{fan.public_id}/tags", data={"word": "x"}).status_code == 404


def test_whoever_may_only_read_changes_nothing(client: FlaskClient, lead: User, at: datetime) -> None:
    fan = make_fan()
    tag = a_tag("茶艺师", lead, at, fan)
    sign_in(client, make_staff(Role.EXECUTIVE, language="en"))

    assert "茶艺师" in client.get("/members/tags").text
    assert "茶艺师" in client.get(f"/members/{fan.public_id}").text
    assert "Put it on" not in client.get("/members").text + client.get(f"/members/{fan.public_id}").text
    assert client.post(f"/members/tags/{tag.public_id}/remove").status_code == 404


def test_an_empty_page_says_how_tags_come_about(staff: FlaskClient) -> None:
    assert "No tag yet" in staff.get("/members/tags").text


def test_a_member_is_tagged_on_the_profile(staff: FlaskClient) -> None:
    fan = make_fan()
    address = f"/members/{fan.public_id}/tags"

    assert staff.post(address, data={"word": "茶艺师"}).status_code == 303
    panel = staff.post(address, data={"word": "VIP"}, headers=HTMX).text
    assert "茶艺师" in panel
    assert "<html" not in panel
    refused = staff.post(address, data={"word": "two words"}, headers=HTMX)
    assert (refused.status_code, "A tag is one word." in refused.text) == (422, True)
    assert 'value="two words"' in refused.text
    assert names_of(fan) == ["VIP", "茶艺师"]

    tag = naming.called("vip")
    assert tag is not None
    staff.post(f"{address}/{tag.public_id}/off")
    assert names_of(fan) == ["茶艺师"]
    assert "Lost the tag “VIP”" in staff.get(f"/members/{fan.public_id}").text


def test_the_list_shows_tags_and_is_narrowed_by_one(staff: FlaskClient, lead: User, at: datetime) -> None:
    fan, other = make_fan("小满"), make_fan("阿木")
    tag = a_tag("茶艺师", lead, at, fan)

    narrowed = staff.get(f"/members?tag={tag.public_id}").text

    assert fan.public_id in narrowed
    assert other.public_id not in narrowed
    assert "茶艺师" in staff.get(f"/members/members.csv?tag={tag.public_id}", buffered=True).text
    assert "Nobody matches" in staff.get("/members?tag=nothing").text


def test_ticked_members_are_tagged_and_the_others_are_not(staff: FlaskClient) -> None:
    fan, other, third = make_fan("小满"), make_fan("阿木"), make_fan("小山")
    sent = {"word": "春茶", "act": "put_on", "whom": "ticked", "member": [fan.public_id, other.public_id, "nobody"]}

    assert staff.post("/members/tags/apply", data=sent).status_code == 303

    assert [names_of(one) for one in (fan, other, third)] == [["春茶"], ["春茶"], []]
    assert "2 members changed" in staff.get("/members").text


def test_everybody_of_the_list_is_tagged_with_progress(
    staff: FlaskClient, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running.step, "__defaults__", (2,))
    fans = [make_fan(f"春{number}") for number in range(5)]
    other = make_fan("阿木")

    answer = staff.post("/members/tags/apply", data={"word": "春茶", "act": "put_on", "whom": "found", "name": "春"})
    shown = staff.get(answer.location).text
    assert "2 of 5 members" in shown
    assert "hx-get" in shown
    jobs.drain(at)

    done = staff.get(answer.location, headers=HTMX).text
    assert "It made a difference for 5 members." in done
    assert "hx-get" not in done
    assert [names_of(fan) for fan in fans] == [["春茶"]] * 5
    assert names_of(other) == []


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"word": "春茶", "act": "put_on"}, "Tick the members first"),
        ({"word": "", "act": "put_on", "whom": "found"}, "A tag needs a word."),
        ({"word": "没有", "act": "take_off", "whom": "found"}, "There is no tag “没有”."),
    ],
)
def test_an_act_that_means_nothing_is_answered(staff: FlaskClient, sent: dict[str, str], words: str) -> None:
    make_fan()
    staff.post("/members/tags/apply", data=sent)

    assert words in staff.get("/members").text
    assert naming.offered() == []


def test_a_tag_is_renamed_merged_and_removed_on_its_page(staff: FlaskClient, lead: User, at: datetime) -> None:
    fan = make_fan()
    old, new = a_tag("常客", lead, at, fan), a_tag("老茶客", lead, at)
    page = f"/members/tags/{old.public_id}"
    assert "On 1 member" in staff.get(page).text

    taken = staff.post(f"{page}/rename", data={"word": "老茶客"})
    assert (taken.status_code, "There is a tag “老茶客” already." in taken.text) == (422, True)
    assert staff.post(f"{page}/rename", data={"word": "熟客"}).status_code == 303
    staff.post(f"{page}/merge", data={"into": new.public_id})
    assert names_of(fan) == ["熟客"]
    staff.post(f"{page}/merge", data={"into": new.public_id, "sure": "1"})

    assert names_of(fan) == ["老茶客"]
    assert staff.get(page).status_code == 404
    assert staff.post(f"/members/tags/{new.public_id}/remove").status_code == 303
    assert names_of(fan) == []


def test_a_tag_that_a_segment_asks_about_says_so(staff: FlaskClient, lead: User, at: datetime) -> None:
    tag = a_tag("常客", lead, at, make_fan())
    make_segment(every(Leaf("tag", {"tag": tag.public_id})), "常来的人")

    page = staff.get(f"/members/tags/{tag.public_id}").text

    assert "常来的人" in page
    assert "Remove the tag" not in page
    assert staff.post(f"/members/tags/{tag.public_id}/remove").status_code == 409
    assert db.session.get(Tag, tag.id) is not None


def test_a_segment_is_made_of_a_tag_in_the_form(staff: FlaskClient, lead: User, at: datetime) -> None:
    tag = a_tag("常客", lead, at, make_fan())
    make_fan("阿木")
    sent = {"t-join": "all", "t-0-is": "tag", "t-0-tag": tag.public_id}

    assert "1 of 2 members" in staff.post("/members/segments/count", data=sent, headers=HTMX).text
    assert staff.post("/members/segments/new", data=sent | {"name": "甲"}).status_code == 303
    assert "Has the tag “常客”" in staff.get("/members/segments").text


def test_names_with_signs_are_shown_as_they_are(staff: FlaskClient) -> None:
    fan = make_fan()
    staff.post(f"/members/{fan.public_id}/tags", data={"word": "<b>x</b>\u202e"})

    assert "&lt;b&gt;x&lt;/b&gt;" in staff.get("/members/tags").text
    assert "<b>x" not in staff.get("/members").text


def test_many_tags_stand_on_several_pages_and_all_of_them_in_the_file(
    staff: FlaskClient, lead: User, at: datetime
) -> None:
    fan = make_fan()
    a_tag("茶00", lead, at, fan)
    for number in range(1, views.PAGE + 1):
        a_tag(f"茶{number:02}", lead, at)

    first, second = staff.get("/members/tags").text, staff.get("/members/tags?page=2").text
    lines = staff.get("/members/tags.csv", buffered=True).text.splitlines()

    assert ("茶00" in first, f"茶{views.PAGE}" in first) == (True, False)
    assert ("茶00" in second, f"茶{views.PAGE}" in second) == (False, True)
    assert (lines[1], len(lines)) == ("茶00,1,2026-03-01", views.PAGE + 2)
    assert "No tag on this page" in staff.get("/members/tags?page=9").text
