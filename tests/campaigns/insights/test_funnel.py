"""From a post to an order that comes again."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient

from campaigns.insights import funnel
from campaigns.insights.asking import asked
from campaigns.links.counting import write_visits
from campaigns.links.making import link_on
from campaigns.planning.models import Campaign
from commons.permissions import Role
from community.channels.accounts import connect
from tests.campaigns.factories import a_lead, a_link, make_campaign, visit
from tests.campaigns.insights.factories import order
from tests.community.circle.factories import make_comment
from tests.factories import make_circle_post, make_fan, make_staff, sign_in


def numbers(at: datetime, **more: str) -> list[int]:
    day = at.date().isoformat()
    return [step.number for step in funnel.steps(asked({"from": day, "to": day} | more, at))]


def a_whole_way(at: datetime) -> Campaign:
    """A campaign: one post, two visits by people and one by a bot, one participant, two customers of whom one comes again."""
    lead, fan = a_lead(), make_fan()
    campaign = make_campaign(by=lead)
    post = make_circle_post(campaign_id=campaign.id, at=at)
    link = link_on(a_link(campaign=campaign, by=lead), connect("weibo", "1", "@茶馆", at), at)
    write_visits([visit(link), visit(link), visit(link, verdict="bot")])
    make_comment(post, fan, "好香", at)
    order(fan.public_id, at - timedelta(hours=3), link)
    order(fan.public_id, at - timedelta(hours=2), link)
    order("b@example.org", at - timedelta(hours=1), link)
    return campaign


def test_each_step_counts_what_it_says(app: Flask, at: datetime) -> None:
    campaign = a_whole_way(at)
    order("elsewhere@example.org", at)

    assert numbers(at) == [1, 2, 1, 3, 1]
    assert numbers(at, campaign=campaign.public_id) == [1, 2, 1, 2, 1]
    assert numbers(at, channel="weibo") == [0, 2, 0, 2, 1]
    assert numbers(at, channel="~link") == [0, 0, 0, 1, 0]
    assert numbers(at, campaign=make_campaign().public_id) == [0, 0, 0, 0, 0]


def test_a_share_is_of_the_step_before_and_there_is_none_of_nothing(app: Flask, at: datetime) -> None:
    a_whole_way(at)
    posts, visits, participants, customers, again = funnel.steps(asked({"from": "2026-03-01", "to": "2026-03-01"}, at))

    assert posts.share is visits.share is None
    assert participants.share is not None
    assert (participants.share.hits, participants.share.trials) == (1, 2)
    assert again.share is not None
    assert again.share.trials == customers.number


def test_the_page_keeps_what_it_is_asked_in_the_address(client: FlaskClient, at: datetime) -> None:
    campaign = a_whole_way(at)
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD, language="en"))

    page = client.get(
        f"/insights/funnel?from=2026-03-01&to=2026-03-01&campaign={campaign.public_id}&channel=weibo"
    ).text

    assert "What it means" in page
    assert (
        f"/insights/rows/customers?from=2026-03-01&amp;to=2026-03-01&amp;channel=weibo&amp;campaign={campaign.public_id}"
        in page
    )


def test_a_campaign_that_there_is_not_is_said(client: FlaskClient, at: datetime) -> None:
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD, language="en"))
    answer = client.get("/insights/funnel?campaign=nosuchthing1")

    assert answer.status_code == 422
    assert "There is no such campaign." in answer.text
