"""A database file of regions, written by the rules of MaxMind's DB format 2.0 (https://maxmind.github.io/MaxMind-DB/)."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MARK = b"\xab\xcd\xefMaxMind.com"
STRING, UINT16, UINT32, MAP, UINT64, ARRAY = 2, 5, 6, 7, 9, 11
OTHER_NUMBERS = {"node_count": UINT32, "build_epoch": UINT64}
Node = list[Any]


def write(path: Path, records: Mapping[str, Mapping[str, Any]]) -> Path:
    """A file that tells the records by IPv4 network."""
    data, places = b"", {}
    for network, record in records.items():
        places[network] = len(data)
        data += _value(dict(record))
    nodes: list[Node] = [[None, None]]
    for network, place in places.items():
        _hang(nodes, ipaddress.IPv4Network(network), place)
    tree = b"".join(_record(side, len(nodes)) for node in nodes for side in node)
    about = {
        "node_count": len(nodes), "record_size": 24, "ip_version": 4, "database_type": "Test", "languages": ["en"],
        "binary_format_major_version": 2, "binary_format_minor_version": 0, "build_epoch": 1, "description": {"en": "test"},
    }  # fmt: skip
    path.write_bytes(tree + b"\0" * 16 + data + MARK + _map(about))
    return path


def _hang(nodes: list[Node], network: ipaddress.IPv4Network, place: int) -> None:
    bits = f"{int(network.network_address):032b}"[: network.prefixlen]
    at = 0
    for bit in bits[:-1]:
        if not isinstance(nodes[at][int(bit)], int):
            nodes.append([None, None])
            nodes[at][int(bit)] = len(nodes) - 1
        at = nodes[at][int(bit)]
    nodes[at][int(bits[-1])] = ("data", place)


def _record(side: Any, count: int) -> bytes:
    number = count if side is None else count + 16 + side[1] if isinstance(side, tuple) else side
    return int(number).to_bytes(3, "big")


def _value(value: Any) -> bytes:
    if isinstance(value, dict):
        return _map(value)
    if isinstance(value, list):
        return _control(ARRAY, len(value)) + b"".join(map(_value, value))
    content = value.encode()
    return _control(STRING, len(content)) + content


def _map(values: Mapping[str, Any]) -> bytes:
    return _control(MAP, len(values)) + b"".join(_value(name) + _field(name, value) for name, value in values.items())


def _field(name: str, value: Any) -> bytes:
    if not isinstance(value, int):
        return _value(value)
    content = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return _control(OTHER_NUMBERS.get(name, UINT16), len(content)) + content


def _control(kind: int, size: int) -> bytes:
    assert size < 29
    return bytes([kind << 5 | size]) if kind < 8 else bytes([size, kind - 7])
