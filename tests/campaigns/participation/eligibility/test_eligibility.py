"""Who may take part: published before, fixed from the beginning on, and told to each fan."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.participation import barring
from campaigns.participation.eligibility import rules as eligibility
from campaigns.participation.eligibility import writing
from campaigns.participation.eligibility.rules import Rules
from campaigns.participation.eligibility.writing import Fixed
from campaigns.planning import launching
from campaigns.planning.models import Campaign, MissionKind
from commons import clock, zones
from commons.errors import Invalid, NotAllowed
from community.circle.checking_in import check_in
from community.members.models import Member
from tests.campaigns.factories import SHANGHAI, a_lead, make_campaign, make_plan, mission, signed_in_fan
from tests.campaigns.participation.factories import is_fulfilled, takes_part
from tests.factories import make_fan

IN_ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def campaign(app: Flask, at: datetime) -> Campaign:
    """Begins tomorrow."""
    begin = zones.to_local(at, SHANGHAI).replace(second=0, microsecond=0) + timedelta(days=1)
    return make_campaign(mission(MissionKind.CHECK_IN), starts=begin, ends=begin + timedelta(days=5))


def old_enough(at: datetime) -> Rules:
    return Rules(joined_before=zones.day_of(at, SHANGHAI).isoformat())


def write(campaign: Campaign, rules: Rules, at: datetime) -> None:
    writing.write(campaign, rules, by=a_lead(), at=at)


def met(rules: Rules, fan: Member) -> list[bool | None]:
    return [line.is_met for line in eligibility.lines(rules, fan)]


def test_only_who_meets_the_rules_takes_part(campaign: Campaign, at: datetime) -> None:
    write(campaign, old_enough(at), at)
    old, new = make_fan("老茶客", at - timedelta(days=400)), make_fan("新茶客", at)

    for fan in (old, new):
        check_in(fan, campaign.starts_at)

    assert [takes_part(campaign, fan) for fan in (old, new)] == [True, False]
    assert is_fulfilled(campaign.missions[0], old)


@pytest.mark.parametrize(
    ("rules", "is_met"),
    [
        (Rules(), []),
        (Rules(level=9), [False]),
        (Rules(level=1), [True]),
        (Rules(joined_before="2026-03-01"), [False]),
        (Rules(joined_before="2026-03-02"), [True]),
        (Rules(regions=("ZJ",)), [False]),
        (Rules(age_bands=("18_24",)), [False]),
        (Rules(guardian=True), [True]),
        (Rules(segment="nosuchthing"), [False]),
        (Rules(no_staff=True), [True]),
    ],
)
def test_each_rule_by_itself(app: Flask, at: datetime, rules: Rules, is_met: list[bool]) -> None:
    assert met(rules, make_fan("小满", at)) == is_met


def test_rules_are_kept_as_they_were_written_and_unknown_ones_are_left_out() -> None:
    rules = Rules(level=2, regions=("ZJ", "HI"), no_staff=True)

    assert Rules.kept({**rules.values, "moon": 1}) == rules


def test_they_are_fixed_once_the_campaign_has_begun(campaign: Campaign, at: datetime) -> None:
    write(campaign, Rules(level=2), at)
    write(campaign, Rules(level=3), campaign.starts_at - timedelta(seconds=1))

    with pytest.raises(Fixed):
        write(campaign, Rules(), campaign.starts_at)
    assert writing.rules_of(campaign) == Rules(level=3)


def test_they_are_public_once_published_and_from_the_beginning_in_any_case(campaign: Campaign, at: datetime) -> None:
    with pytest.raises(Invalid):
        writing.publish(campaign, by=a_lead(), at=at)
    write(campaign, Rules(level=2), at)
    assert not writing.are_public(campaign, at)
    assert writing.are_public(campaign, campaign.starts_at)

    writing.publish(campaign, by=a_lead(), at=at)

    assert writing.are_public(campaign, at)


def test_everybody_reads_published_rules_before_the_beginning(
    client: FlaskClient, campaign: Campaign, at: datetime
) -> None:
    write(campaign, old_enough(at), at)
    address = f"/participation/{campaign.public_id}/rules"
    assert client.get(address).status_code == 404

    writing.publish(campaign, by=a_lead(), at=at)

    assert "In the circle before" in client.get(address, headers=IN_ENGLISH).text


def test_a_fan_reads_what_is_met_and_what_is_missing(client: FlaskClient, campaign: Campaign, at: datetime) -> None:
    write(campaign, Rules(joined_before="2026-03-01", no_staff=True), at)
    clock.set_to(campaign.starts_at)
    fan = signed_in_fan(client)

    page = client.get(f"/participation/{campaign.public_id}").text
    assert "Missing" in page
    assert "Met" in page
    mission_page = client.get(f"/participation/missions/{campaign.missions[0].public_id}").text
    assert "What is missing before you can take part" in mission_page
    with pytest.raises(NotAllowed):
        barring.check(campaign.missions[0], fan, campaign.starts_at)


def test_the_lead_writes_and_publishes_them(lead: FlaskClient, campaign: Campaign) -> None:
    address = f"/participation/{campaign.public_id}/eligibility"
    assert lead.get(address).status_code == 200

    assert lead.post(address, data={"level": "x"}).status_code == 422
    lead.post(address, data={"level": "0", "joined_before": "2026-02-01", "age_bands": ["18_24"], "regions": ["ZJ"]})
    lead.post(f"{address}/publish")

    kept = writing.rules_of(campaign)
    assert (kept.joined_before, kept.age_bands, kept.regions) == ("2026-02-01", ("18_24",), ("ZJ",))
    assert "The rules are public" in lead.get(address).text


def test_a_running_campaign_shows_its_rules_and_takes_no_others(lead: FlaskClient) -> None:
    running = make_campaign()
    address = f"/participation/{running.public_id}/eligibility"

    assert "no longer changes" in lead.get(address).text
    assert lead.post(address, data={"level": "0", "no_staff": "y"}).status_code == 409


def test_rules_of_a_draft_wait_for_its_launch_which_asks_for_them_to_be_published(app: Flask, at: datetime) -> None:
    begin = zones.to_local(at, SHANGHAI) + timedelta(days=1)
    draft, lead = make_plan(mission(MissionKind.CHECK_IN), starts=begin, ends=begin + timedelta(days=5)), a_lead()
    writing.write(draft, Rules(no_staff=True), by=lead, at=at)
    mends = {finding.mend_url for finding in launching.findings(draft, at)}
    assert f"/participation/{draft.public_id}/eligibility" in mends

    writing.publish(draft, by=lead, at=at)
    assert f"/participation/{draft.public_id}/eligibility" not in {
        finding.mend_url for finding in launching.findings(draft, at)
    }
    assert not writing.are_public(draft, at)

    launching.launch(draft, by=lead, at=at)
    assert writing.are_public(draft, at)
