"""Setting up a campaign, and what may still change once fans have been promised something."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from campaigns.planning import reading, wording, writing
from campaigns.planning.models import Campaign, CampaignKind, MissionKind
from campaigns.planning.writing import AlreadyBegun, AlreadyOver, Wanted
from commons import clock, events, zones
from commons.db import db
from commons.errors import Conflict, Invalid
from commons.events import Evidence
from tests.campaigns.factories import SHANGHAI, a_lead, make_campaign, mission, wanted_campaign
from tests.factories import make_fan


def as_it_is(campaign: Campaign, **changes: Any) -> Wanted:
    """What a form would send back that nobody touched: times to the minute."""
    return replace(
        Wanted(
            title=campaign.title,
            summary=campaign.summary,
            kind=campaign.kind,
            goal=campaign.goal,
            goal_participants=campaign.goal_participants,
            starts=zones.to_local(campaign.starts_at, campaign.zone).replace(second=0, microsecond=0),
            ends=zones.to_local(campaign.ends_at, campaign.zone).replace(second=0, microsecond=0),
            zone=campaign.zone,
            currency=campaign.currency,
        ),
        **changes,
    )


def ahead(at: datetime) -> dict[str, datetime]:
    begin = zones.to_local(at, SHANGHAI) + timedelta(days=1)
    return {"starts": begin, "ends": begin + timedelta(days=5)}


def test_its_period_is_meant_in_its_zone(app: Flask, at: datetime) -> None:
    campaign = make_campaign(starts=datetime(2026, 4, 1, 9), ends=datetime(2026, 4, 8, 9))
    assert campaign.starts_at == datetime(2026, 4, 1, 1, tzinfo=UTC)
    assert campaign.ends_at == datetime(2026, 4, 8, 1, tzinfo=UTC)


def test_a_beginning_in_the_gap_of_summer_time_moves_forward(app: Flask, at: datetime) -> None:
    campaign = make_campaign(starts=datetime(2026, 3, 29, 2, 30), ends=datetime(2026, 4, 8, 9), zone="Europe/Berlin")
    assert campaign.starts_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_it_cannot_end_before_it_begins(app: Flask, at: datetime) -> None:
    with pytest.raises(Invalid):
        make_campaign(starts=datetime(2026, 4, 8, 9), ends=datetime(2026, 4, 8, 9))


def test_a_share_counts_only_once_somebody_opened_it(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.SHARE), mission(MissionKind.COMMENT, 2))
    assert [one.evidence for one in campaign.missions] == [Evidence.TRACKED_LINK, Evidence.NETWORK]
    assert [one.position for one in campaign.missions] == [0, 1]


@pytest.mark.parametrize(
    ("moment", "state"),
    [("2026-02-28T11:59", "planned"), ("2026-02-28T12:00", "under_way"), ("2026-03-10T12:00", "ended")],
)
def test_its_state_follows_from_the_clock(app: Flask, at: datetime, moment: str, state: str) -> None:
    assert wording.state_of(make_campaign(), datetime.fromisoformat(f"{moment}:00+00:00")) == state


def test_before_it_begins_everything_may_change(app: Flask, at: datetime) -> None:
    lead = a_lead()
    campaign = make_campaign(mission(MissionKind.COMMENT), by=lead, **ahead(at))
    writing.change(campaign, as_it_is(campaign, kind=CampaignKind.PRODUCT), by=lead, at=at)
    assert campaign.kind is CampaignKind.PRODUCT
    assert [one.kind for one in campaign.missions] == [MissionKind.COMMENT]


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": CampaignKind.PRODUCT},
        {"starts": datetime(2026, 2, 27, 9)},
        {"ends": datetime(2026, 3, 2, 9)},
    ],
)
def test_what_fans_were_promised_stays(app: Flask, at: datetime, changes: dict[str, Any]) -> None:
    lead, campaign = a_lead(), make_campaign()
    with pytest.raises(AlreadyBegun):
        writing.change(campaign, as_it_is(campaign, **changes), by=lead, at=at)


def test_words_goal_and_a_later_end_may_change_while_it_runs(app: Flask, at: datetime) -> None:
    lead, campaign = a_lead(), make_campaign()
    later = zones.to_local(campaign.ends_at, SHANGHAI) + timedelta(days=3)
    writing.change(campaign, as_it_is(campaign, title="再泡一壶", goal_participants=500, ends=later), by=lead, at=at)
    assert (campaign.title, campaign.goal_participants) == ("再泡一壶", 500)
    assert campaign.ends_at == zones.to_utc(later, SHANGHAI)


def test_a_beginning_with_seconds_survives_a_form_that_knows_minutes(app: Flask, at: datetime) -> None:
    lead = a_lead()
    campaign = make_campaign()
    campaign.starts_at, campaign.ends_at = at - timedelta(seconds=45), at + timedelta(days=1, seconds=20)
    db.session.flush()
    before = campaign.starts_at, campaign.ends_at
    writing.change(campaign, as_it_is(campaign, title="新的标题"), by=lead, at=at)
    assert (campaign.starts_at, campaign.ends_at) == before


def test_once_it_is_over_only_its_words_change(app: Flask, at: datetime) -> None:
    lead, campaign = a_lead(), make_campaign()
    over = campaign.ends_at + timedelta(days=1)
    writing.change(campaign, as_it_is(campaign, summary="谢谢大家。"), by=lead, at=over)
    assert campaign.summary == "谢谢大家。"
    later = zones.to_local(campaign.ends_at, SHANGHAI) + timedelta(days=30)
    with pytest.raises(AlreadyOver):
        writing.change(campaign, as_it_is(campaign, ends=later), by=lead, at=over)
    with pytest.raises(AlreadyOver):
        writing.call_off(campaign, by=lead, at=over)


def test_calling_off_ends_it_for_good_and_once(app: Flask, at: datetime) -> None:
    lead, campaign = a_lead(), make_campaign()
    writing.call_off(campaign, by=lead, at=at)
    writing.call_off(campaign, by=lead, at=at + timedelta(hours=1))
    assert campaign.cancelled_at == at
    kinds = {fact.kind for fact in events.of_subject(campaign)}
    assert kinds == {"campaign.made", "campaign.launched", "campaign.cancelled"}
    with pytest.raises(AlreadyOver):
        writing.change(campaign, as_it_is(campaign, title="x"), by=lead, at=at)


def test_fans_see_what_has_begun_and_was_not_called_off(app: Flask, at: datetime) -> None:
    lead, fan = a_lead(), make_fan()
    changes: dict[str, Any] = ahead(at)
    running, off = make_campaign(title="now"), make_campaign()
    to_come = make_campaign(title="later", **changes)
    writing.call_off(off, by=lead, at=at)
    assert list(reading.listed(fan.user, at)) == [running]  # type: ignore[arg-type]
    assert list(reading.listed(lead, at)) == [running, to_come, off]
    assert list(reading.running(at)) == [running]


def test_a_form_offers_campaigns_that_are_not_over_and_the_one_it_has(app: Flask, at: datetime) -> None:
    lead = a_lead()
    running, over = make_campaign(title="now"), make_campaign(title="over")
    over.ends_at = at
    db.session.flush()
    assert list(reading.campaign_choices(lead, at)) == ["", running.public_id]
    assert over.public_id in reading.campaign_choices(lead, at, over)
    assert clock.now() == at
    assert wanted_campaign().title == "春茶第一泡"


def test_missions_move_along_with_the_beginning(app: Flask, at: datetime) -> None:
    lead, begin = a_lead(), ahead(at)["starts"].replace(second=0, microsecond=0)
    days: dict[str, Any] = {"opens": begin + timedelta(days=1), "closes": begin + timedelta(days=2)}
    campaign = make_campaign(
        mission(MissionKind.COMMENT, **days), by=lead, starts=begin, ends=begin + timedelta(days=5)
    )
    week = timedelta(days=7)

    later = as_it_is(campaign, starts=begin + week, ends=begin + week + timedelta(days=5))
    writing.change(campaign, later, by=lead, at=at)

    (one,) = campaign.missions
    assert (one.opens_at, one.closes_at) == tuple(zones.to_utc(day + week, SHANGHAI) for day in days.values())
    with pytest.raises(Conflict):
        writing.change(campaign, as_it_is(campaign, ends=begin + week + timedelta(hours=1)), by=lead, at=at)
