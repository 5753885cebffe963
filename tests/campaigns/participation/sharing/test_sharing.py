"""Shares: proven by others who open the link, by the network, or by the team; and the forged ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from campaigns.links.counting import write_visits
from campaigns.links.making import campaign_link
from campaigns.participation.persons import deciding
from campaigns.participation.persons.models import Decision, PersonAccount, PersonGroup
from campaigns.participation.sharing import proving, visits
from campaigns.participation.sharing.models import Outcome, ShareProof
from campaigns.participation.sharing.proving import Decided, ForgedShare
from campaigns.planning.models import Mission, MissionKind
from commons.db import db
from commons.errors import Invalid
from commons.events import Evidence
from commons.permissions import Role
from community.channels.accounts import connect
from community.handles.joining import prove
from community.inbox.incoming import Incoming
from community.inbox.models import InteractionKind
from community.inbox.receiving import receive
from community.members.merging.models import Proof
from community.members.models import Handle, Member
from tests.campaigns.factories import make_campaign, mission, signed_in_fan, visit
from tests.campaigns.participation.factories import a_mission, counted, is_fulfilled
from tests.commons.media.pictures import a_picture
from tests.factories import browser_of, make_fan, make_staff

POST = "https://weibo.example/1404376560/Nq8x"


def by_word(needed: int = 1) -> Mission:
    return a_mission(MissionKind.SHARE, needed, evidence=Evidence.SELF_DECLARED)


def by_team() -> Mission:
    return a_mission(MissionKind.SHARE, evidence=Evidence.STAFF)


def posted(name: str, external_id: str, at: datetime, fan: Member | None = None) -> None:
    """Somebody's post has come into the inbox; the handle is the fan's, if there is one."""
    account = connect("weibo", "2489518277", "@茶馆", at)
    receive(account, [Incoming(external_id, InteractionKind.MENTION, f"uid{name}", name, at, "看这个")], at)
    handle = db.session.query(Handle).filter_by(external_id=f"uid{name}").one()
    handle.member_id = fan.id if fan else None
    db.session.flush()


def test_only_openings_by_others_count_and_the_fan_reads_why(app: Flask, at: datetime) -> None:
    fan, other, one = make_fan(), make_fan(), a_mission(MissionKind.SHARE, 3)
    link = campaign_link(fan, one.campaign, at)
    write_visits([
        visit(link, verdict="bot"), visit(link, verdict="preview"), visit(link, user_id=fan.user_id),
        visit(link, verdict="staff"), visit(link, visitor="v"), visit(link, visitor="v"), visit(link, user_id=other.user_id),
    ])  # fmt: skip

    assert counted(one, fan) == 2
    assert visits.openings(one, fan) == visits.Openings(
        by_others=2, by_oneself=1, by_machines=2, again=1, by_staff=1, by_other_accounts=0
    )


def test_what_ones_other_account_opened_counts_no_more_once_that_is_decided(app: Flask, at: datetime) -> None:
    fan, other, one = make_fan(), make_fan(), a_mission(MissionKind.SHARE)
    link = campaign_link(fan, one.campaign, at)
    write_visits([visit(link, user_id=other.user_id)])
    assert is_fulfilled(one, fan)
    people = [PersonAccount(member_id=fan.id), PersonAccount(member_id=other.id)]
    group = PersonGroup(campaign_id=one.campaign_id, found_at=at, people=people)
    db.session.add(group)
    db.session.flush()

    deciding.decide(group, Decision.SAME, "同一只邮箱", by=make_staff(Role.CAMPAIGN_LEAD), at=at)

    assert not is_fulfilled(one, fan)
    assert visits.openings(one, fan).by_other_accounts == 1
    write_visits([visit(link, user_id=other.user_id)])
    assert counted(one, fan) == 0

    deciding.decide(group, Decision.DIFFERENT, "两姐妹", by=make_staff(Role.CAMPAIGN_LEAD), at=at)

    assert is_fulfilled(one, fan)


def test_the_word_of_the_fan_counts_where_it_is_enough_and_once(app: Flask, at: datetime) -> None:
    fan, one = make_fan(), by_word(2)

    proof = proving.hand_in(one, fan, POST, None, at)
    assert proving.hand_in(one, fan, f"{POST}/", None, at) is proof
    assert counted(one, fan) == 1

    proving.confirm(proof, by=make_staff(), at=at)
    assert counted(one, fan) == 1


def test_where_the_word_is_not_enough_it_waits_for_the_team(app: Flask, at: datetime) -> None:
    fan, one = make_fan(), by_team()
    proof = proving.hand_in(one, fan, POST, None, at)
    assert (proof.outcome, counted(one, fan)) == (Outcome.DECLARED, 0)

    proving.confirm(proof, by=make_staff(), at=one.campaign.ends_at)

    assert is_fulfilled(one, fan)


def test_a_post_of_ones_own_in_the_inbox_proves_it_at_once(app: Flask, at: datetime) -> None:
    fan, one = make_fan(), by_team()
    posted("小满", "Nq8x", at, fan)

    assert proving.hand_in(one, fan, POST, None, at).outcome is Outcome.PROVEN
    assert is_fulfilled(one, fan)


def test_a_post_that_comes_into_the_inbox_later_proves_it_then(app: Flask, at: datetime) -> None:
    fan, one = make_fan(), by_team()
    proof = proving.hand_in(one, fan, POST, None, at)
    proving.look_again(proof, at)
    assert proof.outcome is Outcome.DECLARED

    posted("小满", "Nq8x", at, fan)
    proving.look_again(proof, at)

    assert is_fulfilled(one, fan)


def test_a_post_proves_itself_the_moment_it_comes_in(app: Flask, at: datetime) -> None:
    fan, other, one = make_fan(), make_fan(), by_team()
    posted("小满", "earlier", at, fan)
    posted("阿树", "another", at, other)
    proving.hand_in(one, fan, POST, None, at)
    waits = proving.hand_in(one, other, f"{POST}2", None, at)

    receive(connect("weibo", "2489518277", "@茶馆", at), [
        Incoming("Nq8x", InteractionKind.MENTION, "uid小满", "小满", at, "看这个"),
        Incoming("at://did:plc:x/app.bsky.feed.post/Nq8x2", InteractionKind.MENTION, "uid阿树二", "阿树二", at, "看这个"),
    ], at)  # fmt: skip

    assert is_fulfilled(one, fan)
    assert waits.outcome is Outcome.DECLARED


def test_a_handle_that_is_proven_later_proves_what_was_posted_with_it(app: Flask, at: datetime) -> None:
    fan, one = make_fan(), by_team()
    posted("小满", "Nq8x", at)
    proof = proving.hand_in(one, fan, POST, None, at)
    handle = db.session.query(Handle).filter_by(external_id="uid小满").one()
    assert fan.user is not None

    prove(handle, fan, Proof.CODE, by=fan.user, at=at)

    assert proof.outcome is Outcome.PROVEN
    assert is_fulfilled(one, fan)


def test_the_post_of_somebody_else_is_forged(app: Flask, at: datetime) -> None:
    fan, one = make_fan(), by_word()
    posted("阿树", "Nq8x", at, make_fan())

    with pytest.raises(ForgedShare):
        proving.hand_in(one, fan, POST, None, at)
    assert counted(one, fan) == 0


def test_one_post_is_one_share_under_whatever_address(app: Flask, at: datetime) -> None:
    fan, one = make_fan(), by_word(2)
    posted("小满", "Nq8x", at, fan)

    first = proving.hand_in(one, fan, POST, None, at)

    assert proving.hand_in(one, fan, "https://m.weibo.example/detail?id=Nq8x", None, at) is first
    assert counted(one, fan) == 1
    with pytest.raises(ForgedShare):
        proving.hand_in(one, make_fan(), "https://m.weibo.example/detail?id=Nq8x", None, at)


def test_a_post_from_before_the_mission_is_forged(app: Flask, at: datetime) -> None:
    fan, one = make_fan(), by_team()
    posted("小满", "Nq8x", one.begins_at - timedelta(seconds=1), fan)

    with force_locale("en"), pytest.raises(ForgedShare, match="older than the mission"):
        proving.hand_in(one, fan, POST, None, at)


def test_a_proof_counts_for_the_mission_that_it_was_handed_in_for(app: Flask, at: datetime) -> None:
    asks = [mission(MissionKind.SHARE, evidence=Evidence.SELF_DECLARED) for _one in range(2)]
    fan, (one, other) = make_fan(), make_campaign(*asks).missions

    proving.hand_in(one, fan, POST, None, at)

    assert (counted(one, fan), counted(other, fan)) == (1, 0)


def test_where_openings_count_nothing_is_handed_in(app: Flask, at: datetime) -> None:
    with pytest.raises(Invalid):
        proving.hand_in(a_mission(MissionKind.SHARE), make_fan(), POST, None, at)


def test_what_somebody_else_has_handed_in_is_forged(app: Flask, at: datetime) -> None:
    one = by_word()
    proving.hand_in(one, make_fan(), POST, None, at)

    with pytest.raises(ForgedShare):
        proving.hand_in(one, make_fan(), POST.replace("https://", "http://www."), None, at)


def test_an_address_of_our_own_is_forged(app: Flask, at: datetime) -> None:
    app.config["BASE_URL"], before = "https://circle.example", app.config["BASE_URL"]
    try:
        with pytest.raises(ForgedShare):
            proving.hand_in(by_word(), make_fan(), "https://circle.example/l/abc", None, at)
    finally:
        app.config["BASE_URL"] = before


@pytest.mark.parametrize(
    "address", ["", "x", "javascript:alert(1)", "ftp://example.org/x", "https://localhost/x", "https://[x", "//x.y/z"]
)
def test_what_is_no_address_is_refused(app: Flask, at: datetime, address: str) -> None:
    with pytest.raises(Invalid):
        proving.hand_in(by_word(), make_fan(), address, None, at)


def test_a_refused_share_counts_no_more_and_the_fan_is_told_why(client: FlaskClient, at: datetime) -> None:
    fan, one = signed_in_fan(client), by_word()
    proof = proving.hand_in(one, fan, POST, None, at)
    with pytest.raises(Invalid):
        proving.refuse(proof, " ", by=make_staff(), at=at)

    proving.refuse(proof, "帖子已经删除。", by=make_staff(), at=at)

    assert not is_fulfilled(one, fan)
    assert "帖子已经删除。" in client.get(f"/participation/missions/{one.public_id}").text
    assert "帖子已经删除。" in client.get("/me/notices").text
    with pytest.raises(Decided):
        proving.confirm(proof, by=make_staff(), at=at)


def test_a_fan_gets_a_link_and_hands_in_a_proof_on_the_page(client: FlaskClient, at: datetime) -> None:
    signed_in_fan(client)
    one = by_word()
    address = f"/participation/missions/{one.public_id}"
    assert "Get my link" in client.get(address).text

    client.post(f"{address}/link")
    assert "/l/" in client.get(address).text
    assert client.post(f"{address}/proofs", data={"address": "nothing"}).status_code == 422
    assert client.post(f"{address}/proofs", data={"address": POST}).status_code == 303

    assert POST in client.get(address).text


def test_a_forged_share_is_refused_by_name_on_the_page_and_nothing_is_kept(client: FlaskClient, at: datetime) -> None:
    posted("阿树", "Nq8x", at, make_fan())
    fan, one = signed_in_fan(client), by_word()
    taken, address = f"{POST}taken", f"/participation/missions/{one.public_id}"
    proving.hand_in(one, make_fan(), taken, None, at)

    for forged, words in ((POST, "somebody else’s account"), (taken, "Somebody else has handed in this post")):
        answer = client.post(f"{address}/proofs", data={"address": forged})
        assert answer.status_code == 422
        assert words in answer.text
        assert forged in answer.text, "what was typed is still there"

    assert db.session.query(ShareProof).filter_by(member_id=fan.id).count() == 0
    assert counted(one, fan) == 0


def test_the_team_confirms_and_refuses(lead: FlaskClient, at: datetime) -> None:
    one = by_team()
    proofs = [proving.hand_in(one, make_fan(), f"{POST}{number}", None, at) for number in range(2)]
    address = f"/participation/{one.campaign.public_id}/proofs"
    assert all(proof.address in lead.get(f"{address}?outcome=declared").text for proof in proofs)

    lead.post(f"/participation/proofs/{proofs[0].public_id}/confirm")
    lead.post(f"/participation/proofs/{proofs[1].public_id}/refuse", data={"reason": ""})
    assert [proof.outcome for proof in proofs] == [Outcome.CONFIRMED, Outcome.DECLARED]
    lead.post(f"/participation/proofs/{proofs[1].public_id}/refuse", data={"reason": "不是这个活动。"})

    assert db.session.get_one(ShareProof, proofs[1].id).outcome is Outcome.REFUSED
    assert "不是这个活动。" in lead.get(address).text
    assert "不是这个活动。" in lead.get(f"{address}.csv?outcome=refused", buffered=True).text
    assert lead.get(f"{address}.csv", buffered=True).text.count("\n") == 3


def test_a_picture_of_a_share_is_seen_by_who_judges_it_and_by_nobody_else(
    app: Flask, client: FlaskClient, at: datetime
) -> None:
    one, fan = by_team(), signed_in_fan(client)
    files = {"address": "", "picture": (BytesIO(a_picture()), "share.jpg")}
    client.post(f"/participation/missions/{one.public_id}/proofs", data=files, content_type="multipart/form-data")
    proof = db.session.query(ShareProof).filter_by(member_id=fan.id).one()
    assert proof.picture is not None

    lead = browser_of(app, make_staff(Role.CAMPAIGN_LEAD))
    address = f"/participation/proofs/{proof.public_id}/picture"
    assert f"{address}/320" in lead.get(f"/participation/{one.campaign.public_id}/proofs").text
    assert [lead.get(f"{address}/{width}", buffered=True).status_code for width in (320, 2560, 321)] == [200, 200, 404]
    assert client.get(f"{address}/320").status_code == 404
    assert client.get(proof.picture.url(320)).status_code == 404
