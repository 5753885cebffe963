"""Finding seed users and who came by them, and what the pages show of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from commons.accounts.models import User
from commons.db import db
from commons.events import Event
from commons.paging import Page, page_of
from commons.zones import to_local
from community.loyalty import why
from community.loyalty.levels.standing import Standing, standings
from community.loyalty.lines import Line
from community.members.models import Member
from community.seed_users.figures import figures_of
from community.seed_users.influence import Figure, Figures
from community.seed_users.models import Acceptance, InvitationCode, SeedField, SeedUser
from community.seed_users.retention import ACTS
from community.seed_users.wording import FIGURES, GRADES

PAGE = 25
SORTS = ("influence", "brought", "newest")


@dataclass(frozen=True)
class Search:
    """What the list is narrowed to: one field, those who are seed users now or former ones, in one of `SORTS`."""

    field: str = ""
    former: bool = False
    sort: str = "influence"


@dataclass(frozen=True)
class Row:
    """A seed user of the list. `came` counts all who ever came by one of the member's codes, `free` the uses left."""

    seed: SeedUser
    figures: Figures
    came: int
    free: int


@dataclass(frozen=True)
class Arrival:
    """Somebody who came by a code, and what came of it. `brought`: whom that person brought in turn."""

    acceptance: Acceptance
    standing: Standing
    last_act: datetime | None
    brought: int


@dataclass(frozen=True)
class Mine:
    """Somebody who came, as the inviter sees it: the name if the person permits, and what it earned and why."""

    acceptance: Acceptance
    name: str
    line: Line | None


def rows(search: Search, by: User, at: datetime) -> list[Row]:
    """Everybody that the search finds, sorted. Grades are reckoned from facts, so all are read before any is shown."""
    query = _found(search, by).options(joinedload(SeedUser.member), selectinload(SeedUser.fields))
    found = db.session.scalars(query).unique().all()
    member_ids = {seed.member_id for seed in found}
    figures, came, free = figures_of(member_ids, at), came_by(member_ids), _free_uses(at)
    listed = [Row(one, figures[one.member_id], came.get(one.member_id, 0), free.get(one.id, 0)) for one in found]
    if search.sort == "newest":
        return sorted(listed, key=lambda row: (row.seed.named_at, row.seed.id), reverse=True)
    if search.sort == "brought":
        return sorted(listed, key=lambda row: (row.came, row.figures.order, row.seed.id), reverse=True)
    return sorted(listed, key=lambda row: (row.figures.order, row.came, row.seed.id), reverse=True)


def table(search: Search, by: User, at: datetime, zone: str) -> Iterator[Sequence[object]]:
    """The whole of a search as rows for a spreadsheet, the heading first."""
    yield (
        _("Fan"), _("Fields"), _("Influence"), *(str(FIGURES[figure]) for figure in Figure), _("Came by a code"),
        _("Uses left"), _("Named"), _("Named by"), _("Ended"),
    )  # fmt: skip
    for row in rows(search, by, at):
        seed, values = row.seed, [row.figures.value(figure) for figure in Figure]
        ended = to_local(seed.ended_at, zone).strftime("%Y-%m-%d") if seed.ended_at else ""
        yield (
            seed.member.name, ", ".join(seed.words), str(GRADES[row.figures.grade]), *values, row.came, row.free,
            to_local(seed.named_at, zone).strftime("%Y-%m-%d"), seed.named_by.name, ended,
        )  # fmt: skip


def came_by(member_ids: set[int]) -> dict[int, int]:
    """How many ever came by codes of each of these members; who brought nobody is left out."""
    query = select(Acceptance.inviter_id, func.count()).where(Acceptance.inviter_id.in_(member_ids))
    return dict(db.session.execute(query.group_by(Acceptance.inviter_id)).all())


def arrivals(member: Member, number: int) -> Page[Arrival]:
    """One page of those who came by this member's codes, the newest first, and whether earlier ones follow."""
    query = _came(member).options(joinedload(Acceptance.member), joinedload(Acceptance.code))
    found = page_of(query, number, PAGE)
    return Page(_arrivals(found.rows), number, found.has_older)


def arrival_table(member: Member, zone: str) -> Iterator[Sequence[object]]:
    """All who came by this member's codes, as rows for a spreadsheet."""
    yield _("Fan"), _("Came"), _("Invitation code"), _("Level"), _("Growth points"), _("Last active"), _("Brought")
    query = _came(member).options(joinedload(Acceptance.member), joinedload(Acceptance.code))
    for one in _arrivals(db.session.scalars(query).all()):
        came = to_local(one.acceptance.accepted_at, zone).strftime("%Y-%m-%d")
        last = to_local(one.last_act, zone).strftime("%Y-%m-%d") if one.last_act else ""
        name, code = one.acceptance.member.name, one.acceptance.code.shown
        yield name, came, code, str(one.standing.level.name), one.standing.growth, last, one.brought


def mine(member: Member, number: int) -> Page[Mine]:
    """One page of those who came by the member's own codes, as the member may see them; the newest first."""
    found = page_of(_came(member).options(joinedload(Acceptance.member)), number, PAGE)
    keys = {f"invitation.brought:{one.id}": one.id for one in found.rows}
    facts = db.session.scalars(select(Event).where(Event.key.in_(keys), Event.member_id == member.id)).all()
    told = dict(zip((keys[fact.key] for fact in facts), why.of_facts(member, facts), strict=True))
    rows = [Mine(one, one.member.name if one.name_shown else "", told.get(one.id)) for one in found.rows]
    return Page(rows, number, found.has_older)


def _found(search: Search, by: User) -> Select[SeedUser]:
    ended = SeedUser.ended_at.is_not(None) if search.former else SeedUser.ended_at.is_(None)
    query = SeedUser.visible_to(by).where(ended)
    if search.field:
        query = query.where(SeedUser.id.in_(select(SeedField.seed_user_id).where(SeedField.word == search.field)))
    return query


def _came(member: Member) -> Select[Acceptance]:
    query = select(Acceptance).where(Acceptance.inviter_id == member.id)
    return query.order_by(Acceptance.accepted_at.desc(), Acceptance.id.desc())


def _free_uses(at: datetime) -> dict[int, int]:
    """By seed user, how many could still come by one of the codes."""
    query = select(InvitationCode.seed_user_id, func.sum(InvitationCode.most - InvitationCode.used)).where(
        InvitationCode.revoked_at.is_(None),
        InvitationCode.expires_at.is_(None) | (InvitationCode.expires_at > at),
        InvitationCode.seed_user_id.in_(select(SeedUser.id).where(SeedUser.ended_at.is_(None))),
    )
    rows = db.session.execute(query.group_by(InvitationCode.seed_user_id))
    return {seed_id: int(free) for seed_id, free in rows}


def _arrivals(found: Sequence[Acceptance]) -> list[Arrival]:
    ids = {one.member_id for one in found}
    stand, brought, acted = standings(sorted(ids)), came_by(ids), _last_acts(ids)
    return [
        Arrival(one, stand[one.member_id], acted.get(one.member_id), brought.get(one.member_id, 0)) for one in found
    ]


def _last_acts(member_ids: set[int]) -> dict[int, datetime]:
    query = select(Event.member_id, func.max(Event.occurred_at)).where(
        Event.member_id.in_(member_ids), Event.kind.in_(ACTS)
    )
    rows = db.session.execute(query.group_by(Event.member_id))
    return {member_id: moment for member_id, moment in rows if member_id is not None}
