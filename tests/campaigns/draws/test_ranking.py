"""The order of a draw: the same for everybody who computes it, and touched by everything that was committed."""

from __future__ import annotations

import hmac
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from campaigns.draws import ranking

hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
entry_ids = st.lists(st.binary(min_size=16, max_size=16).map(bytes.hex), unique=True, max_size=60)

VALUE, COMMITTED = "11" * 32, "22" * 32


@given(hashes, entry_ids, st.integers(0, 80))
def test_the_first_are_the_beginning_of_the_whole_order(seed: str, entries: list[str], most: int) -> None:
    whole = sorted(entries, key=lambda entry: hmac.new(bytes.fromhex(seed), entry.encode(), sha256).digest())
    assert ranking.first(seed, entries, most) == whole[:most]


@given(hashes, entry_ids, st.randoms())
def test_the_order_in_which_entries_come_changes_nothing(seed: str, entries: list[str], chance: object) -> None:
    shuffled = list(entries)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert ranking.first(seed, entries, 10) == ranking.first(seed, shuffled, 10)


@given(hashes, hashes, st.integers(0, 10**6), hashes)
def test_whatever_was_committed_decides_the_seed(rules: str, root: str, count: int, exclusions: str) -> None:
    committed = ranking.commitment(rules, root, count, exclusions)
    others = {
        ranking.commitment(flipped(rules), root, count, exclusions),
        ranking.commitment(rules, flipped(root), count, exclusions),
        ranking.commitment(rules, root, count + 1, exclusions),
        ranking.commitment(rules, root, count, flipped(exclusions)),
    }
    assert committed not in others
    assert ranking.seed(VALUE, committed) not in {ranking.seed(VALUE, other) for other in others}


def test_the_bytes_are_those_that_the_guide_writes_down() -> None:
    committed = ranking.commitment("aa" * 32, "bb" * 32, 3, "cc" * 32)
    text = f'{{"count":3,"exclusions_hash":"{"cc" * 32}","root":"{"bb" * 32}","rules_hash":"{"aa" * 32}"}}'
    assert committed == sha256(text.encode()).hexdigest()
    seed = hmac.new(bytes.fromhex(VALUE), bytes.fromhex(committed), sha256).hexdigest()
    assert ranking.seed(VALUE, committed) == seed
    assert ranking.number(seed, "00ff") == hmac.new(bytes.fromhex(seed), b"00ff", sha256).hexdigest()
    assert ranking.leaf_of("draw", "00ff") == sha256(b"\x00draw/00ff").digest()


def test_canonical_json_has_one_form() -> None:
    assert ranking.canonical({"b": "茶\u2028“", "a": [1, None, True]}) == '{"a":[1,null,true],"b":"茶\u2028“"}'.encode()


def flipped(text: str) -> str:
    return ("0" if text[0] != "0" else "1") + text[1:]
