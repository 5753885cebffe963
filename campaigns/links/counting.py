"""Writing visits down: duplicates told apart, and a fact for each visit that a fan's link brought."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, func, select, text

from campaigns.links.models import Hit, Link, Verdict
from campaigns.links.slots import visited
from campaigns.links.verdicts import SAME_VISIT
from commons import bulk, events
from commons.db import db, insert_into
from commons.events import Evidence
from community.members import roster
from community.members.merging import finding

Visit = dict[str, Any]

TABLE = cast("Table", Hit.__table__)
COLUMNS = (
    "uid", "link_id", "occurred_at", "verdict", "visitor", "referrer", "browser", "user_id", "device", "language", "region", "way_id",
)  # fmt: skip

# What a line of the spool lacks that an earlier version wrote.
EARLIER: Visit = {"device": "", "language": "", "region": "", "way_id": None}


def write_visits(rows: Sequence[Visit]) -> int:
    """Write spooled visits, each once however often it is given; the number that were new. Flushes only."""
    visits = sorted((_parsed(row) for row in rows), key=lambda visit: (visit["occurred_at"], visit["uid"]))
    known = _hold({visit["link_id"] for visit in visits})
    visits = [visit for visit in visits if visit["link_id"] in known]
    if not visits:
        return 0
    _tell_duplicates_apart(visits)
    fresh = _insert(visits)
    people = [visit for visit in visits if visit["verdict"] is Verdict.HUMAN and visit["uid"] in fresh]
    _tell_of_people(people)
    for visit in people:
        if known[visit["link_id"]] is not None:
            _tell(visit)
    return len(fresh)


def _hold(link_ids: set[int]) -> dict[int, int | None]:
    """Those of the links that exist, with whose they are, held until the commit: who writes beside us must see who has been
    here.
    """
    query = select(Link.id, Link.member_id).where(Link.id.in_(link_ids)).order_by(Link.id)
    return dict(db.session.execute(query.with_for_update(key_share=True)).all())


def _parsed(row: Visit) -> Visit:
    parsed = {"occurred_at": datetime.fromisoformat(row["occurred_at"]), "verdict": Verdict(row["verdict"])}
    return {**EARLIER, **row, **parsed}


def _tell_duplicates_apart(visits: Sequence[Visit]) -> None:
    """A human who was on the link within half an hour is a duplicate, whether that is written already or in this batch."""
    last_seen = _last_seen(visits)
    for visit in visits:
        if visit["verdict"] is not Verdict.HUMAN:
            continue
        who = (visit["link_id"], visit["visitor"])
        if who in last_seen and visit["occurred_at"] - last_seen[who] < SAME_VISIT:
            visit["verdict"] = Verdict.DUPLICATE
        else:
            last_seen[who] = visit["occurred_at"]


def _last_seen(visits: Sequence[Visit]) -> dict[tuple[int, str], datetime]:
    """When each visitor of this batch was last seen as a human on each link, before the batch."""
    query = (
        select(Hit.link_id, Hit.visitor, func.max(Hit.occurred_at))
        .where(
            bulk.among(Hit.visitor, {visit["visitor"] for visit in visits}),
            Hit.link_id.in_({visit["link_id"] for visit in visits}),
            Hit.verdict == Verdict.HUMAN,
            Hit.occurred_at >= visits[0]["occurred_at"] - SAME_VISIT,
        )
        .group_by(Hit.link_id, Hit.visitor)
    )
    return {(link_id, visitor): seen for link_id, visitor, seen in db.session.execute(query)}


def _insert(visits: Sequence[Visit]) -> set[str]:
    """Insert all of them; the uids of those that were not there."""
    if db.engine.dialect.name == "postgresql":
        return set(db.session.scalars(text(_as_one_value()), {"rows": json.dumps([_plain(visit) for visit in visits])}))
    statement = insert_into(Hit).on_conflict_do_nothing(index_elements=["uid"]).returning(Hit.uid)
    return set(db.session.scalars(statement, list(visits)))


@cache
def _as_one_value() -> str:
    """An INSERT that takes all rows as one JSON value: with thousands of parameters psycopg needs several times as long to read
    the statement as PostgreSQL to insert the rows.
    """
    names = ", ".join(COLUMNS)
    typed = ", ".join(f"{name} {TABLE.c[name].type.compile(db.engine.dialect)}" for name in COLUMNS)
    given = f"json_to_recordset(CAST(:rows AS json)) AS given({typed})"
    return f"INSERT INTO {TABLE.name} ({names}) SELECT {names} FROM {given} ON CONFLICT (uid) DO NOTHING RETURNING uid"  # noqa: S608 (names of our own)


def _plain(visit: Visit) -> Visit:
    return {**visit, "occurred_at": visit["occurred_at"].isoformat(), "verdict": visit["verdict"].value}


def _tell_of_people(visits: Sequence[Visit]) -> None:
    moments = defaultdict(list)
    for visit in visits:
        moments[visit["link_id"]].append(visit["occurred_at"])
    for tell in visited if moments else ():
        tell(moments)


def _tell(visit: Visit) -> None:
    """A person came by a fan's link: that is a fact of the fan, unless he came himself."""
    link = db.session.get_one(Link, visit["link_id"])
    visitor = roster.by_account(visit["user_id"]) if visit["user_id"] is not None else None
    if link.member is None or link.member.erased_at is not None or finding.self_of(link.member) is visitor:
        return
    by = {"by_member_id": visitor.id} if visitor is not None else {}  # then it is known who stands behind the visit
    events.track(
        "link.visited",
        key=f"hit:{visit['uid']}",
        at=visit["occurred_at"],
        member_id=link.member_id,
        subject=link,
        campaign_id=link.campaign_id,
        evidence=Evidence.TRACKED_LINK,
        payload={"slug": link.slug, "post_id": link.post_id, "visitor": visit["visitor"]} | by,
    )
