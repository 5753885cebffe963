"""One person, several accounts: found with evidence, decided by people, and counted once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.participation.exclusions import excluding
from campaigns.participation.exclusions.models import Code
from campaigns.participation.persons import deciding, finding, jobs, reading
from campaigns.participation.persons.models import Decision, PersonGroup
from campaigns.participation.persons.signs import Sighting, sightings
from campaigns.planning.models import Campaign, MissionKind
from commons.accounts import leaving
from commons.db import db
from commons.errors import Invalid, NotAllowed
from commons.permissions import Role
from community.circle.checking_in import check_in
from community.handles.models import HandleProof
from community.members.merging.models import Proof
from community.members.models import Member
from community.members.roster import handle_of
from tests.campaigns.factories import a_lead, make_campaign, mission, signed_in_fan
from tests.campaigns.participation.factories import is_fulfilled
from tests.factories import make_fan, make_staff


@pytest.fixture
def campaign(app: Flask, at: datetime) -> Campaign:
    return make_campaign(mission(MissionKind.CHECK_IN))


def two_with_one_mailbox(at: datetime) -> tuple[Member, Member]:
    """Both take part, the first one earlier."""
    first, second = make_fan("小满", email="xiaoman@example.org"), make_fan("满满", email="XiaoMan+2@example.org")
    check_in(first, at - timedelta(hours=1))
    check_in(second, at)
    return first, second


def found(campaign: Campaign, at: datetime) -> PersonGroup:
    finding.look(campaign, at)
    (group,) = groups(campaign)
    return group


def groups(campaign: Campaign, *, decided: bool = False) -> list[PersonGroup]:
    return list(db.session.scalars(reading.groups(campaign, decided=decided)).unique())


def signs_of(group: PersonGroup) -> set[str]:
    return {kept["sign"] for kept in group.evidence}


def test_one_mailbox_is_seen_with_the_evidence_and_nothing_follows_from_it(campaign: Campaign, at: datetime) -> None:
    fans = two_with_one_mailbox(at)
    check_in(make_fan("别人"), at)

    group = found(campaign, at)

    assert {one.member_id for one in group.people} == {fan.id for fan in fans}
    assert signs_of(group) == {"mailbox"}
    assert all(is_fulfilled(campaign.missions[0], fan) for fan in fans)


def test_one_handle_that_two_have_proven_is_seen(campaign: Campaign, at: datetime) -> None:
    first, second = make_fan(), make_fan()
    for fan in (first, second):
        check_in(fan, at)
        db.session.add(HandleProof(handle_id=handle_of(first).id, member_id=fan.id, proof=Proof.NETWORK, proven_at=at))
    db.session.flush()

    assert signs_of(found(campaign, at)) == {"handle"}


def test_a_sign_of_another_room_is_looked_at(campaign: Campaign, at: datetime) -> None:
    first, second = make_fan(), make_fan()
    for fan in (first, second):
        check_in(fan, at)
    plug = sightings.plug(lambda _ids: [Sighting("payer", (first.id, second.id))])
    try:
        assert signs_of(found(campaign, at)) == {"payer"}
    finally:
        sightings._plugs.remove(plug)  # other tests know only the signs of the house


def test_looking_twice_finds_nothing_twice_and_a_group_that_grows_is_the_same(campaign: Campaign, at: datetime) -> None:
    two_with_one_mailbox(at)
    group = found(campaign, at)

    check_in(make_fan("又一个", email="xiaoman+3@example.org"), at)

    assert found(campaign, at) is group
    assert len(group.people) == 3


def test_the_same_person_counts_once_and_the_others_are_told_why(campaign: Campaign, at: datetime) -> None:
    first, second = two_with_one_mailbox(at)
    group = found(campaign, at)

    deciding.decide(group, Decision.SAME, "同一只邮箱", by=a_lead(), at=at)

    assert group.counts_id == first.id
    assert [is_fulfilled(campaign.missions[0], fan) for fan in (first, second)] == [True, False]
    exclusion = excluding.standing(campaign, second)
    assert exclusion is not None
    assert exclusion.code is Code.SECOND_ACCOUNT
    assert "a person counts once" in exclusion.sentence


def test_decided_otherwise_later_everybody_counts_again(campaign: Campaign, at: datetime) -> None:
    fans = two_with_one_mailbox(at)
    group = found(campaign, at)
    deciding.decide(group, Decision.SAME, "同一只邮箱", by=a_lead(), at=at)

    deciding.decide(group, Decision.DIFFERENT, "姐妹两个", by=a_lead(), at=at + timedelta(hours=1))

    assert all(is_fulfilled(campaign.missions[0], fan) for fan in fans)
    assert groups(campaign, decided=True) == [group]
    finding.look(campaign, at)
    assert groups(campaign) == []


def test_who_is_not_sure_leaves_it_in_sight(campaign: Campaign, at: datetime) -> None:
    fans = two_with_one_mailbox(at)
    group = found(campaign, at)

    deciding.decide(group, Decision.UNSURE, "", by=a_lead(), at=at)

    assert found(campaign, at) is group
    assert all(is_fulfilled(campaign.missions[0], fan) for fan in fans)


def test_it_takes_a_reason_and_the_right_to_run_campaigns(campaign: Campaign, at: datetime) -> None:
    two_with_one_mailbox(at)
    group = found(campaign, at)

    with pytest.raises(Invalid):
        deciding.decide(group, Decision.SAME, " ", by=a_lead(), at=at)
    with pytest.raises(NotAllowed):
        deciding.decide(group, Decision.SAME, "因为", by=make_staff(Role.SOCIAL_MANAGER), at=at)


def test_running_campaigns_are_looked_through_by_themselves(campaign: Campaign, at: datetime) -> None:
    two_with_one_mailbox(at)

    jobs.find_accounts()

    assert len(groups(campaign)) == 1


def test_the_lead_looks_sees_the_evidence_and_decides(lead: FlaskClient, campaign: Campaign, at: datetime) -> None:
    _first, second = two_with_one_mailbox(at)
    address = f"/participation/{campaign.public_id}/accounts"
    assert "No group waits" in lead.get(address).text

    lead.post(f"{address}/look")
    page = lead.get(address).text
    assert "小满" in page
    assert "reach one mailbox" in page
    group = groups(campaign)[0]
    lead.post(f"/participation/accounts/{group.public_id}/decide", data={"decision": "riot"})
    lead.post(f"/participation/accounts/{group.public_id}/decide", data={"decision": "same", "reason": "同一只邮箱"})

    assert excluding.standing(campaign, second) is not None
    assert "The same person" in lead.get(f"{address}?decided=1").text


def test_what_was_seen_goes_with_an_account_and_the_page_still_opens(
    lead: FlaskClient, campaign: Campaign, at: datetime
) -> None:
    first, second = make_fan(), make_fan()
    for fan in (first, second):
        check_in(fan, at)
        db.session.add(HandleProof(handle_id=handle_of(first).id, member_id=fan.id, proof=Proof.NETWORK, proven_at=at))
    db.session.flush()
    group = found(campaign, at)
    assert second.user is not None

    leaving.erase(second.user, at)

    assert [kept["shown"] for kept in group.evidence] == [{}]
    assert "details are gone" in lead.get(f"/participation/{campaign.public_id}/accounts").text


def test_fans_see_no_groups(client: FlaskClient, campaign: Campaign, at: datetime) -> None:
    signed_in_fan(client)

    assert client.get(f"/participation/{campaign.public_id}/accounts").status_code == 404
