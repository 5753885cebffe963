"""An error as text that a person may read later: what failed and where, without anything that must stay secret."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy.exc import DBAPIError, StatementError

MOST_CHARACTERS = 2000
MOST_FRAMES = 6
HIDDEN = "•••"

_PATTERNS = (
    (re.compile(r"(://[^/\s:@]*):[^@\s/]+@"), rf"\1:{HIDDEN}@"),
    (re.compile(r"(?i)\b(bearer|basic|digest)\s+[\w.+/=~-]{6,}"), rf"\1 {HIDDEN}"),
    (
        re.compile(
            r"(?i)((?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key|access[_-]?key|authorization|credential|cookie"
            r"|session|signature)[\w-]*[\"']?\s*[=:]\s*[\"']?)(?!•)[^\s\"',;&)}\]]+"
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{32,}(?:\.[\w-]+)*"), HIDDEN),
    (re.compile(r"[\w.+-]+@([\w-]+\.[\w.-]+)"), rf"{HIDDEN}@\1"),
)


def error_words(error: BaseException) -> str:
    """The type and message of `error` and the way to it: one line each, at most 2,000 characters, secrets taken out."""
    lines = [f"{type(error).__name__}: {redacted(_message(error))}"]
    if error.__cause__ is not None:
        lines.append(f"because of {type(error.__cause__).__name__}: {redacted(_message(error.__cause__))}")
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    lines += [f"  {_place(frame.filename)}:{frame.lineno} in {frame.name}" for frame in reversed(frames)]
    return "\n".join(lines)[:MOST_CHARACTERS]


def redacted(text: str) -> str:
    """`text` without the application's own secrets and without what looks like a secret or an address of a person."""
    for secret in _own_secrets():
        text = text.replace(secret, HIDDEN)
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


def _message(error: BaseException) -> str:
    """What the error says; of a database error only its first line, never the statement's parameters."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return str(error.orig).partition("\n")[0]
    if isinstance(error, StatementError):
        return str(error.orig or error.args[0]).partition("\n")[0]
    return str(error)


def _own_secrets() -> Iterable[str]:
    if not current_app:
        return
    settings = current_app.extensions["settings"]
    yield settings.secret_key
    for url in (settings.mail_url, settings.database_url, settings.redis_url, settings.media_url):
        password = urlsplit(url or "").password
        if password:
            yield password
            yield unquote(password)


def _place(filename: str) -> str:
    """The end of a path: enough to find the file, nothing about the machine."""
    return "/".join(filename.split("/")[-3:])
