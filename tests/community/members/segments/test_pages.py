"""The pages of segments as staff open them, with and without scripts."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons import jobs
from commons.accounts.slots import exporting
from commons.db import db
from commons.permissions import Role
from community.members.segments import listing
from community.members.segments.models import Segment
from community.members.segments.tree import Join, Leaf
from tests.community.loyalty.factories import comment
from tests.community.members.segments.factories import catch_up, every, kept, make_segment, none, one, times
from tests.factories import make_fan, make_staff, sign_in

NEW = "/members/segments/new"
LEAF = {
    "t-join": "all", "t-0-is": "facts", "t-0-fact": "interaction.comment", "t-0-how": "at_least", "t-0-times": "1",
    "t-0-period": "last", "t-0-days": "30", "t-0-evidence": "",
}  # fmt: skip
HTMX = {"HX-Request": "true"}


@pytest.fixture
def staff(app: Flask, client: FlaskClient, at: datetime) -> FlaskClient:
    """A signed-in campaign lead, whose pages are in English."""
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD, language="en"))
    return client


def the_segment() -> Segment:
    return db.session.scalars(select(Segment)).one()


def test_a_fan_finds_nothing_here(client: FlaskClient, at: datetime) -> None:
    segment = make_segment(every(times("interaction.comment")))
    fan = make_fan()
    assert fan.user is not None
    sign_in(client, fan.user)

    for address in (
        "",
        "/new",
        f"/{segment.public_id}",
        f"/{segment.public_id}/edit",
        f"/{segment.public_id}/members.csv",
    ):
        assert client.get(f"/members/segments{address}").status_code == 404
    assert client.post("/members/segments/count", data=LEAF).status_code == 404
    assert client.post(NEW, data=LEAF | {"name": "x"}).status_code == 404


def test_whoever_may_only_read_changes_nothing(client: FlaskClient, at: datetime) -> None:
    segment = make_segment(every(times("interaction.comment")))
    sign_in(client, make_staff(Role.EXECUTIVE, language="en"))

    assert client.get(f"/members/segments/{segment.public_id}").status_code == 200
    assert "New segment" not in client.get("/members/segments").text
    assert client.post(f"/members/segments/{segment.public_id}/remove").status_code == 404
    assert client.get(f"/members/segments/{segment.public_id}/edit").status_code == 404


def test_an_empty_list_says_what_a_segment_is(staff: FlaskClient) -> None:
    assert "No segment yet" in staff.get("/members/segments").text


def test_a_segment_is_made_in_the_form_and_worked_out_in_the_background(staff: FlaskClient, at: datetime) -> None:
    fan = make_fan("小满")
    make_fan("阿木")
    comment(fan, at)
    assert "What they did" in staff.get(NEW).text

    answer = staff.post(NEW, data=LEAF | {"name": "评论过的人", "note": "茶会"})

    segment = the_segment()
    assert answer.status_code == 303
    assert segment.rules == every(times("interaction.comment", period="last", days=30))
    assert "Being worked out" in staff.get(f"/members/segments/{segment.public_id}").text
    jobs.drain(at)
    page = staff.get(f"/members/segments/{segment.public_id}").text
    assert "小满" in page
    assert "阿木" not in page
    assert "Comment: at least 1 time, in the last 30 days" in page
    assert "评论过的人" in staff.get("/members/segments").text
    assert "评论过的人" in staff.get(f"/members/{fan.public_id}").text


def test_parts_are_added_and_dropped_by_plain_buttons(staff: FlaskClient) -> None:
    sent = LEAF | {"name": "甲"}
    with_group = staff.post(NEW, data=sent | {"act": "group:t"}).text
    assert 'name="t-1-join"' in with_group
    sent |= {"t-1-join": "none", "t-1-new": "joined"}
    with_inner = staff.post(NEW, data=sent | {"act": "add:t-1"}).text
    assert 'name="t-1-0-is" value="joined"' in with_inner
    assert 'value="甲"' in with_inner
    sent |= {"t-1-0-is": "joined", "t-1-0-period": "ever", "t-1-0-days": "5"}
    moved_up = staff.post(NEW, data=sent | {"act": "drop:t-0"}).text
    assert 'name="t-0-0-is" value="joined"' in moved_up
    assert re.search(r'name="t-0-0-days"[^>]*value="5"', moved_up)
    assert 'name="t-1-join"' not in moved_up
    assert db.session.scalars(select(Segment)).all() == []


def test_nested_groups_are_saved_as_they_stand(staff: FlaskClient) -> None:
    make_fan()
    sent = LEAF | {
        "name": "甲", "t-1-join": "none", "t-1-0-is": "handle", "t-1-0-channel": "circle", "t-2-join": "any",
        "t-2-0-is": "joined", "t-2-0-period": "last", "t-2-0-days": "7",
    }  # fmt: skip

    assert staff.post(NEW, data=sent).status_code == 303

    rules = the_segment().rules
    assert [getattr(part, "join", None) for part in rules.parts] == [None, Join.NONE, Join.ANY]
    assert rules.parts[1].parts == (Leaf("handle", {"channel": "circle"}),)  # type: ignore[union-attr]
    assert staff.get(f"/members/segments/{the_segment().public_id}/edit").text.count("segment-leaf") == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Please fill this in"),
        ({"t-0-times": "x"}, "Not a valid integer value"),
        ({"t-0-times": "0"}, "At least 0 times is true of everybody"),
        ({"t-0-days": ""}, "Say how many days"),
        ({"t-0-fact": "nothing"}, "Not a valid choice"),
        ({"t-0-period": "between"}, "Choose at least one of the two days"),
        ({"t-0-period": "between", "t-0-first": "2026-02-02", "t-0-last": "2026-02-01"}, "lies before the first"),
        ({"t-1-join": "any"}, "A group has no condition"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(staff: FlaskClient, change: dict[str, str], words: str) -> None:
    answer = staff.post(NEW, data=LEAF | {"name": "甲"} | change)

    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.scalars(select(Segment)).all() == []


def test_everybody_is_asked_about_before_it_is_saved(staff: FlaskClient) -> None:
    make_fan()
    sent = LEAF | {"name": "全部", "t-join": "none"}
    refused = staff.post(NEW, data=sent)
    assert refused.status_code == 422
    assert "Nobody is left out: all 1 member fits." in refused.text
    assert "Everybody is meant" in refused.text

    assert staff.post(NEW, data=sent | {"everybody": "y"}).status_code == 303


def test_the_count_follows_the_form_and_writes_nothing(staff: FlaskClient, at: datetime) -> None:
    fans = [make_fan(f"粉丝{number}") for number in range(3)]
    comment(fans[0], at)

    assert "1 of 3 members" in staff.post("/members/segments/count", data=LEAF, headers=HTMX).text
    assert (
        "Nobody is left out"
        in staff.post("/members/segments/count", data=LEAF | {"t-0-how": "at_most"}, headers=HTMX).text
    )
    unfinished = staff.post("/members/segments/count", data=LEAF | {"t-0-times": ""}, headers=HTMX).text
    assert "once every condition is complete" in unfinished
    assert db.session.scalars(select(Segment)).all() == []


def test_a_segment_that_would_ask_about_itself_is_refused_on_the_page(staff: FlaskClient) -> None:
    inner = make_segment(every(times("interaction.comment")), "甲")
    outer = make_segment(every(Leaf("segment", {"segment": inner.id})), "乙")
    sent = {"name": "甲", "t-join": "all", "t-0-is": "segment", "t-0-segment": str(outer.id)}

    answer = staff.post(f"/members/segments/{inner.public_id}/edit", data=sent)

    assert answer.status_code == 422
    assert "would ask about itself" in answer.text
    shown = staff.get(f"/members/segments/{inner.public_id}").text
    assert "乙" in shown
    assert "Remove it" not in shown
    assert staff.post(f"/members/segments/{inner.public_id}/remove").status_code == 409


def test_rules_are_changed_and_a_segment_is_removed(staff: FlaskClient, at: datetime) -> None:
    fan = make_fan("小满")
    segment = make_segment(one(times("interaction.comment")))
    shown = staff.get(f"/members/segments/{segment.public_id}/edit").text
    assert "0 of 1 member" in shown
    sent = LEAF | {"name": "甲", "t-0-how": "at_most", "t-0-times": "0", "everybody": "y"}

    assert staff.post(f"/members/segments/{segment.public_id}/edit", data=sent).status_code == 303
    jobs.drain(at)

    assert kept(segment) == {fan.id}
    assert staff.post(f"/members/segments/{segment.public_id}/remove").status_code == 303
    assert staff.get(f"/members/segments/{segment.public_id}").status_code == 404


def test_the_export_is_right_even_before_anybody_was_looked_at(staff: FlaskClient, at: datetime) -> None:
    fan = make_fan("=1+1")
    make_fan("阿木")
    segment = make_segment(every(times("interaction.comment")))
    comment(fan, at)

    answer = staff.get(f"/members/segments/{segment.public_id}/members.csv", buffered=True)

    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [row[:2] for row in rows] == [["Name", "Number"], ["'=1+1", fan.public_id]]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_proof_can_be_asked_for(staff: FlaskClient, at: datetime) -> None:
    segment = make_segment(every(times("interaction.comment")))

    assert staff.post(f"/members/segments/{segment.public_id}/prove").status_code == 303
    assert "hx-get" in staff.get(f"/members/segments/{segment.public_id}/state", headers=HTMX).text
    jobs.drain(at)

    assert "no difference" in staff.get(f"/members/segments/{segment.public_id}/state", headers=HTMX).text


def test_what_was_chosen_and_is_offered_no_more_stays_to_be_seen(staff: FlaskClient) -> None:
    make_fan()
    segment = make_segment(every(Leaf("handle", {"channel": "nowhere"})))
    address = f"/members/segments/{segment.public_id}/edit"

    assert '<option selected value="nowhere">(no longer there)</option>' in staff.get(address).text
    sent = {"name": "甲", "t-join": "all", "t-0-is": "handle", "t-0-channel": "nowhere"}
    assert "Not a valid choice" in staff.post(address, data=sent).text


def test_names_with_signs_are_shown_as_they_are(staff: FlaskClient) -> None:
    make_segment(none(times("interaction.comment")), "<b>\u202e甲</b>")

    page = staff.get("/members/segments").text

    assert "<b>\u202e" not in page
    assert "<bdi>&lt;b&gt;" in page


def test_a_name_cannot_turn_the_direction_of_the_page_or_be_invisible(staff: FlaskClient, at: datetime) -> None:
    staff.post(NEW, data=LEAF | {"name": "茶\u202eevil\u200b", "note": "a\u2066b"})
    unseen = staff.post(NEW, data=LEAF | {"name": "\u202e\u200b"})

    made = db.session.scalars(select(Segment)).one()
    assert (made.name, made.note) == ("茶evil", "ab")
    assert unseen.status_code == 422


@pytest.mark.parametrize("sent", [{}, {"t-join": "x"}, {"t-0-is": "nothing"}, {"act": "add:t-9-9"}, {"act": "drop"}])
def test_a_form_that_makes_no_sense_breaks_nothing(staff: FlaskClient, sent: dict[str, str]) -> None:
    assert staff.post(NEW, data=sent).status_code in {200, 422}
    assert staff.post("/members/segments/count", data=sent, headers=HTMX).status_code == 200


def test_far_too_many_conditions_are_answered_at_once(staff: FlaskClient) -> None:
    sent = {f"t-{group}-{leaf}-is": "facts" for group in range(10) for leaf in range(50)}

    answer = staff.post(NEW, data=sent)

    assert (answer.status_code, "These are too many conditions." in answer.text) == (422, True)


def test_my_data_names_my_segments(app: Flask, at: datetime) -> None:
    fan = make_fan()
    comment(fan, at)
    segment = make_segment(every(times("interaction.comment")), "评论过的人")
    catch_up(at)
    assert kept(segment) == {fan.id}
    assert fan.user is not None

    told = [part["segments"] for plug in exporting if "segments" in (part := plug(fan.user))]

    assert [entry["name"] for entry in told[0]] == ["评论过的人"]


def test_many_segments_stand_on_several_pages(staff: FlaskClient) -> None:
    for number in range(listing.PAGE + 1):
        make_segment(every(times("interaction.comment")), name=f"Segment {number:02}")

    first, second = staff.get("/members/segments").text, staff.get("/members/segments?page=2").text

    assert ("Segment 00" in first, f"Segment {listing.PAGE}" in first) == (True, False)
    assert ("Segment 00" in second, f"Segment {listing.PAGE}" in second) == (False, True)
    assert "No segment on this page" in staff.get("/members/segments?page=9").text
