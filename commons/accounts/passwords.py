"""Passwords: what is accepted, how they are kept (argon2id), and how they are checked in constant work."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _l

from commons.accounts.models import User

SHORTEST, LONGEST = 10, 200
FEWEST_DIFFERENT = 5
ENOUGH_FOR_ONE_WORD = 14
KEYBOARD = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")

# OWASP's password storage cheat sheet: argon2id with 46 MiB, one pass, one lane.
_hasher = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)


def hash_password(text: str) -> str:
    """The argon2id hash that is kept."""
    return _hasher.hash(_normal(text))


def password_fits(user: User | None, text: str) -> bool:
    """Whether `text` is the password of `user`; as much work when there is no such account or no password."""
    known = user.password_hash if user is not None else None
    fits = _verify(known or _nobody(), text)
    if user is None or not known or not fits:
        return False
    if _hasher.check_needs_rehash(known):
        user.password_hash = hash_password(text)
    return True


def fits(known: str, text: str) -> bool:
    """Whether `text` is the password of which `known` is the hash: for what has a password and is no account."""
    return _verify(known, text)


def complaint(text: str, *personal: str) -> str | None:
    """Why `text` is refused as a new password, as a translated sentence; None when it is fine.

    `personal` are words that everybody could guess for this person: the name, the mail address.
    """
    text = _normal(text)
    if len(text) < SHORTEST:
        return str(_l("Use at least %(count)s characters.", count=SHORTEST))
    if len(text) > LONGEST:
        return str(_l("Use at most %(count)s characters.", count=LONGEST))
    if _is_simple(text.lower()):
        return str(_l("That is among the first things anyone would try. Add another word."))
    if _is_personal(text.lower(), personal):
        return str(_l("Leave out your own name and email address."))
    return None


def _normal(text: str) -> str:
    """One form for what different keyboards write differently (NIST SP 800-63B asks for NFKC)."""
    return unicodedata.normalize("NFKC", text)


def _verify(known: str, text: str) -> bool:
    try:
        return _hasher.verify(known, _normal(text)[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """A hash that no password fits in practice, so that unknown accounts cost as much as known ones."""
    return _hasher.hash("nobody's password")


def _is_simple(text: str) -> bool:
    return len(set(text)) < FEWEST_DIFFERENT or _repeats(text) or _walks(text) or _one_word(text)


def _repeats(text: str) -> bool:
    """The same short piece over and over: `abc12abc12`."""
    return text in (text + text)[1:-1]


def _walks(text: str) -> bool:
    """Mostly neighbours on the keyboard, in the alphabet or in counting: `qwerty12345`."""
    steps = list(pairwise(text))
    return sum(_are_neighbours(*step) for step in steps) >= 0.7 * len(steps)


def _are_neighbours(one: str, two: str) -> bool:
    return any(one + two in row or two + one in row for row in KEYBOARD)


def _one_word(text: str) -> bool:
    """A single word, at most with digits or a mark behind: `password123!`, `iloveyou99`."""
    return len(text) < ENOUGH_FOR_ONE_WORD and re.fullmatch(r"[a-z]+[0-9]*[!.?]*", text) is not None


def _is_personal(text: str, personal: tuple[str, ...]) -> bool:
    words = {part for word in personal for part in (word.lower(), word.lower().partition("@")[0])}
    return any(len(word) >= 3 and word in text and len(text.replace(word, "")) < SHORTEST - 4 for word in words)
