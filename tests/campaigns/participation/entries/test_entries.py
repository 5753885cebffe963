"""Works that fans hand in: from the review queue to the count and the gallery."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from campaigns.participation.barring import Late
from campaigns.participation.entries import gallery, handing_in
from campaigns.participation.entries.gallery import Filter
from campaigns.participation.entries.handing_in import EnoughEntries
from campaigns.participation.entries.models import MissionEntry
from campaigns.planning.missions import writing
from campaigns.planning.models import Mission, MissionKind
from commons import clock
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, Invalid
from commons.permissions import Role
from community.members.models import Member
from community.reviews import deciding, standard, submitting
from community.reviews.models import State, Submission, Verdict
from tests.at_once import at_once
from tests.campaigns.factories import make_campaign, mission, signed_in_fan
from tests.campaigns.participation.factories import a_mission, counted, is_fulfilled
from tests.factories import NOON, make_fan, make_staff


@pytest.fixture
def one(app: Flask, at: datetime) -> Mission:
    standard.prepare(at)
    return a_mission(MissionKind.SUBMIT, settings={"picture": False, "most": 2})


def hand_in(
    one: Mission, fan: Member, at: datetime, words: str = "窗边的一张小桌。", key: str = "form0001"
) -> MissionEntry:
    return handing_in.hand_in(one, fan, words, (), key=key, at=at)


def reviewer() -> User:
    return make_staff(Role.CAMPAIGN_LEAD)


def accept(entry: MissionEntry, at: datetime) -> None:
    deciding.decide(entry.submission, Verdict.PUBLISH, by=reviewer(), at=at)


def refuse(entry: MissionEntry, verdict: Verdict, at: datetime) -> None:
    deciding.decide(entry.submission, verdict, by=reviewer(), at=at, clause="6.1", reason="看不清楚。")


def test_a_work_waits_and_counts_once_it_is_accepted(one: Mission, at: datetime) -> None:
    fan = make_fan()
    entry = hand_in(one, fan, at)
    assert entry.submission.state is State.WAITING
    assert counted(one, fan) == 0

    accept(entry, at)

    assert is_fulfilled(one, fan)


def test_one_form_sent_twice_is_one_work(one: Mission, at: datetime) -> None:
    fan = make_fan()

    assert hand_in(one, fan, at) is hand_in(one, fan, at)


def test_a_trusted_author_is_looked_at_as_well(one: Mission, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submitting, "is_trusted", lambda *_given: True)

    assert hand_in(one, make_fan(), at).submission.state is State.WAITING


def test_what_is_undone_or_removed_counts_no_more_and_leaves_the_gallery(one: Mission, at: datetime) -> None:
    fan, lead = make_fan(), reviewer()
    entry = hand_in(one, fan, at)
    decision = deciding.decide(entry.submission, Verdict.PUBLISH, by=lead, at=at)
    deciding.undo(decision, by=lead, at=at + timedelta(seconds=5))
    assert not is_fulfilled(one, fan)

    accept(entry, at + timedelta(seconds=9))
    assert is_fulfilled(one, fan)
    gallery.feature(entry, by=lead, at=at)
    assert list(gallery.featured(one.campaign)) == [entry]

    refuse(entry, Verdict.REMOVE, at + timedelta(minutes=2))
    assert not is_fulfilled(one, fan)
    assert list(gallery.featured(one.campaign)) == []


def test_a_work_that_its_author_withdraws_is_gone(one: Mission, at: datetime) -> None:
    fan = make_fan()
    entry = hand_in(one, fan, at)
    accept(entry, at)

    submitting.withdraw(entry.submission, fan, at)

    assert not is_fulfilled(one, fan)


def test_what_came_in_time_counts_however_late_it_is_looked_at(one: Mission, at: datetime) -> None:
    fan = make_fan()
    entry = hand_in(one, fan, at)

    accept(entry, one.campaign.ends_at + timedelta(days=1))

    assert is_fulfilled(one, fan)
    with pytest.raises(Late):
        hand_in(one, make_fan(), one.campaign.ends_at, key="form0002")


def test_a_work_that_waits_when_the_mission_is_closed_still_counts(one: Mission, at: datetime) -> None:
    fan = make_fan()
    entry = hand_in(one, fan, at)

    writing.close(one, by=one.campaign.lead, at=at + timedelta(hours=1))
    accept(entry, at + timedelta(hours=2))

    assert is_fulfilled(one, fan)
    with pytest.raises(Late):
        hand_in(one, fan, at + timedelta(hours=2), "又一张", "form0009")


def test_a_work_counts_for_the_mission_that_it_was_handed_in_for(app: Flask, at: datetime) -> None:
    standard.prepare(at)
    asks = [mission(MissionKind.SUBMIT, settings={"picture": False, "most": 1}) for _one in range(2)]
    fan, (one, other) = make_fan(), make_campaign(*asks).missions

    accept(hand_in(one, fan, at), at)

    assert (counted(one, fan), counted(other, fan)) == (1, 0)


def test_of_works_handed_in_at_once_none_is_twice_and_none_one_too_many(committed_app: Flask) -> None:
    clock.set_to(NOON)
    standard.prepare(NOON)
    one = a_mission(MissionKind.SUBMIT, settings={"picture": False, "most": 1})
    mission_id, member_id = one.id, make_fan().id
    db.session.commit()

    def act(key: str) -> None:
        mine, fan = db.session.get_one(Mission, mission_id), db.session.get_one(Member, member_id)
        hand_in(mine, fan, NOON, f"第 {key} 张", key)

    wrong = at_once(committed_app, *(lambda key=key: act(key) for key in ("form0001", "form0001", "form0002")))

    assert {type(error) for error in wrong} <= {EnoughEntries}
    assert db.session.query(MissionEntry).count() == db.session.query(Submission).count() == 1


def test_a_fan_hands_in_as_many_as_the_mission_takes(one: Mission, at: datetime) -> None:
    fan = make_fan()
    first, _second = (hand_in(one, fan, at, f"第{number}张茶席", f"form000{number}") for number in range(2))
    with pytest.raises(EnoughEntries):
        hand_in(one, fan, at, "又一张", "form0009")

    refuse(first, Verdict.REFUSE, at)

    assert hand_in(one, fan, at, "又一张", "form0009").submission.state is State.WAITING


def test_a_mission_may_ask_for_a_picture(app: Flask, at: datetime) -> None:
    asking = a_mission(MissionKind.SUBMIT, settings={"picture": True, "most": 1})

    with pytest.raises(Invalid):
        hand_in(asking, make_fan(), at)


def test_only_what_is_accepted_is_featured_and_its_author_is_told(one: Mission, at: datetime) -> None:
    entry = hand_in(one, make_fan(), at)
    with pytest.raises(Conflict):
        gallery.feature(entry, by=reviewer(), at=at)
    accept(entry, at)
    gallery.feature(entry, by=reviewer(), at=at)
    gallery.feature(entry, by=reviewer(), at=at + timedelta(hours=1))
    assert entry.featured_at == at

    gallery.unfeature(entry, by=reviewer(), at=at)

    assert not entry.is_featured
    assert is_fulfilled(one, entry.member)


def test_a_fan_hands_in_on_the_page_and_reads_what_became_of_it(
    client: FlaskClient, one: Mission, at: datetime
) -> None:
    signed_in_fan(client)
    address = f"/participation/missions/{one.public_id}"
    assert "Hand in a work" in client.get(address).text
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(picture, "PNG")
    picture.seek(0)

    form = {"text": "窗边", "key": "abcdefgh", "files": (picture, "tea.png"), "alt": "一张桌子"}
    answer = client.post(f"{address}/works", data=form, content_type="multipart/form-data")

    assert answer.location == address
    page = client.get(address).text
    assert "窗边" in page
    assert "Is being looked at" in page
    assert client.post(f"{address}/works", data={"text": "", "key": "bbbbbbbb"}).status_code == 422


def test_what_is_too_big_or_no_picture_is_refused_by_name_and_the_words_stay(
    client: FlaskClient, one: Mission, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commons.media.keeping.BYTE_CAP", 1000)
    signed_in_fan(client)
    address = f"/participation/missions/{one.public_id}/works"
    files = {"larger than": b"\x89PNG" + bytes(1000), "picture": b"no picture at all"}

    for words, content in files.items():
        form = {"text": "窗边的桌子", "key": "abcdefgh", "files": (io.BytesIO(content), "tea.png")}
        answer = client.post(address, data=form, content_type="multipart/form-data")
        assert answer.status_code in {413, 415, 422}
        assert words in answer.text
        assert "窗边的桌子" in answer.text
    answer = client.post(address, data={"text": "茶" * 2001, "key": "abcdefgh"})
    assert answer.status_code == 422
    assert "too many" in answer.text
    assert db.session.query(MissionEntry).count() == 0


def test_the_lead_filters_decides_and_recommends(lead: FlaskClient, one: Mission, at: datetime) -> None:
    entries = [
        hand_in(one, make_fan(f"粉丝{number}"), at, f"第{number}张桌子很安静", f"form000{number}")
        for number in range(3)
    ]
    address = f"/participation/{one.campaign.public_id}/entries"
    assert all(f"粉丝{number}" in lead.get(address).text for number in range(3))
    assert "粉丝1" not in lead.get(f"{address}?words=第2张").text

    kept = lead.post(f"/participation/entries/{entries[0].public_id}/accept?state=waiting")
    assert "state=waiting" in kept.location
    lead.post(f"/participation/entries/{entries[1].public_id}/refuse", data={"clause": "6.1", "reason": "看不清楚。"})
    lead.post(f"/participation/entries/{entries[0].public_id}/feature")

    assert [one.submission.state for one in entries] == [State.PUBLISHED, State.REFUSED, State.WAITING]
    assert entries[0].featured_at == at
    assert "看不清楚。" in lead.get(f"{address}?state=refused").text
    assert gallery.counts(one.campaign) == {"published": 1, "refused": 1, "waiting": 1, "featured": 1}
    table = lead.get(f"{address}.csv", buffered=True).text
    assert table.count("\n") == 4
    assert "6.1,看不清楚。" in table


def test_a_refusal_needs_a_clause(lead: FlaskClient, one: Mission, at: datetime) -> None:
    entry = hand_in(one, make_fan(), at)

    lead.post(f"/participation/entries/{entry.public_id}/refuse", data={"clause": "99"})

    assert entry.submission.state is State.WAITING


def test_the_gallery_is_for_everybody(client: FlaskClient, one: Mission, at: datetime) -> None:
    campaign = one.campaign.public_id
    english = {"Accept-Language": "en"}
    assert "Nothing is in the gallery yet" in client.get(f"/participation/{campaign}/gallery", headers=english).text
    entry = hand_in(one, make_fan(), at)
    accept(entry, at)
    gallery.feature(entry, by=reviewer(), at=at)

    for address in (f"/participation/{campaign}/gallery", f"/participation/{campaign}"):
        assert "窗边的一张小桌" in client.get(address).text


@pytest.mark.parametrize("query", ["state=nonsense", "mission=riot", "words=%25_", "page=9999999", "public_id=x"])
def test_nonsense_in_the_address_shows_something(lead: FlaskClient, one: Mission, at: datetime, query: str) -> None:
    hand_in(one, make_fan(), at)

    assert lead.get(f"/participation/{one.campaign.public_id}/entries?{query}").status_code == 200


def test_a_filter_takes_only_what_there_is() -> None:
    assert Filter.from_args({"state": "riot", "words": " 茶 "}) == Filter("", "", "茶")
