"""How a request ends for the database: one that only read leaves the driver's prepared statements alone, and no other is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text

from commons import clock
from commons.db import db
from commons.web import public
from community.members.models import Member
from tests.factories import make_fan


@contextmanager
def endings() -> Iterator[list[str]]:
    """How transactions end meanwhile."""
    seen: list[str] = []
    engine = db.engine
    listeners = {name: (lambda _connection, name=name: seen.append(name)) for name in ("commit", "rollback")}
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield seen
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)


def visit(app: Flask, view: Callable[[], str], method: str = "get") -> list[str]:
    """How the transaction of one request that runs `view` ends."""
    app.add_url_rule("/view", "view", public(view), methods=["GET", "POST"])
    db.session.remove()
    with endings() as seen:
        assert getattr(app.test_client(), method)("/view").status_code == 200
    return [ending for ending in seen if ending]


@pytest.mark.parametrize("statement", ["SELECT count(*) FROM member", "\n    SELECT count(*) FROM member"])
def test_a_request_that_only_read_ends_with_a_commit(committed_app: Flask, engine: str, statement: str) -> None:
    seen = visit(committed_app, lambda: str(db.session.scalar(text(statement))))

    assert seen[-1] == ("commit" if engine == "postgresql" else "rollback")


def test_what_a_reading_request_wrote_by_mistake_is_gone(committed_app: Flask) -> None:
    def view() -> str:
        make_fan()
        return str(db.session.scalar(select(func.count(Member.id))))

    seen = visit(committed_app, view)

    assert seen[-1] == "rollback"
    assert db.session.scalar(select(func.count(Member.id))) == 0


def test_what_a_reading_request_changed_in_memory_only_is_not_written(committed_app: Flask) -> None:
    fan_id = make_fan("小满").id
    db.session.commit()

    def view() -> str:
        db.session.get_one(Member, fan_id).name = "changed"
        return "done"

    assert visit(committed_app, view)[-1] == "rollback"
    assert db.session.get_one(Member, fan_id).name == "小满"


def test_a_posting_request_commits_by_itself_or_not_at_all(committed_app: Flask) -> None:
    def view() -> str:
        db.session.add(Member(name="小满", joined_at=clock.now()))
        db.session.flush()
        return "done"

    assert visit(committed_app, view, "post")[-1] == "rollback"
    assert db.session.scalar(select(func.count(Member.id))) == 0
