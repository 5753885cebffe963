"""What follows from how a try ended: a table, and that nothing is ever sent twice where that would make two posts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.publishing import verdicts
from campaigns.publishing.models import AttemptKind, AttemptOutcome
from campaigns.publishing.verdicts import Ending, Try, Verdict
from community.channels.protocol import FOR_EVER, Facts
from tests.factories import NOON

SEND, FIND = AttemptKind.SEND, AttemptKind.FIND
ONCE = Facts(label="", icon="world")
BLIND = Facts(label="", icon="world", can_find=False)
HOURLY = Facts(label="", icon="world", safe_retry=timedelta(hours=1))
ALWAYS = Facts(label="", icon="world", safe_retry=FOR_EVER)

NOT_TAKEN = {AttemptOutcome.NOT_SENT, AttemptOutcome.RATE, AttemptOutcome.MEDIA_PENDING}
SENDS = [
    *NOT_TAKEN, AttemptOutcome.OPEN, AttemptOutcome.AMBIGUOUS, AttemptOutcome.INTERRUPTED, AttemptOutcome.DUPLICATE,
    AttemptOutcome.REJECTED, AttemptOutcome.SIGN_IN, AttemptOutcome.BY_PERSON,
]  # fmt: skip
FINDS = [
    AttemptOutcome.NOT_FOUND, AttemptOutcome.CANNOT_TELL, AttemptOutcome.OPEN, AttemptOutcome.NOT_SENT,
    AttemptOutcome.AMBIGUOUS, AttemptOutcome.RATE, AttemptOutcome.SIGN_IN, AttemptOutcome.INTERRUPTED,
]  # fmt: skip


def tries(*said: str) -> list[Try]:
    """`"send not_sent"` and so on, one a second from noon on."""
    words = [one.split() for one in said]
    return [
        Try(AttemptKind(kind), AttemptOutcome(outcome), NOON + timedelta(seconds=second))
        for second, (kind, outcome) in enumerate(words)
    ]


def verdict(said: list[Try], facts: Facts, minutes: float = 1) -> Verdict:
    at = NOON + timedelta(minutes=minutes)
    return verdicts.after(said, facts, at, patient_until=NOON + timedelta(minutes=10))


@pytest.mark.parametrize(
    ("said", "facts", "ending", "kind"),
    [
        (["send not_sent"], ONCE, None, SEND),
        (["send rate"], ONCE, None, SEND),
        (["send media_pending"], ONCE, None, SEND),
        (["send rejected"], ONCE, Ending.REFUSED, SEND),
        (["send sign_in"], ONCE, Ending.REFUSED, SEND),
        (["send ambiguous"], ONCE, None, FIND),
        (["send interrupted"], ONCE, None, FIND),
        (["send duplicate"], ONCE, None, FIND),
        (["send ambiguous"], BLIND, Ending.UNKNOWN, SEND),
        (["send ambiguous"], HOURLY, None, SEND),
        (["send open"], ALWAYS, None, SEND),
        (["send duplicate"], ALWAYS, None, FIND),
        (["send ambiguous", "send rejected"], ALWAYS, None, FIND),
        (["send ambiguous", "send not_sent"], ALWAYS, None, SEND),
        ([*["send media_pending"] * 9, "send ambiguous"], HOURLY, None, SEND),
        (["send ambiguous", "find not_sent"], ONCE, None, FIND),
        (["send ambiguous", "find rate"], ONCE, None, FIND),
        (["send ambiguous", "find sign_in"], ONCE, Ending.UNKNOWN, SEND),
        (["send ambiguous", "find not_found"], ONCE, None, FIND),
        (["send ambiguous", *["find not_found"] * 3], ONCE, Ending.UNKNOWN, SEND),
        (["send ambiguous", *["find not_sent"] * 6], ONCE, Ending.UNKNOWN, SEND),
        (["send ambiguous", *["find not_found"] * 3, "find denied"], ONCE, None, SEND),
        (["send ambiguous", *["find not_found"] * 3, "find denied", "send ambiguous"], ONCE, None, FIND),
        (["send ambiguous", "find denied", "send rejected"], ONCE, Ending.REFUSED, SEND),
        (["send by_person"], BLIND, None, FIND),
        (["send by_person", "find cannot_tell"], BLIND, Ending.UNKNOWN, SEND),
    ],
)
def test_what_is_done_next(said: list[str], facts: Facts, ending: Ending | None, kind: AttemptKind) -> None:
    found = verdict(tries(*said), facts)
    assert (found.ending, found.kind) == (ending, kind)


def test_a_promise_of_an_hour_is_relied_on_for_less_than_an_hour() -> None:
    assert verdict(tries("send ambiguous"), HOURLY, minutes=57).kind is SEND
    assert verdict(tries("send ambiguous"), HOURLY, minutes=58).kind is FIND
    assert verdicts.next_kind(tries("send ambiguous"), HOURLY, NOON + timedelta(minutes=58)) is FIND


def test_patience_ends() -> None:
    assert verdict(tries("send not_sent"), ONCE, minutes=11).ending is Ending.OUT_OF_TIME


def test_pauses_grow() -> None:
    at = NOON + timedelta(minutes=1)
    first, third = (verdict(tries(*["send not_sent"] * count), ONCE).again_at for count in (1, 3))
    assert first is not None
    assert third is not None
    assert first - at < third - at


@settings(max_examples=400, deadline=None)
@given(data=st.data(), facts=st.sampled_from([ONCE, BLIND, HOURLY, ALWAYS]))
def test_a_part_is_never_sent_where_an_earlier_one_may_have_been_taken(data: st.DataObject, facts: Facts) -> None:
    """Whatever the network answers, whoever dies in mid-call, and whatever a person says when it has become unknown."""
    said: list[Try] = []
    at = NOON
    for _step in range(25):
        kind = verdicts.next_kind(said, facts, at)
        if kind is SEND:
            _is_safe(said, facts, at)
        outcome = data.draw(st.sampled_from(SENDS if kind is SEND else FINDS))
        said.append(Try(kind, outcome, at))
        at += timedelta(seconds=data.draw(st.integers(0, 900)))
        found = verdicts.after(said, facts, at, patient_until=NOON + timedelta(minutes=10))
        if found.ending is Ending.REFUSED or found.ending is Ending.OUT_OF_TIME:
            assert not verdicts.in_doubt(said)
        if found.ending is Ending.UNKNOWN and data.draw(st.booleans()):
            said.append(Try(FIND, AttemptOutcome.DENIED, at))
        elif found.ending is not None:
            return
        else:
            assert found.again_at is not None
            at = max(at, found.again_at)


def _is_safe(said: list[Try], facts: Facts, at: object) -> None:
    denied = max((place for place, one in enumerate(said) if one.outcome is AttemptOutcome.DENIED), default=-1)
    doubtful = [one for one in said[denied + 1 :] if one.kind is SEND and one.outcome not in NOT_TAKEN]
    doubtful = [one for one in doubtful if one.outcome not in {AttemptOutcome.REJECTED, AttemptOutcome.SIGN_IN}]
    if doubtful:
        assert facts.safe_retry is not None
        first = next(one for one in said if one.kind is SEND)
        assert facts.safe_retry is FOR_EVER or at < first.started_at + facts.safe_retry  # type: ignore[operator]


@given(outcomes=st.lists(st.sampled_from(FINDS), min_size=20, max_size=20))
def test_looking_comes_to_an_end(outcomes: list[AttemptOutcome]) -> None:
    said = [Try(SEND, AttemptOutcome.AMBIGUOUS, NOON)]
    for number, outcome in enumerate(outcomes):
        if verdicts.after(said, ONCE, NOON, patient_until=NOON).ending is Ending.UNKNOWN:
            break
        said.append(Try(FIND, outcome, NOON + timedelta(minutes=number)))
    assert len(said) < 12
