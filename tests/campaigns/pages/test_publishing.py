"""Versions never change; they go out at once or at a time, and the way back is a draft."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from campaigns.pages import drafting, publishing, versions
from campaigns.pages.comparing import changes
from campaigns.pages.drafting import Stale
from campaigns.pages.models import CampaignPage
from campaigns.pages.publishing import AlreadyOut
from campaigns.planning.models import Campaign
from commons import clock, jobs, zones
from commons.accounts.models import User
from commons.errors import Invalid
from tests.campaigns.factories import SHANGHAI, make_campaign
from tests.campaigns.pages.factories import a_page, a_version, published, text, writer


@pytest.fixture
def campaign(app: Flask, at: datetime) -> Campaign:
    return make_campaign()


@pytest.fixture
def page(campaign: Campaign) -> CampaignPage:
    return a_page(campaign, "一")


@pytest.fixture
def lead(page: CampaignPage) -> User:
    return page.changed_by


def in_hours(hours: int) -> datetime:
    return zones.to_local(clock.now() + timedelta(hours=hours), SHANGHAI)


def said(campaign: Campaign) -> str:
    version = versions.current(campaign.id)
    assert version is not None
    return str(version.blocks[1]["fields"]["text_zh"])


def test_a_version_says_who_and_when_and_stays_as_it_is(page: CampaignPage, lead: User, at: datetime) -> None:
    version = published(page, lead)
    drafting.change(page, "text0", text("后来"), revision=page.revision, by=lead, at=at)
    assert (version.number, version.made_by, version.made_at) == (1, lead, at)
    assert version.blocks[1]["fields"]["text_zh"] == "一"
    assert a_version(page).number == 2


def test_the_same_draft_is_kept_once_and_published_once(page: CampaignPage, lead: User, at: datetime) -> None:
    version = published(page, lead)
    assert a_version(page) is version
    assert publishing.publish(version, SHANGHAI, by=lead, at=at) is None


def test_what_somebody_changed_meanwhile_is_not_published_unseen(page: CampaignPage, lead: User, at: datetime) -> None:
    read = page.revision
    drafting.change(page, "text0", text("甲"), revision=read, by=writer("林夏"), at=at)
    with pytest.raises(Stale):
        versions.keep(page, revision=read, by=lead, at=at)


def test_an_empty_page_is_none(page: CampaignPage, lead: User, at: datetime) -> None:
    drafting.replace(page, [], revision=page.revision, by=lead, at=at)
    with pytest.raises(Invalid):
        a_version(page)


def test_going_back_makes_a_draft_and_fans_see_what_they_saw(
    campaign: Campaign, page: CampaignPage, lead: User, at: datetime
) -> None:
    first = published(page, lead)
    drafting.change(page, "text0", text("二"), revision=page.revision, by=lead, at=at)
    published(page, lead)
    versions.restore(first, revision=page.revision, by=lead, at=at)
    assert page.draft == first.blocks
    assert said(campaign) == "二"
    drafting.undo(page, revision=page.revision, by=lead, at=at)
    assert page.draft[1]["fields"]["text_zh"] == "二"


def test_a_planned_version_goes_out_at_its_time(
    campaign: Campaign, page: CampaignPage, lead: User, at: datetime
) -> None:
    published(page, lead)
    drafting.change(page, "text0", text("二"), revision=page.revision, by=lead, at=at)
    planned = publishing.schedule(a_version(page), in_hours(2), SHANGHAI, by=lead, at=at)
    jobs.drain(at + timedelta(hours=1, minutes=59))
    assert said(campaign) == "一"
    jobs.drain(at + timedelta(hours=2))
    assert said(campaign) == "二"
    assert planned.published_at is not None
    assert not planned.is_planned


def test_a_planned_version_is_moved(campaign: Campaign, page: CampaignPage, lead: User, at: datetime) -> None:
    published(page, lead)
    drafting.change(page, "text0", text("二"), revision=page.revision, by=lead, at=at)
    planned = publishing.schedule(a_version(page), in_hours(2), SHANGHAI, by=lead, at=at)
    publishing.move(planned, in_hours(5), SHANGHAI, by=lead, at=at)
    jobs.drain(at + timedelta(hours=3))
    assert said(campaign) == "一"
    jobs.drain(at + timedelta(hours=5))
    assert said(campaign) == "二"
    with pytest.raises(AlreadyOut):
        publishing.move(planned, in_hours(9), SHANGHAI, by=lead, at=at)
    with pytest.raises(AlreadyOut):
        publishing.cancel(planned, by=lead, at=at)


def test_a_cancelled_version_never_comes(campaign: Campaign, page: CampaignPage, lead: User, at: datetime) -> None:
    planned = publishing.schedule(a_version(page), in_hours(2), SHANGHAI, by=lead, at=at)
    publishing.cancel(planned, by=lead, at=at)
    publishing.cancel(planned, by=lead, at=at)
    jobs.drain(at + timedelta(hours=3))
    assert versions.current(campaign.id) is None


def test_a_worker_that_comes_late_does_not_bring_back_what_is_older(
    campaign: Campaign, page: CampaignPage, lead: User, at: datetime
) -> None:
    publishing.schedule(a_version(page), in_hours(1), SHANGHAI, by=lead, at=at)
    drafting.change(page, "text0", text("二"), revision=page.revision, by=lead, at=at)
    version = a_version(page)
    clock.advance(hours=2)
    publishing.publish(version, SHANGHAI, by=lead, at=clock.now())
    jobs.drain(clock.now())
    assert said(campaign) == "二"


@pytest.mark.parametrize("hours", [-1, 24 * 800])
def test_a_time_that_is_over_or_far_away_is_refused(page: CampaignPage, lead: User, at: datetime, hours: int) -> None:
    with pytest.raises(Invalid):
        publishing.schedule(a_version(page), in_hours(hours), SHANGHAI, by=lead, at=at)


def test_comparing_names_what_came_what_went_and_every_word(page: CampaignPage, lead: User, at: datetime) -> None:
    before = list(page.draft)
    drafting.change(page, "text0", text("一杯茶"), revision=page.revision, by=lead, at=at)
    drafting.add(page, "countdown", {"to": "end", "title_zh": "还有"}, 1, by=lead, at=at)
    drafting.remove(page, "hero", revision=page.revision, by=lead, at=at)
    found = changes(before, page.draft)
    assert [piece.kind for change in found for piece in change.pieces if "一人茶席" in piece.text] == ["gone"]
    assert [piece.kind for change in found for piece in change.pieces if "还有" in piece.text] == ["new"]
    assert any(piece.text == "杯茶" and piece.kind == "new" for change in found for piece in change.pieces) or any(
        piece.text == "一杯茶" for change in found for piece in change.pieces
    )
    assert changes(page.draft, page.draft) == []
