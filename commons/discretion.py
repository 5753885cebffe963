"""A log that keeps secrets to itself: passwords, tokens, cookies and credentials are struck out of every record."""

from __future__ import annotations

import logging
import re
from urllib.parse import unquote, urlsplit

STRUCK = "***"

_known: set[str] = set()

_NAMES = r"[a-z_-]*(?:passw(?:or)?d|passphrase|secret|token|api_?key|access_?key|sign_in|session)[a-z_-]*"
_VALUE = r"(?:'[^']*'|\"[^\"]*\"|[^\s&,;'\"})]+)"
_RULES = {
    # credentials in an address: smtp://name:word@host
    r"([a-z][a-z0-9+.-]*://)[^\s/@]*:[^\s/]*@": rf"\1{STRUCK}@",
    # header lines, and headers in a dictionary
    r"((?:proxy-)?authorization|(?:set-)?cookie)(['\"]?\s*[:=]\s*)(['\"]?)[^\r\n'\"]+": rf"\1\2\3{STRUCK}",
    r"\b(bearer|basic)\s+[a-z0-9._~+/=-]{8,}": rf"\1 {STRUCK}",
    # name=value, "name": "value"
    rf"({_NAMES}['\"]?\s*[:=]\s*){_VALUE}": rf"\1{STRUCK}",
    r"\$argon2[a-z]*\$[^\s'\")]+": STRUCK,
    # what `tokens.fresh` makes, wherever it stands, as in the path of a mailed link
    r"(?<![\w-])[\w-]{43}(?![\w-])": STRUCK,
}
_PATTERNS = [(re.compile(pattern, re.IGNORECASE | re.ASCII), replacement) for pattern, replacement in _RULES.items()]


class DiscreetRecord(logging.LogRecord):
    """A log record whose message and traceback are scrubbed before any handler sees them."""

    def getMessage(self) -> str:  # noqa: N802 (the name in logging)
        return scrub(super().getMessage())

    @property
    def exc_text(self) -> str | None:
        return self.__dict__.get("_exc_text")

    @exc_text.setter
    def exc_text(self, text: str | None) -> None:
        self.__dict__["_exc_text"] = scrub(text) if text else text


def guard_logs(*secrets: str | None) -> None:
    """Scrub every record of this process from now on; `secrets` are struck out wherever they stand."""
    _known.update(part for secret in secrets if secret for part in (secret, *_parts(secret)) if len(part) >= 6)
    logging.setLogRecordFactory(DiscreetRecord)


def scrub(text: str) -> str:
    """`text` without anything that signs somebody in."""
    for secret in _known:
        text = text.replace(secret, STRUCK)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def _parts(secret: str) -> tuple[str, ...]:
    """The password inside an address, as written and as meant."""
    password = urlsplit(secret).password if "://" in secret else None
    return (password, unquote(password)) if password else ()
