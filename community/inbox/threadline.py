"""One line of a file of threads: read, checked, and put into types. Nothing of a line that is wrong anywhere is used.

The format, field by field, stands in docs/importing.md.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from community.inbox.fields import BadLine, Fields, fact, identity, kind_of, mapping, present, whole, words
from community.inbox.receiving import storable

CHINA = ZoneInfo("Asia/Shanghai")
ID_LENGTH = 100
LATEST = 50 * 366 * 24 * 3600
MOST_NODES = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Node:
    """A repost or comment: its number, the number it answers (0: the original), seconds after it, who, words."""

    n: int
    parent: int
    seconds: int
    uid: str
    text: str


@dataclass(frozen=True, slots=True)
class Thread:
    """An original with everything that followed; `facts` is what else the file says of it."""

    id: str
    uid: str
    text: str
    published_at: datetime
    facts: dict[str, Any]
    nodes: tuple[Node, ...]


def parse(line: bytes) -> Thread:
    """The thread that a line holds; `BadLine` for the first thing in it that is wrong."""
    fields = _object(line)
    year, weekday, hour = (
        whole(fields, "year", 1970, 2100),
        whole(fields, "weekday", 0, 6),
        whole(fields, "hour", 0, 23),
    )
    author = mapping(fields, "author")
    return Thread(
        id=identity(fields, "id", ID_LENGTH),
        uid=identity(author, "uid", ID_LENGTH, "author."),
        text=storable(words(fields, "text")),
        published_at=first_moment(year, weekday, hour),
        facts={
            "label": fact(fields, "label", str),
            "year": year,
            "weekday": weekday,
            "hour": hour,
            "author": {name: fact(author, name, kind, "author.") for name, kind in _AUTHOR.items()},
            "platform_counts": _counts(fields),
        },
        nodes=_nodes(fields),
    )


def first_moment(year: int, weekday: int, hour: int) -> datetime:
    """The first `weekday` (0 = Monday) of `year` at `hour` in China: all that is known of an original stays true of it."""
    start = date(year, 1, 1)
    day = start + timedelta(days=(weekday - start.weekday()) % 7)
    return datetime.combine(day, time(hour), CHINA).astimezone(UTC)


_AUTHOR: dict[str, type] = {
    "followers": int, "friends": int, "posts": int, "verified": bool, "verified_type": int, "gender": str,
    "province": str, "account_age_days": int,
}  # fmt: skip


def _counts(fields: Fields) -> dict[str, Any]:
    if fields.get("platform_counts") is None:
        return {}
    counts = mapping(fields, "platform_counts")
    return {name: fact(counts, name, int, "platform_counts.") for name in ("reposts", "comments", "likes")}


def _object(line: bytes) -> Fields:
    try:
        fields = json.loads(line.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise BadLine(f"not UTF-8 at byte {error.start + 1}") from error
    except RecursionError as error:
        raise BadLine("nested too deeply") from error
    except ValueError as error:
        raise BadLine(f"not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise BadLine(f"a JSON object was expected, not {kind_of(fields)}")
    return fields


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _nodes(fields: Fields) -> tuple[Node, ...]:
    given = present(fields, "thread")
    if not isinstance(given, list):
        raise BadLine(f"thread must be a list, not {kind_of(given)}")
    nodes = tuple(_node(place, entry) for place, entry in enumerate(given, start=1))
    _check_parents(nodes)
    return nodes


def _node(place: int, entry: Any) -> Node:
    where = f"entry {place} of thread: "
    if not isinstance(entry, list) or len(entry) != 5:
        raise BadLine(f"{where}must be [n, parent, t, uid, text]")
    named = dict(zip(("n", "parent", "t", "uid", "text"), entry, strict=True))
    return Node(
        n=whole(named, "n", 1, MOST_NODES, where),
        parent=whole(named, "parent", 0, MOST_NODES, where),
        seconds=whole(named, "t", 0, LATEST, where),
        uid=identity(named, "uid", ID_LENGTH, where),
        text=words(named, "text", where),
    )


def _check_parents(nodes: Sequence[Node]) -> None:
    """Every node stands there once, and the way from it over its parents ends at the original."""
    parents = {node.n: node.parent for node in nodes}
    if len(parents) < len(nodes):
        seen: set[int] = set()
        twice = next(node.n for node in nodes if node.n in seen or seen.add(node.n))  # type: ignore[func-returns-value]
        raise BadLine(f"node {twice} stands there twice")
    walks = {0: 0}
    for walk, node in enumerate(nodes, start=1):
        if node.parent and node.parent not in parents:
            raise BadLine(f"node {node.n} answers node {node.parent}, which is not there")
        here = node.n
        while here not in walks:
            walks[here] = walk
            here = parents.get(here, 0)
        if walks[here] == walk:
            raise BadLine(f"node {here} answers itself, directly or over others")
