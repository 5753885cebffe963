"""Reading fields out of JSON that somebody else wrote: each comes back in its type, or the line is refused in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from community.inbox.receiving import UNSTORABLE, storable

LARGEST_NUMBER = 2**53
LONGEST_FACT = 200

Fields = Mapping[str, Any]


class BadLine(ValueError):
    """A line that does not follow the format. The message says what is wrong where."""


def mapping(fields: Fields, name: str) -> Fields:
    value = present(fields, name)
    if not isinstance(value, dict):
        raise BadLine(f"{name} must be an object, not {kind_of(value)}")
    return value


def whole(fields: Fields, name: str, low: int, high: int, where: str = "") -> int:
    """A whole number from `low` to `high`; true and 1.0 are none."""
    value = present(fields, name, where)
    if type(value) is not int:
        raise BadLine(f"{where}{name} must be a whole number, not {kind_of(value)}")
    if not low <= value <= high:
        raise BadLine(f"{where}{name} must be from {low} to {high}")
    return value


def words(fields: Fields, name: str, where: str = "") -> str:
    value = present(fields, name, where)
    if not isinstance(value, str):
        raise BadLine(f"{where}{name} must be text, not {kind_of(value)}")
    return value


def identity(fields: Fields, name: str, longest: int, where: str = "") -> str:
    """A name that rows are found by: never empty, never changed to make it fit."""
    value = words(fields, name, where)
    if not value or len(value) > longest or UNSTORABLE.search(value):
        raise BadLine(f"{where}{name} must be 1 to {longest} characters that can be stored")
    return value


def fact(fields: Fields, name: str, kind: type, where: str = "") -> Any:
    """A value that may be absent or null."""
    value = fields.get(name)
    if value is None:
        return None
    if type(value) is not kind:
        raise BadLine(f"{where}{name} must be {_KINDS[kind]} or null, not {kind_of(value)}")
    if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
        raise BadLine(f"{where}{name} is too large")
    return storable(value)[:LONGEST_FACT] if isinstance(value, str) else value


def present(fields: Fields, name: str, where: str = "") -> Any:
    if name not in fields:
        raise BadLine(f"{where}{name} is missing")
    return fields[name]


def kind_of(value: Any) -> str:
    return _KINDS[type(value)]


_KINDS = {
    dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a whole number", float: "a number",
    type(None): "null",
}  # fmt: skip
