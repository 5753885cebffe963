"""Adding, changing, ordering and closing missions, and what stays as fans were promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from campaigns.planning.missions import kinds, writing
from campaigns.planning.missions.writing import CampaignOver, InUse
from campaigns.planning.models import Campaign, MissionKind
from commons import events, zones
from commons.db import db
from commons.errors import Invalid
from commons.events import Evidence
from community.circle.checking_in import check_in
from tests.campaigns.factories import SHANGHAI, make_campaign, mission
from tests.factories import make_fan


def planned(at: datetime) -> Campaign:
    """A campaign that begins tomorrow."""
    begin = zones.to_local(at, SHANGHAI).replace(second=0, microsecond=0) + timedelta(days=1)
    return make_campaign(mission(MissionKind.COMMENT), starts=begin, ends=begin + timedelta(days=5))


def kinds_of(campaign: Campaign) -> list[str]:
    return [one.kind for one in campaign.missions]


def test_any_number_of_missions_of_one_kind_can_be_added_also_while_it_runs(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN))

    for _time in range(3):
        writing.add(campaign, mission(MissionKind.CHECK_IN, 2), by=campaign.lead, at=at)

    assert kinds_of(campaign) == ["check_in"] * 4
    assert [one.position for one in campaign.missions] == [0, 1, 2, 3]


def test_a_mission_asks_for_the_best_that_its_kind_reaches_unless_the_lead_asks_for_less(
    app: Flask, at: datetime
) -> None:
    campaign = make_campaign(mission(MissionKind.SHARE), mission(MissionKind.SHARE, evidence=Evidence.SELF_DECLARED))

    assert [one.evidence for one in campaign.missions] == [Evidence.TRACKED_LINK, Evidence.SELF_DECLARED]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "riot"},
        {"needed": 0},
        {"needed": 101},
        {"evidence": Evidence.SELF_DECLARED},
        {"opens": datetime(2026, 3, 5), "closes": datetime(2026, 3, 5)},
        {"opens": datetime(2026, 2, 1)},
        {"closes": datetime(2027, 3, 5)},
    ],
)
def test_what_cannot_be_is_refused(app: Flask, at: datetime, wrong: dict[str, object]) -> None:
    campaign = make_campaign(mission(MissionKind.COMMENT))

    with pytest.raises(Invalid):
        writing.add(campaign, replace(mission(MissionKind.COMMENT), **wrong), by=campaign.lead, at=at)  # type: ignore[arg-type]


def test_it_is_open_within_its_own_time_only(app: Flask, at: datetime) -> None:
    opens = zones.to_local(at, SHANGHAI).replace(second=0, microsecond=0) + timedelta(hours=1)
    wanted = mission(MissionKind.CHECK_IN, opens=opens, closes=opens + timedelta(hours=2))
    (one,) = make_campaign(wanted).missions
    begins = zones.to_utc(opens, SHANGHAI)

    moments = [begins - timedelta(seconds=1), begins, begins + timedelta(hours=2)]

    assert [one.is_open(moment) for moment in moments] == [False, True, False]


def test_facts_outside_of_its_time_do_not_count(app: Flask, at: datetime) -> None:
    opens = zones.to_local(at, SHANGHAI).replace(second=0, microsecond=0) + timedelta(hours=1)
    fan, campaign = make_fan(), make_campaign(mission(MissionKind.CHECK_IN, opens=opens))

    check_in(fan, at)

    assert not writing.is_used(campaign.missions[0])


def test_before_the_beginning_everything_but_the_kind_changes(app: Flask, at: datetime) -> None:
    campaign = planned(at)
    (one,) = campaign.missions

    writing.change(one, mission(MissionKind.COMMENT, 7, title_en="Say it"), by=campaign.lead, at=at)

    assert (one.needed, one.title_en) == (7, "Say it")
    with pytest.raises(Invalid):
        writing.change(one, mission(MissionKind.SHARE), by=campaign.lead, at=at)


def test_once_it_runs_only_words_change_and_the_end_moves_later(app: Flask, at: datetime) -> None:
    closes = zones.to_local(at, SHANGHAI).replace(second=0, microsecond=0) + timedelta(days=1)
    wanted = mission(MissionKind.COMMENT, closes=closes)
    campaign = make_campaign(wanted)
    (one,) = campaign.missions

    writing.change(one, replace(wanted, title="说一句", closes=closes + timedelta(days=1)), by=campaign.lead, at=at)

    assert (one.title, one.closes_at) == ("说一句", zones.to_utc(closes + timedelta(days=1), SHANGHAI))
    for change in ({"needed": 5}, {"closes": closes}, {"opens": closes - timedelta(hours=1)}, {"settings": {"x": 1}}):
        with pytest.raises(InUse):
            writing.change(one, replace(wanted, **change), by=campaign.lead, at=at)


def test_a_mission_with_facts_is_closed_and_not_removed(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign(mission(MissionKind.CHECK_IN, 2))
    (one,) = campaign.missions
    check_in(fan, at)

    with pytest.raises(InUse):
        writing.remove(one, by=campaign.lead, at=at)
    writing.close(one, by=campaign.lead, at=at + timedelta(hours=1))
    writing.close(one, by=campaign.lead, at=at + timedelta(hours=2))

    assert one.closed_at == at + timedelta(hours=1)
    assert not one.is_open(at + timedelta(days=1))


def test_a_mission_that_nobody_used_is_removed(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN), mission(MissionKind.COMMENT))

    writing.remove(campaign.missions[0], by=campaign.lead, at=at)

    assert kinds_of(campaign) == ["comment"]


def test_the_order_is_what_was_asked_for_and_moving_goes_step_by_step(app: Flask, at: datetime) -> None:
    campaign = make_campaign(
        *(mission(kind) for kind in (MissionKind.COMMENT, MissionKind.SHARE, MissionKind.CHECK_IN))
    )
    first, second, third = (one.public_id for one in campaign.missions)

    writing.put_in_order(campaign, [third, first], by=campaign.lead, at=at)
    assert [one.public_id for one in campaign.missions] == [third, first, second]

    writing.move(campaign.missions[2], -1, by=campaign.lead, at=at + timedelta(seconds=1))
    writing.move(campaign.missions[0], -1, by=campaign.lead, at=at + timedelta(seconds=2))
    assert [one.public_id for one in campaign.missions] == [third, second, first]
    db.session.expire_all()
    assert [one.position for one in campaign.missions] == [0, 1, 2]


def test_a_campaign_that_is_over_keeps_its_missions(app: Flask, at: datetime) -> None:
    campaign = make_campaign()

    with pytest.raises(CampaignOver):
        writing.add(campaign, mission(MissionKind.COMMENT), by=campaign.lead, at=campaign.ends_at)


def test_what_the_lead_did_is_on_record(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.COMMENT))
    one = campaign.missions[0]
    writing.close(one, by=campaign.lead, at=at)

    assert [fact.kind for fact in events.of_subject(one)] == ["mission.added", "mission.closed"]


def test_a_kind_of_another_room_is_followed_like_any_other(app: Flask, at: datetime) -> None:
    nap = kinds.Kind("nap", "Take a nap", "moon", frozenset({"test.napped"}))
    plug = kinds.declared.plug(lambda: [nap])
    try:
        fan, campaign = make_fan(), make_campaign(writing.WantedMission("nap", "睡一觉"))
        events.track("test.napped", key="nap:1", at=at, member_id=fan.id, campaign_id=campaign.id)
        assert writing.is_used(campaign.missions[0])
    finally:
        kinds.declared._plugs.remove(plug)  # other tests know only the kinds of the house
