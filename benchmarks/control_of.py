"""A campaign with as many participants as wanted, written in bulk: members, facts, what they count towards, visits.

Everybody does 1 to 9 things, five on average, in the nine days before `at`; each of the four missions needs one of them. The
campaign has a goal for participants and three that are counted by facts. The kept counts are then made by the nightly proof
out of the rows.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import Table, text

from campaigns.links.making import make_link
from campaigns.links.models import Hit, Verdict
from campaigns.participation.counts import goals, proving
from campaigns.participation.models import Fulfilment, MissionFact, Participant
from campaigns.planning.models import Campaign, Goal, MissionKind
from commons import bulk
from commons.accounts.models import User
from commons.db import Model, db
from commons.events import Event, Evidence
from community.members.models import Member

AT_ONCE = 10_000
FACTS = {
    MissionKind.COMMENT: "interaction.comment",
    MissionKind.SHARE: "link.visited",
    MissionKind.CHECK_IN: "circle.checked_in",
    MissionKind.JOIN_GROUP_BUY: "group_buy.joined",
}
GOALS = ("comments", "new_members", "seats")
DAYS = timedelta(days=9)
BETWEEN = timedelta(minutes=40)
LINKS = 12
VISITS_EACH = 3

COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Member: ("id", "public_id", "name", "joined_at", "card_public"),
    Event: ("id", "kind", "member_id", "campaign_id", "evidence", "occurred_at", "recorded_at", "payload", "key"),
    Participant: (
        "campaign_id", "member_id", "event_id", "joined_at", "facts", "fulfilled", "started_at", "finished_at"
    ),
    MissionFact: ("mission_id", "member_id", "event_id", "occurred_at"),
    Fulfilment: ("mission_id", "member_id", "event_id", "fulfilled_at"),
    Hit: (
        "uid", "link_id", "occurred_at", "verdict", "visitor", "referrer", "browser", "device", "language", "region"
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """One participant: ids, and when each of his facts happened."""

    member_id: int
    event_ids: Sequence[int]
    moments: Sequence[datetime]


def make(participants: int, by: User, at: datetime) -> Campaign:
    """Fill the current application's prepared database; shows progress on the terminal."""
    from tests.campaigns.factories import make_campaign, mission

    campaign = make_campaign(
        *(mission(kind) for kind in FACTS),
        by=by,
        starts=(at - DAYS).replace(tzinfo=None),
        ends=(at + timedelta(days=5)).replace(tzinfo=None),
        zone="UTC",
        goal_participants=participants * 2,
    )
    campaign.goals += [Goal(measure=measure, target=participants) for measure in GOALS]
    links = [make_link("/circle", by=by, at=at, campaign=campaign, title=f"海报 {n}").id for n in range(LINKS)]
    db.session.commit()
    chance = random.Random(35)
    look = (TextColumn("{task.description:<32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*look, console=Console(stderr=True)) as progress:
        task = progress.add_task("participants and their facts", total=participants)
        for start in range(0, participants, AT_ONCE):
            number = min(AT_ONCE, participants - start)
            _write(campaign, _people(number, campaign, at, chance), links, chance)
            progress.advance(task, number)
    db.session.execute(text("ANALYZE"))
    proving.put_right(campaign.id, at)
    goals.count_new(at)
    db.session.commit()
    return campaign


def _people(number: int, campaign: Campaign, at: datetime, chance: random.Random) -> list[Person]:
    connection = db.session.connection()
    sizes = [1 + chance.randrange(9) for _person in range(number)]
    members = bulk.reserve_ids(connection, _table(Member), number)
    events = iter(bulk.reserve_ids(connection, _table(Event), sum(sizes)))
    span = (at - campaign.starts_at) - 9 * BETWEEN
    people = []
    for member_id, size in zip(members, sizes, strict=True):
        first = campaign.starts_at + span * chance.random()
        people.append(Person(member_id, list(islice(events, size)), [first + BETWEEN * n for n in range(size)]))
    return people


def _write(campaign: Campaign, people: Sequence[Person], links: Sequence[int], chance: random.Random) -> None:
    """One piece, committed. PostgreSQL does not look after foreign keys meanwhile: the rows are made to fit."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
    names = bulk.random_ids(len(people))
    joined = campaign.starts_at - timedelta(days=30)
    missions, kinds = [mission.id for mission in campaign.missions], list(FACTS.values())
    _rows(
        Member,
        ((p.member_id, name, f"茶友{p.member_id}", joined, False) for p, name in zip(people, names, strict=True)),
    )
    _rows(Event, (
        (event, kinds[n % 4], p.member_id, campaign.id, Evidence.NETWORK, moment, moment, {}, f"bench:{event}")
        for p in people for n, (event, moment) in enumerate(zip(p.event_ids, p.moments, strict=True))
    ))  # fmt: skip
    _rows(Participant, (
        (campaign.id, p.member_id, p.event_ids[0], p.moments[0], len(p.moments), min(len(p.moments), 4), p.moments[0],
         p.moments[3] if len(p.moments) > 3 else None)
        for p in people
    ))  # fmt: skip
    facts = [
        (missions[n % 4], p.member_id, event, moment)
        for p in people
        for n, (event, moment) in enumerate(zip(p.event_ids, p.moments, strict=True))
    ]
    _rows(MissionFact, facts)
    _rows(Fulfilment, (
        (missions[n], p.member_id, event, moment)
        for p in people for n, (event, moment) in enumerate(zip(p.event_ids[:4], p.moments[:4], strict=True))
    ))  # fmt: skip
    _rows(Hit, _visits(people, links, chance))
    db.session.commit()


def _visits(people: Sequence[Person], links: Sequence[int], chance: random.Random) -> Iterator[Sequence[Any]]:
    for person in people:
        for number in range(VISITS_EACH):
            mark = f"{chance.getrandbits(64):016x}"
            yield (
                f"bench{person.member_id}-{number}", chance.choice(links), person.moments[0], Verdict.HUMAN, mark, "", "",
                "phone", "zh", "",
            )  # fmt: skip


def _rows(model: type[Model], rows: Iterable[Sequence[Any]]) -> None:
    bulk.write(db.session.connection(), _table(model), COLUMNS[model], rows)


def _table(model: type[Model]) -> Table:
    return model.__table__  # type: ignore[return-value]
