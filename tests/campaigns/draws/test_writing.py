"""The rules of a draw: checked, published at the launch, and fixed from then on."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.compliance import checking
from campaigns.compliance.models import Preset
from campaigns.draws import writing
from campaigns.draws.models import Draw, DrawPrize, DrawState, Jurisdiction, Source
from campaigns.draws.ranking import fingerprint
from campaigns.draws.writing import AlreadyLaunched, CampaignNotLaunched, CampaignOver, WantedPrize
from campaigns.planning import launching
from campaigns.planning.writing import call_off
from commons import clock
from commons.db import db
from commons.errors import Invalid
from commons.events import Event
from commons.i18n import Words
from commons.jobs.models import Job
from commons.money import Money
from tests.campaigns.draws.factories import CLOSE, REVEAL, make_draft, make_draw, wanted_draw
from tests.campaigns.factories import a_lead, make_campaign, make_plan


def test_launching_publishes_the_rules_with_the_round_of_the_beacon(app: Flask, at: datetime) -> None:
    draw = make_draw()
    rules = json.loads(draw.rules)
    assert draw.state is DrawState.OPEN
    assert (draw.round, draw.reveals_at) == (1000, REVEAL)
    assert rules["randomness"]["round"] == 1000
    assert [prize["name"] for prize in rules["prizes"]] == ["冷泡壶", "茶签"]
    assert draw.rules_hash == fingerprint(rules)


def test_after_the_launch_nothing_of_it_changes(app: Flask, at: datetime) -> None:
    draw = make_draw()
    before = draw.rules
    with pytest.raises(AlreadyLaunched):
        writing.write(draw, draw.campaign, wanted_draw(title="另一个"), by=a_lead(), at=at)
    with pytest.raises(AlreadyLaunched):
        writing.discard(draw)
    writing.launch(draw, by=a_lead(), at=at + timedelta(hours=1))
    assert (draw.rules, draw.launched_at) == (before, at)


def test_launching_twice_is_launching_once(app: Flask, at: datetime) -> None:
    draw = make_draw()
    writing.launch(draw, by=a_lead(), at=at)
    launched = select(func.count()).select_from(Event).where(Event.kind == "draw.launched")
    assert db.session.scalar(launched) == 1
    due = dict(db.session.execute(select(Job.name, Job.due_at).where(Job.name.like("draws.%"))).all())
    assert due == {"draws.freeze": CLOSE, "draws.draw": REVEAL + writing.SPREADING}


@pytest.mark.parametrize(
    "changes",
    [
        {"prizes": []},
        {"prizes": [WantedPrize("车", 1, Money(50_000_01))]},
        {"prizes": [WantedPrize("车", 1, Money(100, "USD"))]},
        {"closes": datetime(2023, 8, 23, 11)},
        {"draws": datetime(2023, 8, 23, 15, 9)},
        {"draws": datetime(2024, 12, 23, 15, 9)},
    ],
)
def test_rules_that_no_draw_may_have_are_refused(app: Flask, at: datetime, changes: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        make_draft(**changes)


def test_the_cap_of_50_000_yuan_is_reached_and_only_holds_in_china(app: Flask, at: datetime) -> None:
    assert make_draft(prizes=[WantedPrize("车", 1, Money(50_000_00))]).prizes[0].value == Money(50_000_00)
    dear = [WantedPrize("Car", 1, Money(60_000_00, "EUR"))]
    assert make_draft(jurisdiction=Jurisdiction.ELSEWHERE, prizes=dear).units == 1


def test_a_draft_changes_with_its_prizes_and_can_be_thrown_away(app: Flask, at: datetime) -> None:
    draw = make_draft()
    writing.write(draw, draw.campaign, wanted_draw(prizes=[WantedPrize("茶", 4, Money(100))]), by=a_lead(), at=at)
    assert [(prize.name, prize.quantity) for prize in draw.prizes] == [("茶", 4)]
    writing.discard(draw)
    assert db.session.scalar(select(func.count()).select_from(Draw)) == 0
    assert db.session.scalar(select(func.count()).select_from(DrawPrize)) == 0


def test_a_draft_whose_time_has_come_is_not_launched(app: Flask, at: datetime) -> None:
    draw = make_draft()
    clock.set_to(CLOSE)
    with pytest.raises(Invalid):
        writing.launch(draw, by=a_lead(), at=CLOSE)


def test_a_campaign_that_is_over_gets_no_draw(app: Flask, at: datetime) -> None:
    campaign = make_campaign()
    draw = make_draft(campaign)
    call_off(campaign, by=a_lead(), at=at)
    with pytest.raises(CampaignOver):
        writing.launch(draw, by=a_lead(), at=at)


def test_a_draw_is_launched_after_its_campaign(app: Flask, at: datetime) -> None:
    campaign = make_plan()
    said = checking.Wanted(Preset.CHINA, "云脚茶社", "0571 0000 0000", Words("活动规则全文。", "The rules."))
    checking.disclose(campaign, said, by=a_lead(), at=at)
    draw = make_draft(campaign)
    with pytest.raises(CampaignNotLaunched) as refusal:
        writing.launch(draw, by=a_lead(), at=at)
    assert refusal.value.advice != ""
    assert draw.state is DrawState.DRAFT

    launching.launch(campaign, by=a_lead(), at=at)
    writing.launch(draw, by=a_lead(), at=at)

    assert draw.state is DrawState.OPEN


def test_the_launch_of_a_campaign_names_its_draws_that_are_drafts(app: Flask, at: datetime) -> None:
    campaign = make_plan()
    draw = make_draft(campaign, title="第二轮")

    found = [one for one in launching.findings(campaign, at) if one.mend_url.startswith("/draws/")]

    assert [(one.blocks, one.mend_url) for one in found] == [(False, f"/draws/{draw.public_id}")]


def test_without_a_network_a_number_is_locked_up_and_only_its_fingerprint_published(app: Flask, at: datetime) -> None:
    draw = make_draw(source=Source.COMMITTED)
    assert draw.secret is not None
    assert draw.secret["value"] not in draw.rules
    assert json.loads(draw.rules)["randomness"] == {"source": "commit-reveal", "commitment": draw.secret["commitment"]}
