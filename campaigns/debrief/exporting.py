"""The review as tables: one for each part, for CSV one after the other and for XLSX a sheet each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from flask_babel import gettext as _

from campaigns.debrief import writing
from campaigns.debrief.reviewing import Review
from campaigns.planning.models import Campaign
from commons.money import Money
from commons.tables import Table
from community.members.facts import name_of


def tables(campaign: Campaign, review: Review) -> Iterator[Table]:
    """Title and rows of each part, the heading first; moments in UTC."""
    yield (
        _("Goals"),
        [
            (_("Goal"), _("Wanted"), _("Reached so far"), _("Planned by then")),
            *((goal.name, goal.pace.target, goal.pace.actual, goal.pace.planned) for goal in review.goals),
        ],
    )
    yield _("Phases"), [
        (_("Phase"), _("From"), _("To"), _("New participants"), _("Actions for missions"), _("Missions fulfilled"), _("Visits")),
        *((one.phase.name, one.phase.since.isoformat(), one.phase.until.isoformat(), one.participants, one.facts, one.fulfilled, one.visits) for one in review.phases),
    ]  # fmt: skip
    yield (
        _("Missions"),
        [
            (_("Mission"), _("Actions for missions"), _("Fulfilled by")),
            *((line.mission.title, line.facts, line.fulfilled) for line in review.missions),
        ],
    )
    yield from _what_worked(campaign, review)
    yield from _people(review)
    yield (
        _("Went wrong"),
        [
            (_("Went wrong"), _("How many")),
            *((str(one.words), one.number) for one in review.troubles),
        ],
    )
    yield from _taken_along(campaign)


def _what_worked(campaign: Campaign, review: Review) -> Iterator[Table]:
    yield (
        _("From a visit to the last mission"),
        [(_("Step"), _("How many")), *((str(step.words), step.number) for step in review.funnel)],
    )
    yield _("Links"), [
        (_("Link"), _("Visits"), _("New fans"), _("Seats"), _("Orders"), _("Amount")),
        *((line.link.title or line.link.slug, line.visits, line.fans, line.seats, line.orders, _amount(line.amount)) for line in review.links),
    ]  # fmt: skip
    yield _("Posts"), [
        (_("Post"), _("Published"), _("Comments"), _("Visits by shares")),
        *((line.post.text[:80], line.post.published_at.isoformat(), line.comments, line.visits) for line in review.posts),
    ]  # fmt: skip
    yield _("By the day"), [
        (_("Day"), *(series["label"] for series in review.days["series"])),
        *zip((datetime.fromtimestamp(x, UTC).isoformat() for x in review.days["x"]), *(series["values"] for series in review.days["series"]), strict=True),
    ]  # fmt: skip
    hours = _("Hours (%(zone)s)", zone=campaign.zone)
    yield hours, [(_("Hour"), _("Actions for missions")), *((hour, number) for hour, number in enumerate(review.hours))]


def _people(review: Review) -> Iterator[Table]:
    people = review.people
    yield (
        _("Who took part"),
        [
            (_("Which people"), _("How many")),
            (_("Participants"), people.participants),
            (_("New in the circle"), people.new),
            (_("Took part before"), people.returning),
            (_("Finished all missions"), people.finished),
        ],
    )
    yield (
        _("Most active"),
        [
            (_("Fan"), _("Actions for missions"), _("Missions fulfilled")),
            *((one.member.name, one.facts, one.fulfilled) for one in people.top),
        ],
    )
    yield (
        _("Ways in"),
        [
            (_("First act"), _("Participants")),
            *((str(name_of(source.key)), source.number) for source in review.first_facts),
        ],
    )
    yield (
        _("Sites"),
        [
            (_("Site"), _("Visits")),
            *((source.key or _("not known"), source.number) for source in review.sites),
        ],
    )
    if review.costs is not None:
        costs = review.costs
        names = (_("Planned budget"), _("Spent so far"), _("For each participant"), _("For each order"))
        amounts = (costs.planned, costs.spent, costs.per_participant, costs.per_order)
        yield (
            _("Costs"),
            [(_("Cost"), _("Amount")), *((name, _amount(money)) for name, money in zip(names, amounts, strict=True))],
        )


def _taken_along(campaign: Campaign) -> Iterator[Table]:
    yield (
        _("Lessons"),
        [
            (_("Lesson"), _("By"), _("Written on")),
            *((one.text, one.author.name, one.written_at.isoformat()) for one in writing.lessons(campaign)),
        ],
    )
    yield _("Next time"), [
        (_("What is decided"), _("By"), _("Decided on"), _("Seen to")),
        *((one.text, one.decided_by.name, one.decided_at.isoformat(), one.done_at.isoformat() if one.done_at else "") for one in writing.decisions(campaign)),
    ]  # fmt: skip


def _amount(money: Money | None) -> object:
    return f"{money.amount} {money.currency}" if money else ""
