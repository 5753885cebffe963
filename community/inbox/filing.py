"""The statements that file staged rows: handles, interactions and facts, each at most once. One shape for both engines.

Each function gives a statement over staged rows of a shape (see `staging.shape_of`). They are built once and kept, so that a
single comment costs no more than a few prepared statements.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    FromClause,
    Select,
    String,
    Table,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import aliased

from commons.db import UtcDateTime
from commons.events import Event, Evidence
from community.channels.models import ChannelPost
from community.inbox.models import Interaction, InteractionKind
from community.inbox.staging import ARRIVALS, AUTHORS, source
from community.members.models import Handle

FACT = "interaction."
"""What the kind of a fact about an interaction begins with; the interaction's own kind follows."""

ACCOUNT = bindparam("the_account", type_=BigInteger)
CHANNEL = bindparam("the_channel", type_=String)
AT = bindparam("the_moment", type_=UtcDateTime)


@cache
def new_handles(engine: str, shape: int) -> Executable:
    """A handle for every author whom the channel has not shown before."""
    authors = source(AUTHORS, shape)
    rows = select(
        authors.c.public_id, CHANNEL, authors.c.external_id, authors.c.name, authors.c.user_id, AT.label("at")
    ).where(~_known_author(authors))
    columns = ["public_id", "channel", "external_id", "name", "user_id", "first_seen_at"]
    return _insert(engine, Handle, columns, rows.order_by(authors.c.external_id), ["channel", "external_id"])


@cache
def newer_names(shape: int) -> Executable:
    """Handles take the name that was seen last: nothing of theirs that is younger may already be here."""
    authors = source(AUTHORS, shape)
    younger = exists().where(Interaction.author_id == Handle.id, Interaction.occurred_at > authors.c.named_at)
    statement = (
        update(Handle)
        .values(name=authors.c.name)
        .where(Handle.channel == CHANNEL, Handle.external_id == authors.c.external_id, Handle.name != authors.c.name)
        .where(~younger)
    )
    return statement.execution_options(synchronize_session=False)


@cache
def new_interactions(engine: str, shape: int) -> Executable:
    """The staged rows that are not here yet, with author, post and parent found by their names on the channel."""
    rows = source(ARRIVALS, shape)
    parent = aliased(Interaction)
    parent_id = func.coalesce(parent.id, rows.c.parent_id)
    query = (
        select(
            rows.c.id, rows.c.public_id, ACCOUNT, rows.c.external_id, rows.c.kind, Handle.id, ChannelPost.id, parent_id,
            case((parent_id.is_(None), rows.c.parent)), rows.c.text, rows.c.occurred_at, AT,
        )
        .select_from(rows)
        .join(Handle, (Handle.channel == CHANNEL) & (Handle.external_id == rows.c.author))
        .outerjoin(ChannelPost, (ChannelPost.account_id == ACCOUNT) & (ChannelPost.external_id == rows.c.post))
        .outerjoin(parent, (parent.account_id == ACCOUNT) & (parent.external_id == rows.c.parent))
        .where(true())
        .order_by(rows.c.external_id)
    )  # fmt: skip
    columns = [
        "id", "public_id", "account_id", "external_id", "kind", "author_id", "post_id", "parent_id",
        "parent_external_id", "text", "occurred_at", "received_at",
    ]  # fmt: skip
    return _insert(engine, Interaction, columns, query, ["account_id", "external_id"])


@cache
def late_parents() -> Executable:
    """Answers of the account that were waiting for a parent which is here by now."""
    parent = aliased(Interaction)
    statement = (
        update(Interaction)
        .values(parent_id=parent.id, parent_external_id=null())
        .where(Interaction.account_id == ACCOUNT, Interaction.parent_external_id.is_not(None))
        .where(parent.account_id == Interaction.account_id, parent.external_id == Interaction.parent_external_id)
    )
    return statement.execution_options(synchronize_session=False)


@cache
def new_facts(engine: str, shape: int) -> Executable:
    """One fact for each staged row that was really new: its key in the table is the one that was staged."""
    rows = source(ARRIVALS, shape)
    query = (
        select(
            literal(FACT) + rows.c.kind, Handle.member_id, Handle.user_id, literal(Interaction.__tablename__), rows.c.id,
            ChannelPost.campaign_id, _evidence(rows), rows.c.occurred_at, AT, _payload(engine), _key(rows),
        )
        .select_from(rows)
        .join(Interaction, Interaction.id == rows.c.id)
        .join(Handle, Handle.id == Interaction.author_id)
        .outerjoin(ChannelPost, ChannelPost.id == Interaction.post_id)
        .where(true())
        .order_by(rows.c.id)
    )  # fmt: skip
    columns = [
        "kind", "member_id", "actor_id", "subject_type", "subject_id", "campaign_id", "evidence", "occurred_at",
        "recorded_at", "payload", "key",
    ]  # fmt: skip
    return _insert(engine, Event, columns, query, ["key"])


@cache
def facts_of_members(shape: int) -> Select[Event]:
    """The facts just written that have a member, in the order in which they happened."""
    rows = source(ARRIVALS, shape)
    return (
        select(Event)
        .join(rows, Event.key == _key(rows))
        .where(Event.member_id.is_not(None), Event.subject_id == rows.c.id)
        .order_by(Event.occurred_at, Event.id)
    )


def _known_author(authors: FromClause) -> ColumnElement[bool]:
    return exists().where(Handle.channel == CHANNEL, Handle.external_id == authors.c.external_id)


def _evidence(rows: FromClause) -> ColumnElement[str]:
    """A share is what somebody says of himself; everything else the channel has seen."""
    said = rows.c.kind == InteractionKind.SHARE.value
    return case((said, Evidence.SELF_DECLARED.value), else_=Evidence.NETWORK.value)


def _payload(engine: str) -> ColumnElement[Any]:
    build = func.jsonb_build_object if engine == "postgresql" else func.json_object
    return build("post_id", Interaction.post_id)


def _key(rows: FromClause) -> ColumnElement[str]:
    return literal("interaction:") + cast(ACCOUNT, String) + literal(":") + rows.c.external_id


def _insert(engine: str, model: Any, columns: list[str], rows: Select[Any], unique: list[str]) -> Executable:
    table: Table = model.__table__
    insert = postgresql_insert(table) if engine == "postgresql" else sqlite_insert(table)
    statement = insert.from_select(columns, rows, include_defaults=False).on_conflict_do_nothing(index_elements=unique)
    return statement.execution_options(preserve_rowcount=True)
