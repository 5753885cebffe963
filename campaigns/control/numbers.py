"""The numbers of the control room, read from the kept counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from campaigns.control.filters import Filter
from campaigns.participation.counts import reading as counts
from campaigns.participation.counts.models import Grain, Measure
from campaigns.participation.counts.reading import QUARTER, Totals, Window
from campaigns.planning.models import Campaign, Mission

LAST = timedelta(minutes=10)


@dataclass(frozen=True)
class MissionLine:
    """One mission: facts that count towards it, and how many people have fulfilled it."""

    mission: Mission
    facts: int
    fulfilled: int


@dataclass(frozen=True)
class Step:
    """One step of the funnel: how many came so far, and their share of the step before, None for the first."""

    key: str
    words: Any
    number: int
    share: float | None


@dataclass(frozen=True)
class Numbers:
    """What stands at the head, of what was asked for. `lately`: new participants and facts of the last ten minutes."""

    participants: int
    facts: int
    fulfilled: int
    finished: int
    missions: Sequence[MissionLine]
    funnel: Sequence[Step]
    lately: tuple[int, int]


def numbers(campaign: Campaign, chosen: Filter, totals: Totals, at: datetime) -> Numbers:
    """For one look at the page; `totals` are those of what is chosen."""
    subject = chosen.subject_id
    return Numbers(
        participants=totals.of(Measure.JOINED),
        facts=totals.of(Measure.FACT, subject),
        fulfilled=totals.of(Measure.FULFILLED, subject),
        finished=totals.of(Measure.FINISHED),
        missions=mission_lines(campaign, totals),
        funnel=funnel(totals, chosen),
        lately=_lately(campaign, chosen, at),
    )


def mission_lines(campaign: Campaign, totals: Totals) -> list[MissionLine]:
    """Every mission in its order."""
    return [
        MissionLine(mission, totals.of(Measure.FACT, mission.id), totals.of(Measure.FULFILLED, mission.id))
        for mission in campaign.missions
    ]


def funnel(totals: Totals, chosen: Filter) -> list[Step]:
    """From a visit to the last mission; of one mission, to its fulfilment."""
    steps: list[tuple[str, Any, int]] = [
        ("visits", _l("Visits by links"), totals.of(Measure.VISIT)),
        ("participants", _l("Participants"), totals.of(Measure.JOINED)),
    ]
    if chosen.mission is not None:
        fulfilled = totals.of(Measure.FULFILLED, chosen.mission.id)
        steps += [("mission", _l("Fulfilled this mission"), fulfilled)]
    else:
        steps += [
            ("started", _l("Fulfilled a mission"), totals.of(Measure.STARTED)),
            ("finished", _l("Finished all missions"), totals.of(Measure.FINISHED)),
        ]
    before = [None, *(number for _key, _words, number in steps)]
    return [
        Step(key, words, number, number / earlier if earlier else None)
        for (key, words, number), earlier in zip(steps, before, strict=False)
    ]


def _lately(campaign: Campaign, chosen: Filter, at: datetime) -> tuple[int, int]:
    """By the minute, so that a lead sees that it moves."""
    measures = (Measure.JOINED, Measure.FACT)
    found = counts.series(campaign.id, measures, Grain.MINUTE, Window(at - LAST, at + QUARTER), chosen.subject_id)
    people, facts = (sum(n for minute, n in found[one].items() if minute > at - LAST) for one in measures)
    return people, facts
