"""Tests that run, and people who were shown one side of them."""

from __future__ import annotations

from typing import Any

from campaigns.pages import drafting
from campaigns.pages.experiments import assigning, running
from campaigns.pages.experiments.models import Experiment, Goal
from campaigns.pages.experiments.running import Wanted, WantedVariant
from campaigns.planning.models import Campaign
from commons import clock
from commons.db import random_id
from community.members.models import Member
from tests.campaigns.pages.factories import a_page, a_version, text, writer


def page_variants(campaign: Campaign, *shares: int) -> list[WantedVariant]:
    """One version for each share; they say 甲页, 乙页, 丙页."""
    by, page = writer(), a_page(campaign, "甲页")
    found = []
    for place, share in enumerate(shares or (1, 1)):
        drafting.change(page, "text0", text("甲乙丙"[place] + "页"), revision=page.revision, by=by, at=clock.now())
        found.append(WantedVariant("ABC"[place], share, a_version(page)))
    return found


def a_test(campaign: Campaign, *shares: int, **changes: Any) -> Experiment:
    usual: dict[str, Any] = {"name": "哪一页", "goal": Goal.JOINED, "base_rate": 0.4, "effect": 0.4}
    if "variants" not in changes:
        changes["variants"] = page_variants(campaign, *shares)
    return running.start(campaign, Wanted(**{**usual, **changes}), by=writer(), at=clock.now())


def shown(experiment: Experiment, place: int, member: Member | None = None, hit_mark: str = "") -> None:
    """Somebody was shown one variant at this moment."""
    mark = assigning.mark_of(member) if member else random_id()
    assigning.note_seen(experiment.variants[place], mark, member, clock.now(), hit_mark=hit_mark)
