"""The list of campaigns and their form."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.planning import template_list
from campaigns.planning.models import Campaign, CampaignKind
from commons import zones
from commons.db import db
from commons.permissions import Role
from tests.campaigns.factories import SHANGHAI, a_lead, make_campaign
from tests.factories import make_fan, make_staff, sign_in


def filled(**changes: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    usual = {
        "title": "春茶第一泡",
        "kind": "content",
        "goal_participants": "300",
        "starts": "2026-03-05T09:00",
        "ends": "2026-03-20T21:00",
        "zone": SHANGHAI,
        "currency": "CNY",
    }
    return {key: value for key, value in {**usual, **changes}.items() if value is not None}


def campaigns() -> list[Campaign]:
    return list(db.session.scalars(select(Campaign)))


def test_a_campaign_is_set_up_and_asks_for_its_missions_next(lead: FlaskClient) -> None:
    answer = lead.post("/planning/new", data=filled())
    (campaign,) = campaigns()
    assert answer.location == f"/planning/{campaign.public_id}/missions"
    assert campaign.is_draft
    assert (campaign.kind, campaign.goal_participants) == (CampaignKind.CONTENT, 300)
    assert campaign.starts_at == zones.to_utc(datetime(2026, 3, 5, 9), SHANGHAI)
    assert campaign.missions == []


def test_a_template_brings_its_missions_and_leads_to_the_plan(lead: FlaskClient) -> None:
    template = template_list.named("photo_call")
    assert template is not None

    answer = lead.post("/planning/new?template=photo_call", data=filled())

    (campaign,) = campaigns()
    assert answer.location == f"/planning/{campaign.public_id}"
    assert [one.kind for one in campaign.missions] == [kind for kind, _title, _needed in template.missions]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": "  "}, "Please fill this in"),
        ({"ends": "2026-03-05T09:00"}, "It must end after it begins"),
        ({"ends": "2036-03-05T09:00"}, "three years"),
        ({"starts": "0001-01-01T00:00"}, "Choose a year"),
        ({"starts": "yesterday"}, "Begins"),
        ({"starts": "2026-02-31T09:00"}, "Begins"),
        ({"zone": "Mars/Olympus"}, "Not a valid choice"),
        ({"kind": "war"}, "Not a valid choice"),
        ({"currency": "XXX"}, "Not a valid choice"),
        ({"goal_participants": "0"}, "between 1"),
        ({"goal_participants": "9" * 400}, "Not a valid integer"),
        ({"goal_participants": "9" * 5000}, "Not a valid integer"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(lead: FlaskClient, changes: dict[str, Any], words: str) -> None:
    answer = lead.post("/planning/new", data=filled(**changes))
    assert answer.status_code == 422
    assert words in answer.text
    assert campaigns() == []


def test_a_running_campaign_keeps_its_promises_and_the_form_says_so(lead: FlaskClient) -> None:
    campaign = make_campaign()
    page = lead.get(f"/planning/{campaign.public_id}/edit")
    assert campaign.title in page.text
    answer = lead.post(f"/planning/{campaign.public_id}/edit", data=filled(kind="product"))
    assert answer.status_code == 409
    assert "kind and beginning no longer change" in answer.text
    assert campaign.kind is CampaignKind.CONTENT


def test_a_form_that_nobody_touched_changes_nothing(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign()
    begins, ends = (zones.to_local(moment, SHANGHAI) for moment in (campaign.starts_at, campaign.ends_at))
    form = filled(
        title=campaign.title,
        goal_participants="100",
        starts=f"{begins:%Y-%m-%dT%H:%M}",
        ends=f"{ends + timedelta(days=1):%Y-%m-%dT%H:%M}",
    )
    answer = lead.post(f"/planning/{campaign.public_id}/edit", data=form)
    assert answer.status_code == 303
    assert campaign.ends_at == zones.to_utc(ends + timedelta(days=1), SHANGHAI)


def test_calling_off_leads_back_to_the_plan(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign()
    assert lead.post(f"/planning/{campaign.public_id}/call-off").status_code == 303
    assert campaign.cancelled_at == at


def test_the_list_shows_kind_state_and_lead(lead: FlaskClient) -> None:
    make_campaign(by=make_staff(Role.CAMPAIGN_LEAD, "周澜"))
    page = lead.get("/planning").text
    assert "Content-led" in page
    assert "Under way" in page
    assert "周澜" in page


def test_an_empty_list_says_what_to_do_next(lead: FlaskClient) -> None:
    assert "/planning/new" in lead.get("/planning").text
    assert "No campaign yet" in lead.get("/planning").text


def test_who_only_reads_cannot_set_up_change_or_call_off(app: Flask, client: FlaskClient, at: datetime) -> None:
    campaign = make_campaign(by=a_lead())
    sign_in(client, make_staff(Role.SOCIAL_MANAGER))
    assert client.get("/planning").status_code == 200
    for address in ("/planning/new", f"/planning/{campaign.public_id}/edit"):
        assert client.get(address).status_code == 404
        assert client.post(address, data=filled()).status_code == 404
    assert client.post(f"/planning/{campaign.public_id}/call-off").status_code == 404
    assert campaign.cancelled_at is None


def test_fans_find_no_planning(app: Flask, client: FlaskClient, at: datetime) -> None:
    sign_in(client, make_fan().user)  # type: ignore[arg-type]
    assert client.get("/planning").status_code == 404
