"""The list of members as staff search it, on the page and as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import selectinload

from commons.accounts.models import User
from commons.db import db
from commons.zones import to_local
from community.loyalty.accounts import balances
from community.loyalty.levels.standing import Standing, standings
from community.loyalty.models import Currency, LedgerAccount, Level, LevelChange
from community.members.exchange.columns import COLUMNS, FIELDS, answers_cell, handles_cell, tags_cell
from community.members.models import Handle, Member
from community.members.profiles.answers import answers_of
from community.members.profiles.models import Answer
from community.members.tags.models import Tag, Tagging
from community.members.tags.tagging import tags_of

PAGE = 25
AT_ONCE = 500
SORTS = ("newest", "growth", "name")


@dataclass(frozen=True)
class Search:
    """What the list is narrowed to. `level` and `tag` are public ids, `sort` is one of `SORTS`."""

    name: str = ""
    level: str = ""
    tag: str = ""
    sort: str = "newest"


@dataclass(frozen=True)
class Row:
    member: Member
    standing: Standing
    points: int
    tags: Sequence[Tag]


@dataclass(frozen=True)
class Listing:
    """One page of rows; `total` counts all that were found."""

    rows: Sequence[Row]
    total: int
    has_more: bool


def listing(search: Search, by: User, page: int = 1, size: int = PAGE) -> Listing:
    """One page of the members whom `by` may see."""
    query = found(search, by)
    total = db.session.scalar(query.with_only_columns(func.count(Member.id), maintain_column_froms=True).order_by(None))
    some = db.session.scalars(_sorted(query, search.sort).offset((page - 1) * size).limit(size)).all()
    return Listing(_rows(some), total or 0, page * size < (total or 0))


def table(search: Search, by: User, zone: str) -> Iterator[Sequence[object]]:
    """The whole of a search as rows for a spreadsheet, the heading first; read in pieces. It can be imported again as it is."""
    own = [COLUMNS[name] for name in ("joined", "handles", "tags", "id", *FIELDS)]
    yield str(COLUMNS["name"]), _("Level"), _("Growth points"), _("Points"), *map(str, own)
    query = found(search, by).options(selectinload(Member.handles)).order_by(Member.id)
    last = 0
    while some := db.session.scalars(query.where(Member.id > last).limit(AT_ONCE)).all():
        last = some[-1].id
        told = answers_of([member.id for member in some])
        yield from (_cells(row, told[row.member.id], zone) for row in _rows(some))


def found(search: Search, by: User) -> Select[Member]:
    """The members that a search means among those whom `by` may see, in no order."""
    query = Member.visible_to(by)
    if search.name.strip():
        wanted = search.name.strip()
        named = select(Handle.member_id).where(
            Handle.name.icontains(wanted, autoescape=True), Handle.member_id.is_not(None)
        )
        query = query.where(Member.name.icontains(wanted, autoescape=True) | Member.id.in_(named))
    if search.tag:
        tagged = select(Tagging.member_id).join(Tag, Tag.id == Tagging.tag_id).where(Tag.public_id == search.tag)
        query = query.where(Member.id.in_(tagged))
    level = db.session.scalars(select(Level).where(Level.public_id == search.level)).one_or_none()
    return query.where(_level_id() == level.id) if level is not None else query


def _level_id() -> ColumnElement[int]:
    """The level on which a member stands, in SQL: the newest step's, or the lowest."""
    newest = (
        select(LevelChange.level_id)
        .where(LevelChange.member_id == Member.id)
        .order_by(LevelChange.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    lowest = select(Level.id).order_by(Level.rank).limit(1).scalar_subquery()
    return func.coalesce(newest, lowest)


def _sorted(query: Select[Member], sort: str) -> Select[Member]:
    if sort == "name":
        return query.order_by(Member.name, Member.id)
    if sort == "growth":
        own = (LedgerAccount.member_id == Member.id) & (LedgerAccount.currency == Currency.GROWTH)
        return query.outerjoin(LedgerAccount, own).order_by(func.coalesce(LedgerAccount.balance, 0).desc(), Member.id)
    return query.order_by(Member.joined_at.desc(), Member.id.desc())


def _rows(members: Sequence[Member]) -> list[Row]:
    ids = [member.id for member in members]
    stand, held, tags = standings(ids), balances(ids), tags_of(ids)
    return [Row(member, stand[member.id], held[member.id, Currency.POINTS], tags[member.id]) for member in members]


def _cells(row: Row, told: Sequence[Answer], zone: str) -> Sequence[object]:
    member, standing = row.member, row.standing
    joined = to_local(member.joined_at, zone).strftime("%Y-%m-%d")
    own = joined, handles_cell(member.handles), tags_cell(row.tags), member.public_id
    profile = [answers_cell(told, field) for field in FIELDS.values()]
    return member.name, standing.level.name, standing.growth, row.points, *own, *profile
