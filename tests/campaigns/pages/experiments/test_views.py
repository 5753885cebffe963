"""Tests on screen: beginning one, watching it, and other words of a post in the circle."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.pages.experiments import running
from campaigns.pages.experiments.models import Experiment, Goal
from campaigns.pages.experiments.running import WantedVariant
from campaigns.planning.models import Campaign
from commons.accounts import leaving
from commons.db import db
from commons.permissions import Role
from community.channels.models import ChannelPost
from tests.campaigns.factories import PHONE, a_link, make_campaign, signed_in_fan
from tests.campaigns.pages.experiments.factories import a_test, page_variants, shown
from tests.campaigns.pages.factories import writer
from tests.factories import make_circle_post, make_fan, make_staff, sign_in

HUMAN = {"User-Agent": PHONE}
WANTED = {"name": "哪一页", "goal": "joined", "base_rate": "10", "effect": "5"}


@pytest.fixture
def campaign(app: Flask, at: datetime) -> Campaign:
    return make_campaign()


@pytest.fixture
def post(campaign: Campaign) -> ChannelPost:
    made = make_circle_post("甲的说法", campaign_id=campaign.id)
    made.link_slug = a_link("/groupbuys", campaign=campaign).slug
    return made


def the_test() -> Experiment:
    return db.session.scalars(select(Experiment)).one()


def test_a_test_of_the_page_is_begun_and_watched(lead: FlaskClient, campaign: Campaign) -> None:
    one, other = page_variants(campaign)
    assert one.version is not None
    assert other.version is not None
    data = {"variants-0-version": one.version.public_id, "variants-0-share": "1"}
    data |= {"variants-1-version": other.version.public_id, "variants-1-share": "3", "variants-2-share": "1"}
    answer = lead.post(f"/pages/{campaign.public_id}/tests/new", data={**WANTED, **data})
    assert answer.status_code == 303
    assert [variant.share for variant in the_test().variants] == [1, 3]
    shown_page = lead.get(answer.location).text
    assert "Not decided yet" in shown_page
    assert "provisional" in shown_page or "—" in shown_page
    assert "哪一页" in lead.get(f"/pages/{campaign.public_id}/tests").text


def test_what_is_wrong_is_said_beside_what_was_typed(lead: FlaskClient, campaign: Campaign) -> None:
    page_variants(campaign)
    answer = lead.post(f"/pages/{campaign.public_id}/tests/new", data={**WANTED, "base_rate": "200"})
    assert answer.status_code == 422
    assert "Choose two different versions at least." in answer.text
    assert "哪一页" in answer.text


def test_nothing_can_be_chosen_before_the_end(lead: FlaskClient, campaign: Campaign) -> None:
    experiment = a_test(campaign)
    shown(experiment, 0, make_fan())
    base = f"/pages/{campaign.public_id}/tests/{experiment.public_id}"
    page = lead.get(base).text
    assert "provisional" in page
    assert f"{base}/choose" not in page
    lead.post(f"{base}/choose", data={"variant": experiment.variants[0].public_id})
    assert the_test().live_subject is not None
    lead.post(f"{base}/stop")
    assert the_test().live_subject is None
    assert the_test().chosen is None


def test_only_who_may_runs_tests(client: FlaskClient, campaign: Campaign) -> None:
    experiment = a_test(campaign)
    sign_in(client, make_staff(Role.EXECUTIVE))
    base = f"/pages/{campaign.public_id}/tests"
    assert client.get(f"{base}/{experiment.public_id}").status_code == 200
    assert client.get(f"{base}/new").status_code == 404
    assert client.post(f"{base}/{experiment.public_id}/stop").status_code == 404


def test_other_words_of_a_post_are_shown_to_some_with_a_link_of_their_own(
    lead: FlaskClient, app: Flask, campaign: Campaign, post: ChannelPost
) -> None:
    data = {**WANTED, "goal": "visited", "first_share": "1", "variants-0-text": "乙的说法", "variants-0-share": "1"}
    answer = lead.post(f"/pages/{campaign.public_id}/tests/new?post={post.public_id}", data=data)
    assert answer.status_code == 303
    other = the_test().variants[1].link
    assert other is not None
    assert other.slug != post.link_slug
    seen = set()
    for _person in range(16):
        stranger = app.test_client()
        feed = [stranger.get("/circle", headers=HUMAN).text for _time in range(2)]
        said = ["乙" if "乙的说法" in page else "甲" for page in feed]
        assert said[0] == said[1]
        assert (f"/l/{other.slug}" in feed[0]) == (said[0] == "乙")
        assert ("乙的说法" in stranger.get(f"/circle/posts/{post.public_id}", headers=HUMAN).text) == (said[0] == "乙")
        seen.add(said[0])
    assert seen == {"甲", "乙"}


def test_the_words_that_won_become_the_posts(campaign: Campaign, post: ChannelPost, at: datetime) -> None:
    variants = [WantedVariant("甲", text=post.text), WantedVariant("乙", text="乙的说法")]
    experiment = a_test(campaign, post=post, goal=Goal.VISITED, variants=variants)
    running.choose(experiment, experiment.variants[1], is_decided=True, by=writer(), at=at)
    assert post.text == "乙的说法"
    assert experiment.variants[1].link is not None
    assert post.link_slug == experiment.variants[1].link.slug


def test_a_fan_takes_along_what_was_tested_on_him(client: FlaskClient, campaign: Campaign, at: datetime) -> None:
    experiment, fan = a_test(campaign), signed_in_fan(client)
    shown(experiment, 1, fan)
    assert fan.user is not None
    assert leaving.export(fan.user, at)["variants_shown"] == [{"test": "哪一页", "variant": "B", "at": at.isoformat()}]
