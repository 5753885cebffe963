"""The one door through which everything comes in that people do towards the brand, from whatever channel.

`receive` may be called any number of times with the same things: what is here stays as it is. It takes one comment or ten
thousand; either way it is the same handful of statements.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, Table
from sqlalchemy.exc import IntegrityError

from commons import bulk, events
from commons.accounts import names
from commons.db import db
from commons.errors import Invalid
from community.channels.models import ChannelAccount
from community.inbox import filing, slots, staging
from community.inbox.incoming import Incoming
from community.inbox.models import EXTERNAL_ID_LENGTH, Interaction
from community.inbox.staging import ARRIVALS, AUTHORS, Row

NAME_LENGTH = 120
PARENT_ID = ARRIVALS.c.keys().index("parent_id")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Unreceivable(Invalid):
    """An id that no channel gives out, or a moment without a zone. Nothing of the batch was received."""


@dataclass(frozen=True, slots=True)
class Received:
    """How many of a batch were new, and how many were here already (or came twice in it)."""

    new: int
    known: int


def receive(account: ChannelAccount, batch: Sequence[Incoming], at: datetime) -> Received:
    """Take what came in on `account`: handles, interactions and facts are written, and the facts of members are told.

    Safe to call twice: an `external_id` that the account knows changes nothing. Flushed, not committed.
    """
    if not batch:
        return Received(0, 0)
    db.session.flush()
    arrivals = {one.external_id: one for one in reversed(batch)}
    unique = list(reversed(arrivals.values()))
    new = _File(account, unique, at).file()
    for arrived in slots.arrived:
        arrived(account, unique, at)
    return Received(new, len(batch) - new)


def storable(words: str) -> str:
    """`words` without what no database keeps: NUL and halves of surrogate pairs become the replacement character."""
    return UNSTORABLE.sub("\ufffd", words)


class _File:
    """One batch on its way into the database."""

    def __init__(self, account: ChannelAccount, batch: Sequence[Incoming], at: datetime) -> None:
        self._connection: Connection = db.session.connection()
        self._engine = self._connection.dialect.name
        self._given: dict[str, Any] = {"the_account": account.id, "the_channel": account.channel, "the_moment": at}
        self._authors = _author_rows(batch)
        self._arrivals = _arrival_rows(
            batch, bulk.reserve_ids(self._connection, cast("Table", Interaction.__table__), len(batch))
        )

    def file(self) -> int:
        """Write all of it; the number of interactions that were new."""
        self._file_authors()
        shape = staging.shape_of(self._arrivals)
        given = self._given | staging.stage(self._connection, ARRIVALS, self._arrivals)
        new = self._file_interactions(given)
        if new:
            self._connection.execute(filing.late_parents(), given)
            self._connection.execute(filing.new_facts(self._engine, shape), given)
            self._tell(given)
        staging.clear(self._connection, ARRIVALS, self._arrivals)
        return new

    def _file_authors(self) -> None:
        shape = staging.shape_of(self._authors)
        given = self._given | staging.stage(self._connection, AUTHORS, self._authors)
        self._connection.execute(filing.new_handles(self._engine, shape), given)
        self._connection.execute(filing.newer_names(shape), given)
        staging.clear(self._connection, AUTHORS, self._authors)

    def _file_interactions(self, given: dict[str, Any]) -> int:
        statement = filing.new_interactions(self._engine, staging.shape_of(self._arrivals))
        if not any(row[PARENT_ID] for row in self._arrivals):
            return self._connection.execute(statement, given).rowcount
        # Somebody else may be receiving a parent of this batch right now. Then our reserved key of it stays unused, the
        # answers that name it are refused, and a second look finds the parent where the other one has put it.
        try:
            with self._connection.begin_nested():
                return self._connection.execute(statement, given).rowcount
        except IntegrityError:
            return self._connection.execute(statement, given).rowcount

    def _tell(self, given: dict[str, Any]) -> None:
        facts = db.session.scalars(filing.facts_of_members(staging.shape_of(self._arrivals)), given).all()
        if facts:
            events.tell(facts)


def _author_rows(batch: Sequence[Incoming]) -> list[Row]:
    """One row for each author, under the name that was seen last."""
    newest: dict[str, Incoming] = {}
    for one in batch:
        known = newest.get(one.author_external_id)
        if known is None or known.occurred_at <= one.occurred_at:
            newest[one.author_external_id] = one
    fresh = bulk.random_ids(len(newest))
    return [
        (_id(one.author_external_id), _name(one), one.author_user_id, public_id, one.occurred_at)
        for one, public_id in zip(newest.values(), fresh, strict=True)
    ]


def _arrival_rows(batch: Sequence[Incoming], keys: Sequence[int]) -> list[Row]:
    own = {one.external_id: key for one, key in zip(batch, keys, strict=True)}
    rows = []
    for one, key, public_id in zip(batch, keys, bulk.random_ids(len(batch)), strict=True):
        if one.occurred_at.tzinfo is None:
            raise Unreceivable(str(_l("The time of an interaction needs a zone.")))
        parent = _id_or_none(one.parent_external_id) if one.parent_external_id != one.external_id else None
        rows.append((
            key, public_id, _id(one.external_id), one.kind.value, one.author_external_id, _id_or_none(one.post_external_id),
            parent, own.get(parent) if parent else None, storable(one.text), one.occurred_at,
        ))  # fmt: skip
    return rows


def _id_or_none(given: str | None) -> str | None:
    return _id(given) if given else None


def _id(given: str) -> str:
    if not given or len(given) > EXTERNAL_ID_LENGTH or UNSTORABLE.search(given):
        raise Unreceivable(str(_l("The channel sent an id that cannot be used.")))
    return given


def _name(one: Incoming) -> str:
    name = names.clean(storable(one.author_name))
    return (name if names.has_letter(name) else one.author_external_id)[:NAME_LENGTH]
