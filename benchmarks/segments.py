"""Segments on PostgreSQL: a round over everybody with ten conditions, the live count, and how soon a fact is followed.

The peer is the one query that a person would write for the same question, over all members at once and without keeping anything.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select, text

import commons.db
from commons import bulk, clock, events
from commons.bulk import random_ids
from commons.db import Base, db, engine_options, random_id
from commons.events import Event, Evidence
from community.members.models import Member
from community.members.segments import deciding, following, jobs, own, rebuilding, slots, tree
from community.members.segments.models import Reason, Segment
from community.members.segments.tree import Group, Join, Leaf

MEMBERS, FACTS = 17_200, 500_000
KINDS = (
    "interaction.like", "interaction.comment", "circle.checked_in", "link.visited", "interaction.repost", "interaction.share",
)  # fmt: skip
START = datetime(2026, 3, 1, tzinfo=UTC)
WANTED_ROUND, WANTED_FOLLOW = 60.0, 5.0
AT_ONCE = 50_000


@dataclass(frozen=True)
class Result:
    """Seconds, and how many members the rules mean."""

    round: float
    peer: float
    count: float
    follow: float
    members: int


def run() -> None:
    """A hundredth of the large circle on a server of its own."""
    from tests.servers.postgres import Postgres

    server = Postgres({"max_wal_size": "4GB"}).start()
    try:
        app = _make_app(server.create("segments"))
        with app.app_context():
            lay_ground(MEMBERS, FACTS)
            show(measure(), MEMBERS, FACTS)
            db.session.remove()
            db.engine.dispose()
    finally:
        server.stop()


def show(result: Result, members: int, facts: int) -> None:
    print(f"{members:,} members and {facts:,} facts on PostgreSQL, ten conditions, {result.members:,} members fit")
    print(
        f"  ours: everybody looked at and rows kept            {result.round:>9.2f} s   wanted under {WANTED_ROUND:.0f} s at 1.72 million"
    )
    print(
        f"  one query over all of it that keeps nothing        {result.peer:>9.2f} s   ours is {result.round / result.peer:.2f} of it"
    )
    print(f"  the live count                                     {result.count:>9.2f} s")
    print(
        f"  a fact, until the rows follow (work of the worker) {result.follow:>9.3f} s   wanted under {WANTED_FOLLOW:.0f} s"
    )


def measure() -> Result:
    """Over the members and facts that are in the database; leaves a segment behind."""
    assert jobs
    slots.conditions.plug(own.own)
    rules = ten_conditions()
    began = time.perf_counter()
    segment = _segment(rules)
    _round(segment)
    round_ = time.perf_counter() - began
    peer, fitting = _timed(
        lambda: db.session.scalar(select(func.count()).select_from(deciding.matching(rules, START.date()).subquery()))
    )
    count, _found = _timed(lambda: deciding.count(rules, START))
    assert fitting == segment.size, (fitting, segment.size)
    follow, _nothing = _timed(lambda: _one_fact())
    return Result(round_, peer, count, follow, segment.size)


def ten_conditions() -> Group:
    """As a brand would ask: active in some way, not gone quiet, and not one of those who only pass by."""

    def did(fact: str, how: str, number: int, **period: Any) -> Leaf:
        when = {"period": "ever", "days": None, "first": None, "last": None} | period
        return Leaf("facts", {"fact": fact, "how": how, "times": number, "evidence": "", **when})

    lately = {"period": "last", "days": 90}
    return Group(
        Join.ALL,
        (
            Leaf("joined", {"period": "between", "first": "2020-01-01", "last": None, "days": None}),
            Group(
                Join.ANY,
                (
                    did("interaction.comment", "at_least", 9, **lately),
                    did("interaction.share", "at_least", 5, **lately),
                    did("interaction.repost", "at_least", 5),
                    did("circle.checked_in", "at_least", 12),
                ),
            ),
            did("interaction.like", "at_least", 1),
            did("link.visited", "at_most", 40, **lately),
            Group(
                Join.NONE,
                (
                    did("interaction.comment", "exactly", 0),
                    did("circle.checked_in", "at_least", 60),
                    did("group_buy.left", "at_least", 1, **lately),
                ),
            ),
        ),
    )


def lay_ground(members: int, facts: int) -> None:
    """Members and facts, as even as chance makes them, spread over a year."""
    chance = random.Random(12)
    ids = bulk.reserve_ids(db.session.connection(), _table(Member), members)
    people = (
        (number, name, f"茶友{number}", START - timedelta(days=400), False)
        for number, name in zip(ids, random_ids(members), strict=True)
    )
    bulk.write(db.session.connection(), _table(Member), ("id", "public_id", "name", "joined_at", "card_public"), people)
    columns = ("kind", "member_id", "evidence", "occurred_at", "recorded_at", "payload", "key")
    for start in range(0, facts, AT_ONCE):
        some = min(AT_ONCE, facts - start)
        bulk.write(db.session.connection(), _table(Event), columns, _facts(chance, ids, start, some))
        db.session.commit()
        _progress(min(facts, start + AT_ONCE) / facts)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE event"))
        connection.execute(text("VACUUM ANALYZE member"))


def _facts(chance: random.Random, ids: list[int], start: int, some: int) -> Iterator[tuple[Any, ...]]:
    for number in range(start, start + some):
        kind = KINDS[min(int(chance.random() ** 2 * len(KINDS)), len(KINDS) - 1)]
        moment = START - timedelta(seconds=chance.randrange(366 * 86400))
        yield kind, ids[chance.randrange(len(ids))], Evidence.NETWORK, moment, moment, {}, f"bench:{number}"


def _segment(rules: Group) -> Segment:
    db.session.execute(text("ALTER TABLE segment DISABLE TRIGGER ALL"))  # nobody has an account here
    segment = Segment(
        name="ten conditions", written=tree.plain(rules), follows=[*KINDS], drifts=True, made_by_id=0, made_at=START,
        changed_at=START, public_id=random_id(),
    )  # fmt: skip
    db.session.add(segment)
    db.session.commit()
    return segment


def _round(segment: Segment) -> None:
    begun = rebuilding.start(segment, Reason.RULES, START)
    db.session.commit()
    while rebuilding.step(begun.id, START):
        db.session.commit()
        _progress(begun.looked_at / max(1, begun.wanted))
    db.session.commit()


def _one_fact() -> None:
    """A member does something, and everybody who is marked is looked at."""
    member_id = db.session.scalar(select(func.min(Member.id)))
    events.readers.plug(following.read)
    with clock.held(START):
        events.track("interaction.comment", key=f"bench:{random_id()}", at=START, member_id=member_id)
        db.session.commit()
        following.follow(following.claim(START, 100), START)
        db.session.commit()


def _timed(work: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def _progress(share: float) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r  {share:>5.0%}" + ("\r       \r" if share >= 1 else ""))
        sys.stderr.flush()


def _table(model: Any) -> Any:
    return model.__table__


def _make_app(url: str) -> Flask:
    """No more of Quanzi than segments need: the database and the tables."""
    app = Flask("benchmark")
    app.config.update(
        SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=engine_options(url), BABEL_DEFAULT_LOCALE="en"
    )
    commons.db.init_app(app)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    return app


if __name__ == "__main__":
    run()
