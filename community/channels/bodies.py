"""What requests are made of: forms, with files or without, and words that may stand in a header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from commons.media.store import store

Fields = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Body:
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class File:
    """A file as it goes into a form."""

    name: str
    content: bytes
    media_type: str


def form(fields: Fields) -> Body:
    """`fields` as application/x-www-form-urlencoded; a list gives its field once for each entry."""
    return _encoded(httpx.Request("POST", "https://form.invalid/", data=dict(fields)))


def form_with_file(fields: Fields, name: str, file: File) -> Body:
    """`fields` and a file called `name` as multipart/form-data."""
    files = {name: (file.name, file.content, file.media_type)}
    return _encoded(httpx.Request("POST", "https://form.invalid/", data=dict(fields), files=files))


def fits_header(word: str) -> bool:
    """Whether a token can be sent in a header: one word of printable ASCII."""
    return word.isascii() and word.isprintable() and word != "" and " " not in word


def kept_file(key: str) -> bytes | None:
    """A file of the media store; None when it is no longer there."""
    try:
        return store().path(key).read_bytes()
    except FileNotFoundError:
        return None


def _encoded(request: httpx.Request) -> Body:
    return Body(request.read(), request.headers.get("Content-Type", "application/x-www-form-urlencoded"))
