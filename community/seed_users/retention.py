"""Who stays: of those who joined in a period, how many were active in each one that followed; counted once a night."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from commons.db import db, insert_into
from commons.events import Event
from community.members.models import Member
from community.seed_users.cohorts import Cohort, Period, periods
from community.seed_users.models import Acceptance, RetentionCount, Unit

ACTS = (
    "circle.checked_in", "interaction.comment", "interaction.mention", "interaction.repost", "interaction.like",
    "interaction.share", "interaction.direct_message", "circle.posted", "circle.answered", "circle.mood_told",
    "group_buy.joined", "review.published", "reward.redeemed",
)  # fmt: skip
"""What somebody has to do to be active: each is the member's own doing, none of them happens to somebody."""

Counts = Counter[tuple[int, bool]]


def count(unit: Unit, at: datetime, zone: str) -> RetentionCount:
    """Count the last twelve periods, keep the result in place of the former one, and return it."""
    spans = periods(unit, at, zone)
    people, active = _people(spans), _active(spans)
    plain = [_cohort(number, spans, people, active).plain for number in range(len(spans))]
    values = {"zone": zone, "cohorts": plain, "counted_at": at}
    statement = insert_into(RetentionCount).values(unit=unit, **values)
    db.session.execute(statement.on_conflict_do_update(index_elements=["unit"], set_=values))
    return db.session.scalars(
        select(RetentionCount).where(RetentionCount.unit == unit).execution_options(populate_existing=True)
    ).one()


def counted(unit: Unit) -> tuple[RetentionCount | None, Sequence[Cohort]]:
    """The latest count, and its cohorts in which anybody joined; (None, none) before the first."""
    found = db.session.scalars(select(RetentionCount).where(RetentionCount.unit == unit)).one_or_none()
    cohorts = [Cohort.of(plain) for plain in found.cohorts] if found is not None else []
    return found, [cohort for cohort in cohorts if cohort.people["all"]]


def _people(spans: Sequence[Period]) -> Counts:
    """How many joined, by (number of the period, by a code or not)."""
    joined = (
        select(_number(Member.joined_at, spans).label("joined"), Acceptance.id.is_not(None).label("invited"))
        .outerjoin(Acceptance, Acceptance.member_id == Member.id)
        .where(Member.merged_into_id.is_(None), *_within(Member.joined_at, spans))
        .subquery()
    )
    query = select(joined.c.joined, joined.c.invited, func.count()).group_by(joined.c.joined, joined.c.invited)
    return Counter({(number, bool(invited)): count for number, invited, count in db.session.execute(query)})


def _active(spans: Sequence[Period]) -> dict[int, Counts]:
    """How many of them were active, by the number of the period in which they were: one pass over the facts."""
    acts = (
        select(
            _number(Member.joined_at, spans).label("joined"),
            _number(Event.occurred_at, spans).label("acted"),
            Acceptance.id.is_not(None).label("invited"),
            Event.member_id,
        )
        .join(Member, Member.id == Event.member_id)
        .outerjoin(Acceptance, Acceptance.member_id == Member.id)
        .where(Event.kind.in_(ACTS), *_within(Event.occurred_at, spans), *_within(Member.joined_at, spans))
        .distinct()
        .subquery()
    )
    query = select(acts.c.joined, acts.c.acted, acts.c.invited, func.count()).group_by(
        acts.c.joined, acts.c.acted, acts.c.invited
    )
    found: dict[int, Counts] = {number: Counter() for number in range(len(spans))}
    for joined, acted, invited, number in db.session.execute(query):
        found[acted][joined, bool(invited)] = number
    return found


def _cohort(number: int, spans: Sequence[Period], people: Counts, active: dict[int, Counts]) -> Cohort:
    invited, others = (number, True), (number, False)
    later = range(number, len(spans))
    return Cohort(
        first=spans[number].first,
        people={"all": people[invited] + people[others], "invited": people[invited], "others": people[others]},
        active={
            "all": [active[one][invited] + active[one][others] for one in later],
            "invited": [active[one][invited] for one in later],
            "others": [active[one][others] for one in later],
        },
    )


def _number(column: Any, spans: Sequence[Period]) -> ColumnElement[Any]:
    """The number of the period into which a moment falls."""
    return case(*((and_(column >= span.start, column < span.end), number) for number, span in enumerate(spans)))


def _within(column: Any, spans: Sequence[Period]) -> tuple[ColumnElement[bool], ...]:
    return column >= spans[0].start, column < spans[-1].end
