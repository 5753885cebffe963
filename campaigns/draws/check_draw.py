"""Recompute a draw from its published file with nothing but Python:   python check_draw.py draw-….json [proof-….json]

Names the winners and ends with OK, or names the first thing that does not fit and ends with status 1. What it cannot prove is
that the beacon signed its round: that takes a BLS12-381 library (see docs/draws.md).
"""

from __future__ import annotations

import hmac
import json
import sys
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any


def fingerprint(value: Any) -> str:
    return sha256(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def leaf(draw: str, entry: str) -> bytes:
    return sha256(b"\x00" + f"{draw}/{entry}".encode()).digest()


def root(level: list[bytes]) -> str:
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)] + odd
    return level[0].hex() if level else sha256(b"").hexdigest()


def climb(proof: dict[str, Any]) -> str:
    """The root that a proof leads to: RFC 9162, section 2.1.3.2."""
    place, last, found = proof["index"], proof["count"] - 1, leaf(proof["draw"], proof["entry"])
    for beside in map(bytes.fromhex, proof["path"]):
        if place % 2 or place == last:
            found = sha256(b"\x01" + beside + found).digest()
            while place and not place % 2:
                place, last = place // 2, last // 2
        else:
            found = sha256(b"\x01" + found + beside).digest()
        place, last = place // 2, last // 2
    return found.hex() if last == 0 else "a proof of the wrong length"


def must(holds: bool, what: str) -> None:
    if not holds:
        sys.exit(f"NOT OK: {what}")


def check(file: dict[str, Any]) -> list[str]:
    """The entries in the order that the draw gives them."""
    rules, frozen, chance, source = file["rules"], file["list"], file["randomness"], file["rules"]["randomness"]
    value = bytes.fromhex(chance["value"])
    must(fingerprint(rules) == file["rules_hash"], "the rules are not those of the launch")
    must(frozen["count"] == len(frozen["entries"]) == len(set(frozen["entries"])), "the list has another length")
    must(frozen["entries"] == sorted(frozen["entries"]), "the list is out of order")
    must(
        root([leaf(rules["draw"], entry) for entry in frozen["entries"]]) == frozen["root"], "the list has another root"
    )
    must(fingerprint(frozen["exclusions"]) == frozen["exclusions_hash"], "the exclusions were changed")
    must(
        rules["closes_at"] <= frozen["frozen_at"] < rules["reveals_at"] <= file["drawn_at"],
        "the times are out of order",
    )
    if source["source"] == "drand":
        must(sha256(bytes.fromhex(chance["signature"])).digest() == value, "the value is not that of the signature")
        comes_out = source["genesis"] + (source["round"] - 1) * source["period"]
        must(comes_out == int(datetime.fromisoformat(rules["reveals_at"]).timestamp()), "another round than promised")
    else:
        must(sha256(value).hexdigest() == source["commitment"], "not the number that was locked up at the launch")
    before = {"count": frozen["count"], "root": frozen["root"], "rules_hash": file["rules_hash"]}
    committed = fingerprint(before | {"exclusions_hash": frozen["exclusions_hash"]})
    seed = hmac.digest(value, bytes.fromhex(committed), "sha256")
    must(seed.hex() == file["seed"], "the seed does not follow from list and chance")
    return sorted(frozen["entries"], key=lambda entry: (hmac.digest(seed, entry.encode(), "sha256"), entry))


def winners(file: dict[str, Any], order: list[str]) -> None:
    kinds, awards = file["rules"]["prizes"], file["awards"]
    fresh = [(kind, unit) for kind in range(len(kinds)) for unit in range(1, kinds[kind]["quantity"] + 1)]
    passed_on: list[tuple[int, int]] = []
    must(len(awards) >= min(len(fresh), len(order)), "prizes were kept back")
    for rank, award in enumerate(awards, 1):
        piece, why = (award["prize"], award["unit"]), award["passed_on"]
        must((award["rank"], award["entry"]) == (rank, order[rank - 1]), f"rank {rank} is somebody else's")
        must(piece in passed_on or piece in fresh[:1], f"the prize of rank {rank} was not its turn")
        (passed_on if piece in passed_on else fresh).remove(piece)
        passed_on += [piece] if why else []
        print(f"{rank:>6}  {award['entry']}  {kinds[piece[0]]['name']}{f' (passed on: {why})' if why else ''}")


if __name__ == "__main__":
    published, *proofs = [json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]]
    winners(published, check(published))
    for mine in proofs:
        must(climb(mine) == mine["root"] == published["list"]["root"], "your proof leads to another root")
    print(f"OK: {published['list']['count']} entries. Not proven here: that the beacon signed its round.")
