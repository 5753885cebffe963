"""Rules and happenings for hypothesis to draw from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from commons.events import Evidence
from community.members.segments.tree import Group, Join, Leaf
from tests.community.members.segments.factories import joined, times
from tests.community.members.segments.judge import RANKS
from tests.factories import NOON

FACTS = ("interaction.repost", "interaction.mention", "interaction.share")
TAGS = ("aaaaaaaaaaaa", "bbbbbbbbbbbb")  # ids, so that rules can be drawn before there are any tags
CAMPAIGN = "cccccccccccc"
REGIONS = ("ZJ", "FJ")
YOUNG = "under_14"
CHANNELS = ("weibo", "bluesky")
LEVELS = tuple(RANKS)
CAST = 4
EVER = {"period": "ever", "days": 30, "first": None, "last": None}

_days = st.dates(NOON.date() - timedelta(days=12), NOON.date() + timedelta(days=3)).map(lambda day: day.isoformat())
_periods = st.one_of(
    st.just({"period": "ever"}),
    st.builds(lambda number: {"period": "last", "days": number}, st.integers(1, 9)),
    st.builds(lambda first, last: {"period": "between", "first": first, "last": last}, _days, st.none() | _days),
)
_how = st.sampled_from(["at_least", "at_least", "at_most", "exactly"])


def _leaf(kind: str, **values: st.SearchStrategy[Any]) -> st.SearchStrategy[Leaf]:
    return st.fixed_dictionaries(values).map(lambda drawn: Leaf(kind, drawn))


def _so_often(kind: str, **values: st.SearchStrategy[Any]) -> st.SearchStrategy[Leaf]:
    """A condition that counts something in a period."""
    counting = st.fixed_dictionaries({"how": _how, "times": st.integers(0, 2), **values})
    return st.builds(lambda drawn, period: Leaf(kind, {**drawn, **EVER, **period}), counting, _periods)


_leaves = st.one_of(
    st.builds(
        lambda fact, number, how, evidence, period: times(fact, number, how, evidence, **period),
        st.sampled_from(FACTS),
        st.integers(0, 3),
        _how,
        st.sampled_from(["", "", *(grade.value for grade in Evidence)]),
        _periods,
    ),
    st.builds(lambda period: joined(**period), _periods),
    _leaf("tag", tag=st.sampled_from(TAGS)),
    _leaf("points", how=st.sampled_from(["at_least", "at_most"]), points=st.integers(0, 30)),
    _leaf("profile.region", value=st.sampled_from(REGIONS)),
    _leaf("handle", channel=st.sampled_from(CHANNELS)),
    _leaf("level", how=st.sampled_from(["at_least", "at_most", "exactly"]), level=st.sampled_from(LEVELS)),
    _so_often("campaign", campaign=st.just(CAMPAIGN)),
    _so_often("purchases"),
).filter(lambda leaf: leaf.values.get("times") != 0 or leaf.values["how"] != "at_least")  # no form takes that
rules = st.recursive(
    _leaves,
    lambda inner: st.builds(Group, st.sampled_from(list(Join)), st.lists(inner, min_size=1, max_size=3).map(tuple)),
    max_leaves=6,
).map(lambda part: Group(Join.ALL, (part,)) if isinstance(part, Leaf) else part)

_who = st.integers(0, CAST - 1)
_hours = st.integers(3, 300)  # ago
happenings = st.one_of(
    st.tuples(st.just("does"), _who, st.sampled_from(FACTS), _hours, st.sampled_from(list(Evidence))),
    st.tuples(st.just("is_tagged"), _who, st.sampled_from(TAGS), st.booleans()),
    st.tuples(st.just("has_points_moved"), _who, st.integers(-20, 20).filter(bool)),
    st.tuples(st.just("tells"), _who, st.sampled_from(["", YOUNG, *REGIONS])),
    st.tuples(st.just("is_known_on"), _who, st.sampled_from(CHANNELS)),
    st.tuples(st.just("is_set_on_level"), _who, st.sampled_from(LEVELS)),
    st.tuples(st.just("takes_part"), _who, _hours),
    st.tuples(st.just("buys"), _who, _hours),
    st.tuples(st.just("loses_what_was_bought"), _who),
)
steps = st.lists(
    st.one_of(happenings, st.tuples(st.sampled_from(["a_day_passes", "somebody_joins", "somebody_leaves", "rules"]))),
    max_size=12,
)
"""What happens one after the other: the name of a verb of `Cast`, or `rules` for other rules, and what it takes."""
