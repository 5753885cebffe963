"""Two who receive the same at the same moment: nothing is lost, nothing doubled, nobody fails."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from commons.db import db
from community.channels.models import ChannelAccount
from community.inbox.incoming import Incoming
from community.inbox.models import Interaction
from community.inbox.receiving import receive
from community.members.models import Handle
from tests.at_once import at_once
from tests.community.inbox.factories import incoming, make_account
from tests.factories import NOON
from tests.servers.processes import await_true

BATCHES = 6
ROWS = 400


def receive_at_once(app: Flask, account_id: int, batches: Sequence[Sequence[Incoming]]) -> tuple[int, list[Exception]]:
    """Each batch in a thread of its own, all beginning together; how many were new in sum, and what went wrong."""
    new: list[int] = []

    def work(batch: Sequence[Incoming]) -> None:
        new.append(receive(db.session.get_one(ChannelAccount, account_id), batch, NOON).new)

    wrong = at_once(app, *(partial(work, batch) for batch in batches))
    return sum(new), wrong


@pytest.fixture
def account_id(committed_app: Flask) -> int:
    account = make_account()
    db.session.commit()
    found = account.id
    db.session.remove()
    return found


def test_the_same_batch_from_several_sides_is_there_once(committed_app: Flask, account_id: int) -> None:
    batch = [
        incoming(f"c{n}", author_external_id=f"a{n}", parent_external_id=f"c{n - 1}" if n % 3 else None)
        for n in range(ROWS)
    ]
    mixed = [batch if number % 2 else batch[::-1] for number in range(BATCHES)]
    new, wrong = receive_at_once(committed_app, account_id, mixed)
    assert wrong == []
    assert new == ROWS
    assert db.session.scalar(select(func.count()).select_from(Interaction)) == ROWS
    assert db.session.scalar(select(func.count()).select_from(Handle)) == ROWS
    linked = select(func.count()).where(Interaction.parent_id.is_not(None), Interaction.parent_external_id.is_(None))
    assert db.session.scalar(linked) == sum(1 for one in batch if one.parent_external_id)


def test_an_answer_and_its_parent_from_two_sides_find_each_other_at_the_next_call(
    committed_app: Flask, account_id: int
) -> None:
    batches = [[incoming("answer", parent_external_id="parent")], [incoming("parent")]]
    new, wrong = receive_at_once(committed_app, account_id, batches)
    assert (new, wrong) == (2, [])
    receive(db.session.get_one(ChannelAccount, account_id), [incoming("next")], NOON)
    query = select(Interaction).where(Interaction.external_id == "answer")
    assert db.session.scalars(query).one().parent_id is not None


def test_an_answer_whose_parent_somebody_else_is_just_receiving_gets_it_all_the_same(
    committed_app: Flask, account_id: int, engine: str
) -> None:
    account = db.session.get_one(ChannelAccount, account_id)
    receive(account, [incoming("before")], NOON)
    db.session.commit()
    receive(account, [incoming("parent")], NOON)
    batch = [incoming("answer", parent_external_id="parent"), incoming("parent")]
    outcome: list[tuple[int, list[Exception]]] = []

    def receive_too() -> None:
        with committed_app.app_context():
            outcome.append(receive_at_once(committed_app, account_id, [batch]))

    other = threading.Thread(target=receive_too)
    other.start()
    if engine == "postgresql":
        await_true(lambda: somebody_waits(), "the second one stands before the parent of the first")
    db.session.commit()
    other.join()
    assert outcome == [(1, [])]
    rows = {one.external_id: one for one in db.session.scalars(select(Interaction))}
    assert rows["answer"].parent_id == rows["parent"].id
    assert len(rows) == 3


def somebody_waits() -> bool:
    with db.engine.connect() as connection:
        waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return bool(connection.execute(waiting).scalar_one())
