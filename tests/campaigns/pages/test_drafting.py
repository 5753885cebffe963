"""Changing a draft: every change can be undone, and nobody writes over somebody else unawares."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from campaigns.pages import drafting
from campaigns.pages.drafting import MOST_BLOCKS, NoSuchBlock, Stale
from campaigns.pages.models import CampaignPage
from campaigns.planning.models import CampaignKind
from commons.accounts.models import User
from commons.errors import Invalid
from tests.campaigns.factories import make_campaign
from tests.campaigns.pages.factories import a_page, ids_of, kinds_of, text, writer


@pytest.fixture
def page(app: Flask, at: datetime) -> CampaignPage:
    """hero, text0, text1, text2."""
    return a_page(make_campaign(), "一", "二", "三")


@pytest.fixture
def lead(app: Flask, at: datetime) -> User:
    return writer("周澜")


@pytest.mark.parametrize("kind", list(CampaignKind))
def test_a_page_begins_with_the_usual_blocks_of_its_kind(
    app: Flask, at: datetime, lead: User, kind: CampaignKind
) -> None:
    campaign = make_campaign(kind=kind)
    page = drafting.begun(campaign, by=lead, at=at)
    assert kinds_of(page)[0] == "hero"
    assert {"missions", "group_buy", "more", "posts"} <= set(kinds_of(page))
    assert drafting.begun(campaign, by=lead, at=at).id == page.id


def test_a_block_is_added_where_it_is_wanted(page: CampaignPage, lead: User, at: datetime) -> None:
    drafting.add(page, "countdown", {"to": "end"}, 1, by=lead, at=at)
    drafting.add(page, "text", text("末"), 99, by=lead, at=at)
    assert kinds_of(page) == ["hero", "countdown", "text", "text", "text", "text"]


def test_of_some_kinds_a_page_has_one(page: CampaignPage, lead: User, at: datetime) -> None:
    with pytest.raises(Invalid):
        drafting.add(page, "hero", {}, 0, by=lead, at=at)
    with pytest.raises(Invalid):
        drafting.duplicate(page, "hero", revision=page.revision, by=lead, at=at)


def test_a_page_does_not_grow_for_ever(page: CampaignPage, lead: User, at: datetime) -> None:
    for _number in range(MOST_BLOCKS - 4):
        drafting.add(page, "text", text("又"), 99, by=lead, at=at)
    with pytest.raises(Invalid):
        drafting.add(page, "text", text("太多"), 99, by=lead, at=at)


def test_blocks_move_and_stay_within_the_page(page: CampaignPage, lead: User, at: datetime) -> None:
    drafting.move(page, "text0", 3, revision=page.revision, by=lead, at=at)
    assert ids_of(page) == ["hero", "text1", "text2", "text0"]
    drafting.move(page, "text2", 0, revision=page.revision, by=lead, at=at)
    assert ids_of(page) == ["text2", "hero", "text1", "text0"]
    before = page.revision
    drafting.move(page, "text0", 99, revision=page.revision, by=lead, at=at)
    assert page.revision == before


def test_a_copy_stands_behind_its_block_and_is_another(page: CampaignPage, lead: User, at: datetime) -> None:
    copy = drafting.duplicate(page, "text0", revision=page.revision, by=lead, at=at)
    assert ids_of(page) == ["hero", "text0", copy.id, "text1", "text2"]
    drafting.change(page, copy.id, text("另一"), revision=page.revision, by=lead, at=at)
    assert [block.fields.get("text_zh") for block in drafting.blocks_of(page)][1:3] == ["一", "另一"]


def test_what_was_removed_comes_back_by_undoing_and_goes_by_undoing_that(
    page: CampaignPage, lead: User, at: datetime
) -> None:
    drafting.remove(page, "text1", revision=page.revision, by=lead, at=at)
    drafting.remove(page, "text1", revision=page.revision, by=lead, at=at)
    assert ids_of(page) == ["hero", "text0", "text2"]
    drafting.undo(page, revision=page.revision, by=lead, at=at)
    assert ids_of(page) == ["hero", "text0", "text1", "text2"]
    drafting.undo(page, revision=page.revision, by=lead, at=at)
    assert ids_of(page) == ["hero", "text0", "text2"]


def test_two_people_may_write_different_blocks_at_once(page: CampaignPage, lead: User, at: datetime) -> None:
    read, other = page.revision, writer("林夏")
    drafting.change(page, "text0", text("甲"), revision=read, by=other, at=at)
    drafting.change(page, "text1", text("乙"), revision=read, by=lead, at=at)
    assert [block.fields.get("text_zh") for block in drafting.blocks_of(page)][1:] == ["甲", "乙", "三"]


def test_who_is_late_is_told_what_the_other_did_and_changes_nothing(
    page: CampaignPage, lead: User, at: datetime
) -> None:
    read, other = page.revision, writer("林夏")
    drafting.change(page, "text0", text("甲"), revision=read, by=other, at=at)
    with pytest.raises(Stale) as refusal:
        drafting.change(page, "text0", text("乙"), revision=read, by=lead, at=at)
    assert refusal.value.who == "林夏"
    assert [(piece.kind, piece.text) for piece in refusal.value.changes[0].pieces] == [("gone", "一"), ("new", "甲")]
    assert drafting.blocks_of(page)[1].fields["text_zh"] == "甲"
    drafting.change(page, "text0", text("乙"), revision=page.revision, by=lead, at=at)
    assert drafting.blocks_of(page)[1].fields["text_zh"] == "乙"


@pytest.mark.parametrize("verb", ["move", "remove", "duplicate", "undo", "change"])
def test_every_change_is_refused_where_another_touched_the_same(
    page: CampaignPage, lead: User, at: datetime, verb: str
) -> None:
    read, other = page.revision, writer("林夏")
    drafting.change(page, "text0", text("甲"), revision=read, by=other, at=at)
    drafting.move(page, "text2", 0, revision=page.revision, by=other, at=at)
    verbs: dict[str, Callable[[], object]] = {
        "move": lambda: drafting.move(page, "text1", 0, revision=read, by=lead, at=at),
        "remove": lambda: drafting.remove(page, "text0", revision=read, by=lead, at=at),
        "duplicate": lambda: drafting.duplicate(page, "text0", revision=read, by=lead, at=at),
        "undo": lambda: drafting.undo(page, revision=read, by=lead, at=at),
        "change": lambda: drafting.change(page, "text0", text("乙"), revision=read, by=lead, at=at),
    }
    draft = list(page.draft)
    with pytest.raises(Stale):
        verbs[verb]()
    assert page.draft == draft


def test_what_was_read_too_long_ago_is_refused(page: CampaignPage, lead: User, at: datetime) -> None:
    read = page.revision
    for number in range(drafting.KEPT_EDITS + 1):
        drafting.change(page, "text1", text(f"第{number}遍"), revision=page.revision, by=lead, at=at)
    with pytest.raises(Stale):
        drafting.change(page, "text0", text("乙"), revision=read, by=lead, at=at)


def test_a_block_that_is_not_there_is_not_changed(page: CampaignPage, lead: User, at: datetime) -> None:
    with pytest.raises(NoSuchBlock):
        drafting.change(page, "nowhere", text("乙"), revision=page.revision, by=lead, at=at)
