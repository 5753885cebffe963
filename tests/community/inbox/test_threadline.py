"""A line of a thread file becomes a thread, or is refused in words that say what is wrong where."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.inbox.fields import BadLine
from community.inbox.threadline import first_moment, parse
from tests.community.inbox.factories import as_line, thread_line


def refused(line: bytes) -> str:
    with pytest.raises(BadLine) as refusal:
        parse(line)
    return str(refusal.value)


def test_a_good_line_is_a_thread() -> None:
    thread = parse(as_line(thread_line()))
    assert (thread.id, thread.uid, thread.text) == ("thread-1", "u0123456789ab", "谁家的春茶最香？")
    assert [(node.n, node.parent, node.seconds) for node in thread.nodes] == [(1, 0, 30), (2, 1, 90), (3, 0, 3700)]
    assert thread.facts["label"] == "non-rumor"
    assert thread.facts["author"]["followers"] == 1200
    assert thread.facts["platform_counts"] == {"reposts": 2, "comments": 1, "likes": 9}
    assert (thread.facts["year"], thread.facts["weekday"], thread.facts["hour"]) == (2012, 2, 21)


def test_the_original_stands_on_the_first_such_weekday_of_the_year_in_china() -> None:
    assert first_moment(2012, 2, 21) == datetime(2012, 1, 4, 13, tzinfo=UTC)
    assert first_moment(2012, 6, 0) == datetime(2011, 12, 31, 16, tzinfo=UTC)


@given(st.integers(1970, 2100), st.integers(0, 6), st.integers(0, 23))
def test_year_weekday_and_hour_stay_what_the_file_says(year: int, weekday: int, hour: int) -> None:
    local = first_moment(year, weekday, hour).astimezone(ZoneInfo("Asia/Shanghai"))
    first = datetime(year, 1, 1, hour, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert (local.year, local.weekday()) == (year, weekday)
    assert timedelta(0) <= local - first < timedelta(days=7, hours=2)


def test_an_author_of_whom_nothing_else_is_known_will_do() -> None:
    thread = parse(as_line(thread_line(author={"uid": "u1", "followers": None})))
    assert set(thread.facts["author"].values()) == {None}


def test_label_and_counts_may_be_absent() -> None:
    fields = thread_line()
    del fields["label"], fields["platform_counts"]
    assert parse(as_line(fields)).facts["platform_counts"] == {}


def test_a_thread_that_nobody_answered_is_a_thread() -> None:
    assert parse(as_line(thread_line([]))).nodes == ()


def test_an_answer_may_stand_before_what_it_answers() -> None:
    assert parse(as_line(thread_line([[1, 2, 5, "u1", ""], [2, 0, 4, "u2", ""]]))).nodes[0].parent == 2


def test_what_no_database_keeps_is_replaced_in_texts() -> None:
    line = json.dumps(thread_line(text="a\x00b", label="x\ud800")).encode()
    thread = parse(line)
    assert (thread.text, thread.facts["label"]) == ("a\ufffdb", "x\ufffd")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"null", "a JSON object was expected, not null"),
        (b"[1, 2]", "not a list"),
        (b'{"id": NaN}', "NaN is no JSON number"),
        (b'{"id": "\xff"}', "not UTF-8 at byte 9"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"year": ' + b"9" * 5000 + b"}", "not JSON"),
    ],
)
def test_what_is_no_json_object_is_refused(line: bytes, words: str) -> None:
    assert words in refused(line)


@pytest.mark.parametrize("name", ["id", "text", "year", "weekday", "hour", "author", "thread"])
def test_a_missing_field_is_named(name: str) -> None:
    fields = thread_line()
    del fields[name]
    assert refused(as_line(fields)) == f"{name} is missing"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": 7}, "id must be text, not a whole number"),
        ({"id": ""}, "id must be 1 to 100 characters"),
        ({"id": "x" * 101}, "id must be 1 to 100 characters"),
        ({"id": "a\x00"}, "id must be 1 to 100 characters"),
        ({"text": None}, "text must be text, not null"),
        ({"year": "2012"}, "year must be a whole number, not text"),
        ({"year": True}, "year must be a whole number, not true or false"),
        ({"year": 2012.0}, "year must be a whole number, not a number"),
        ({"year": 0}, "year must be from 1970 to 2100"),
        ({"weekday": 7}, "weekday must be from 0 to 6"),
        ({"hour": -1}, "hour must be from 0 to 23"),
        ({"author": "u1"}, "author must be an object, not text"),
        ({"author": {}}, "author.uid is missing"),
        ({"author": {"uid": None}}, "author.uid must be text, not null"),
        ({"author": {"uid": "u1", "followers": "many"}}, "author.followers must be a whole number or null, not text"),
        ({"author": {"uid": "u1", "posts": 10**30}}, "author.posts is too large"),
        ({"label": 1}, "label must be text or null, not a whole number"),
        ({"platform_counts": [1]}, "platform_counts must be an object, not a list"),
        ({"platform_counts": {"likes": {}}}, "platform_counts.likes must be a whole number or null, not an object"),
        ({"thread": {}}, "thread must be a list, not an object"),
        ({"thread": "no"}, "thread must be a list, not text"),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(changes: dict[str, Any], words: str) -> None:
    assert words in refused(as_line(thread_line(**changes)))


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (None, "entry 2 of thread: must be [n, parent, t, uid, text]"),
        ([2, 0, 1, "u1"], "must be [n, parent, t, uid, text]"),
        ([2, 0, 1, "u1", "x", "y"], "must be [n, parent, t, uid, text]"),
        (["2", 0, 1, "u1", "x"], "entry 2 of thread: n must be a whole number, not text"),
        ([0, 0, 1, "u1", "x"], "n must be from 1"),
        ([2, -1, 1, "u1", "x"], "parent must be from 0"),
        ([2, 0, -5, "u1", "x"], "t must be from 0"),
        ([2, 0, 10**12, "u1", "x"], "t must be from 0"),
        ([2, 0, 1, "", "x"], "uid must be 1 to 100 characters"),
        ([2, 0, 1, "u1", None], "text must be text, not null"),
        ([1, 0, 1, "u1", "x"], "node 1 stands there twice"),
        ([2, 9, 1, "u1", "x"], "node 2 answers node 9, which is not there"),
        ([2, 2, 1, "u1", "x"], "node 2 answers itself"),
    ],
)
def test_a_node_that_is_wrong_is_named_by_its_place(entry: Any, words: str) -> None:
    assert words in refused(as_line(thread_line([[1, 0, 0, "u0", ""], entry])))


def test_nodes_that_answer_each_other_in_a_circle_are_refused() -> None:
    nodes = [[1, 0, 0, "u", ""], [2, 4, 1, "u", ""], [3, 2, 2, "u", ""], [4, 3, 3, "u", ""], [5, 1, 4, "u", ""]]
    assert "answers itself, directly or over others" in refused(as_line(thread_line(nodes)))


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(ANY_JSON)
def test_whatever_json_comes_it_is_a_thread_or_a_bad_line(value: Any) -> None:
    lines = [value, thread_line(thread=value), thread_line(author=value), thread_line([[1, 0, 1, "u", value]])]
    verdicts = [verdict(json.dumps(fields).encode()) for fields in lines]
    assert all(verdicts)


def verdict(line: bytes) -> str:
    try:
        return parse(line).id
    except BadLine as refusal:
        return str(refusal)
