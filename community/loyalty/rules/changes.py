"""Those for whom a dry run says that something would change: who they are, and all of them as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from commons.db import db
from community.loyalty.rules.trying import Change, DryRun
from community.members.models import Member

AT_ONCE = 500


def people_of(changes: Sequence[Change]) -> dict[int, Member]:
    """The members, by id."""
    query = select(Member).where(Member.id.in_([change.member_id for change in changes]))
    return {member.id: member for member in db.session.scalars(query)}


def table(tried: DryRun) -> Iterator[Sequence[object]]:
    """The heading, then one row for each member, those with the largest change first."""
    yield (
        _("Name"), _("Number"), _("Growth before"), _("Growth after"), _("Growth change"), _("Points before"),
        _("Points after"), _("Points change"),
    )  # fmt: skip
    for start in range(0, len(tried.changes), AT_ONCE):
        some = tried.changes[start : start + AT_ONCE]
        people = people_of(some)
        for change in some:
            member = people[change.member_id]
            (growth, points), (then_growth, then_points) = change.before, change.after
            yield (
                member.name, member.public_id, growth, then_growth, change.growth, points, then_points, change.points,
            )  # fmt: skip
