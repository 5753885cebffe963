"""What waits and what went wrong, where the lead looks: the control room, the review, the plan; and the gallery on the page."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.control import alerts, troubles
from campaigns.participation.attention import Waiting, waiting, waits
from campaigns.participation.entries import gallery, handing_in
from campaigns.participation.entries.models import MissionEntry
from campaigns.participation.exclusions import excluding
from campaigns.participation.exclusions.models import Code
from campaigns.participation.persons import deciding as deciding_on_accounts
from campaigns.participation.persons.models import Decision, PersonAccount, PersonGroup
from campaigns.participation.sharing import proving
from campaigns.planning import measures
from campaigns.planning.models import Campaign, MissionKind
from commons.db import db
from commons.events import Evidence
from commons.permissions import Role
from community.reviews import deciding, standard
from community.reviews.models import Verdict
from tests.campaigns.factories import a_lead, make_campaign, mission, signed_in_fan
from tests.factories import make_fan, make_staff


@pytest.fixture
def campaign(app: Flask, at: datetime) -> Campaign:
    standard.prepare(at)
    return make_campaign(
        mission(MissionKind.SUBMIT, settings={"picture": False, "most": 3}),
        mission(MissionKind.SHARE, evidence=Evidence.STAFF),
    )


def handed_in(campaign: Campaign, at: datetime, words: str = "窗边的一张小桌。") -> MissionEntry:
    return handing_in.hand_in(campaign.missions[0], make_fan(), words, (), key="form0001", at=at)


def decided(entry: MissionEntry, verdict: Verdict, at: datetime, clause: str = "") -> MissionEntry:
    deciding.decide(entry.submission, verdict, by=a_lead(), at=at, clause=clause, reason="看不清楚。")
    return entry


def two_accounts(campaign: Campaign, at: datetime) -> PersonGroup:
    people = [PersonAccount(member_id=make_fan().id) for _one in range(2)]
    group = PersonGroup(campaign_id=campaign.id, evidence=[], found_at=at, people=people)
    db.session.add(group)
    db.session.flush()
    return group


def everything_waits(campaign: Campaign, at: datetime) -> None:
    """One of each."""
    handed_in(campaign, at)
    proving.hand_in(campaign.missions[1], make_fan(), "https://weibo.example/1/abc", None, at)
    fan = make_fan()
    appealed = excluding.exclude(campaign, fan, Code.FORGED, "别人的帖子。", by=a_lead(), at=at)
    excluding.appeal(appealed, fan, "是我自己发的。", at=at)
    two_accounts(campaign, at)


def test_what_waits_is_counted_for_its_campaign_alone(campaign: Campaign, at: datetime) -> None:
    everything_waits(campaign, at)

    assert waiting(campaign) == Waiting(entries=1, proofs=1, appeals=1, groups=1)
    assert waiting(make_campaign()) == Waiting(entries=0, proofs=0, appeals=0, groups=0)


def test_the_control_room_leads_to_what_waits(lead: FlaskClient, campaign: Campaign, at: datetime) -> None:
    everything_waits(campaign, at)
    page, key = lead.get(f"/control/{campaign.public_id}").text, campaign.public_id

    for words in (
        "1 work waits",
        "1 proof of a share waits",
        "1 fan who was kept out has appealed",
        "1 group of accounts",
    ):
        assert words in page
    for place in (
        f"{key}/entries?state=waiting",
        f"{key}/proofs?outcome=declared",
        f"{key}/exclusions",
        f"{key}/accounts",
    ):
        assert f"/participation/{place}" in page
        assert lead.get(f"/participation/{place}").status_code == 200


def test_only_who_may_decide_is_asked_to(campaign: Campaign, at: datetime) -> None:
    everything_waits(campaign, at)

    def addresses(role: Role) -> set[str]:
        found = alerts.alerts(campaign, [], make_staff(role), at)
        return {alert.url.rpartition("/")[2].partition("?")[0] for alert in found if "/participation/" in alert.url}

    assert addresses(Role.CAMPAIGN_LEAD) == {"entries", "proofs", "exclusions", "accounts"}
    assert addresses(Role.SOCIAL_MANAGER) == {"entries"}


def test_how_much_waits_stands_among_the_live_numbers(lead: FlaskClient, campaign: Campaign, at: datetime) -> None:
    address = f"/control/{campaign.public_id}/live"
    assert "Waits for your decision" not in lead.get(address).text

    everything_waits(campaign, at)

    assert "Waits for your decision" in lead.get(address).text
    assert [waits(campaign, make_staff(role), at) for role in (Role.CAMPAIGN_LEAD, Role.SOCIAL_MANAGER)] == [4, 1]


def test_nothing_waits_and_nothing_is_said(lead: FlaskClient, campaign: Campaign) -> None:
    assert "/entries?state=waiting" not in lead.get(f"/control/{campaign.public_id}").text


def test_the_review_says_what_was_refused_and_who_was_kept_out(campaign: Campaign, at: datetime) -> None:
    decided(handed_in(campaign, at), Verdict.REFUSE, at, "6.1")
    proof = proving.hand_in(campaign.missions[1], make_fan(), "https://weibo.example/1/abc", None, at)
    proving.refuse(proof, "别人的帖子。", by=a_lead(), at=at)
    deciding_on_accounts.decide(two_accounts(campaign, at), Decision.SAME, "同一个邮箱。", by=a_lead(), at=at)

    found = {trouble.url.rpartition("/")[2]: trouble.number for trouble in troubles.troubles(campaign, a_lead(), at)}

    assert found == {"entries?state=refused": 1, "proofs?outcome=refused": 1, "accounts?decided=1": 1, "exclusions": 1}


def test_the_plan_of_a_draft_leads_to_missions_rules_and_the_rest(lead: FlaskClient, campaign: Campaign) -> None:
    page = lead.get(f"/planning/{campaign.public_id}").text

    for place in ("eligibility", "exclusions", "accounts", "entries", "proofs"):
        assert f"/participation/{campaign.public_id}/{place}" in page
    assert f"/planning/{campaign.public_id}/missions" in page


def test_featured_works_stand_in_the_gallery_of_the_page(client: FlaskClient, campaign: Campaign, at: datetime) -> None:
    signed_in_fan(client)
    accepted, featured = (
        decided(handed_in(campaign, at, words), Verdict.PUBLISH, at) for words in ("普通的一张。", "最安静的一张。")
    )
    gallery.feature(featured, by=a_lead(), at=at)

    page = client.get(f"/participation/{campaign.public_id}").text

    assert "最安静的一张。" in page
    assert accepted.submission.text not in page


def test_accepted_works_are_a_measure_for_goals(campaign: Campaign, at: datetime) -> None:
    count = measures.known()["entries"].count
    first, second = handed_in(campaign, at), handed_in(campaign, at)
    assert count(campaign, at) == 0

    decided(first, Verdict.PUBLISH, at)
    decided(second, Verdict.PUBLISH, at)
    assert count(campaign, at) == 2

    decided(second, Verdict.REMOVE, at, "6.1")
    assert count(campaign, at) == 1
