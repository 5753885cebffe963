"""Everything that the control room shows, as one table: a part after the other, times in UTC."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from campaigns.control import acts, brought, curves, goals, leading, numbers
from campaigns.control.curves import By
from campaigns.control.filters import Filter
from campaigns.participation.counts import reading as counts
from campaigns.planning.models import Campaign

HEADING = ("part", "name", "at", "number", "of", "planned", "more")
LEADERS = 500

Row = Sequence[object]


def rows(campaign: Campaign, chosen: Filter, at: datetime) -> Iterator[Row]:
    """The heading first. `number` is what the page shows, `of` what it is part of or wanted, `more` a second number."""
    yield HEADING
    totals = counts.totals(campaign.id)
    shown = numbers.numbers(campaign, chosen, counts.totals(campaign.id, chosen.window), at)
    for goal in goals.goals(campaign, at):
        yield "goal", goal.name, at.isoformat(), goal.pace.actual, goal.pace.target, goal.pace.planned, ""
    for name in ("participants", "facts", "fulfilled", "finished"):
        yield "number", name, at.isoformat(), getattr(shown, name), "", "", ""
    for step in shown.funnel:
        yield "funnel", step.key, "", step.number, "", "", ""
    for line in shown.missions:
        yield "mission", line.mission.title, "", line.facts, line.mission.needed, "", line.fulfilled
    for by in By:
        yield from _curve(campaign, by, chosen, at)
    yield from _brought(campaign, totals)
    for one in leading.leaders(campaign, chosen, size=LEADERS).rows:
        yield "participant", one.member.name, one.joined_at.isoformat(), one.facts, "", "", one.fulfilled
    for act in acts.newest(campaign, chosen, LEADERS):
        yield "act", act.member.name, act.at.isoformat(), "", "", "", act.mission.title if act.mission else ""


def _curve(campaign: Campaign, by: By, chosen: Filter, at: datetime) -> Iterator[Row]:
    """Stretches in which something happened: facts as `number`, new participants as `more`."""
    found = curves.curve(campaign, by, chosen, at)
    facts, people = (series["values"] for series in found["series"][:2])
    for second, fact, came in zip(found["x"], facts, people, strict=True):
        if fact or came:
            yield f"curve by {by.value}", "", datetime.fromtimestamp(second, UTC).isoformat(), fact, "", "", came


def _brought(campaign: Campaign, totals: counts.Totals) -> Iterator[Row]:
    for post in brought.posts(campaign, totals):
        yield "post", post.post.text[:80], post.post.published_at.isoformat(), post.comments, "", "", post.visits
    for link in brought.links(campaign, totals):
        yield "link", link.link.title or link.link.slug, "", link.visits, "", "", link.orders
