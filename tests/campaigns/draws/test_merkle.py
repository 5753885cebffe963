"""The tree over a list: its root, and proofs that only the right leaf fulfils."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from campaigns.draws import merkle

# The inputs and roots of RFC 6962's reference implementation (certificate-transparency, merkletree tests).
INPUTS = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)

sizes = st.integers(1, 3000)


def leaves(size: int) -> list[bytes]:
    return [merkle.leaf(str(number).encode()) for number in range(size)]


def by_the_book(hashes: list[bytes]) -> bytes:
    """The definition of RFC 6962, section 2.1, word for word."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return merkle.node(by_the_book(hashes[:split]), by_the_book(hashes[split:]))


def test_the_roots_are_those_of_the_reference() -> None:
    hashes = [merkle.leaf(data) for data in INPUTS]
    assert tuple(merkle.root(hashes[: size + 1]).hex() for size in range(len(hashes))) == ROOTS


def test_nothing_has_the_hash_of_nothing() -> None:
    assert merkle.root([]) == sha256(b"").digest()


@given(sizes)
def test_any_size_gives_the_tree_of_the_definition(size: int) -> None:
    assert merkle.root(leaves(size)) == by_the_book(leaves(size))


@given(sizes)
def test_the_roots_of_runs_lead_to_the_same_root(size: int) -> None:
    assert merkle.root(merkle.subtrees(leaves(size))) == merkle.root(leaves(size))


@given(sizes, st.data())
def test_every_leaf_has_a_proof_and_no_other_leaf_fulfils_it(size: int, data: st.DataObject) -> None:
    index, hashes = data.draw(st.integers(0, size - 1)), leaves(size)
    proof = merkle.path(hashes, index)
    assert merkle.root_by(hashes[index], index, size, proof) == merkle.root(hashes)
    assert merkle.root_by(merkle.leaf(b"a stranger"), index, size, proof) != merkle.root(hashes)


@given(st.integers(2, 3000), st.data())
def test_a_proof_that_was_touched_leads_elsewhere(size: int, data: st.DataObject) -> None:
    index, hashes = data.draw(st.integers(0, size - 1)), leaves(size)
    proof = merkle.path(hashes, index)
    place = data.draw(st.integers(0, len(proof) - 1))
    touched = [*proof[:place], bytes([proof[place][0] ^ 1]) + proof[place][1:], *proof[place + 1 :]]
    for wrong in (touched, proof[:-1], [*proof, proof[0]]):
        assert merkle.root_by(hashes[index], index, size, wrong) != merkle.root(hashes)


def test_a_node_cannot_pass_for_a_leaf() -> None:
    left, right = leaves(2)
    assert merkle.leaf(left + right) != merkle.node(left, right)


def test_a_place_that_is_not_on_the_list_has_no_root() -> None:
    assert merkle.root_by(leaves(1)[0], 1, 1, []) is None
    assert merkle.root_by(leaves(1)[0], -1, 1, []) is None
