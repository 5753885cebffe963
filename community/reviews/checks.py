"""What rules see in a submission: pure, with every threshold and word list in `Terms`.

The rules point at things, they never refuse; and none of them looks at whether something speaks well or badly of us.
"""

from __future__ import annotations

import enum
import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import regex


class Sight(enum.StrEnum):
    """One thing that a rule can see."""

    PERSONAL_DETAILS = "personal_details"
    INSULT = "insult"
    CONTACT = "contact"
    LINKS = "links"
    SAME_BY_AUTHOR = "same_by_author"
    SAME_BY_MANY = "same_by_many"
    BURST = "burst"
    REPETITION = "repetition"
    TOO_SHORT = "too_short"


@dataclass(frozen=True)
class Terms:
    """The thresholds: changed by people, kept in versions (`CheckTerms`)."""

    clauses: dict[str, str] = field(default_factory=lambda: dict(CLAUSES))
    insults: tuple[str, ...] = ("傻逼", "去死", "废物", "滚蛋", "脑残", "idiot", "moron", "bastard")
    contacts: tuple[str, ...] = (
        "加微信",
        "加我微",
        "加vx",
        "微信号",
        "加qq",
        "私聊下单",
        "代购",
        "telegram",
        "whatsapp",
    )
    most_links: int = 2
    same_by_author: int = 2
    same_by_many: int = 3
    same_within_hours: int = 72
    most_an_hour: int = 5
    most_repeats: int = 8
    least_characters: int = 4
    trusted_after: int = 3
    trusted_days: int = 90
    spot_check_share: int = 10
    critical_stars: int = 2
    critical_words: tuple[str, ...] = (
        "差评", "失望", "不好喝", "难喝", "太差", "退货", "退款", "投诉", "骗", "假货", "坏了", "破了", "漏", "后悔", "不值",
        "disappoint", "terrible", "awful", "broken", "refund", "fake", "worst", "complain",
    )  # fmt: skip


CLAUSES: dict[str, str] = {
    Sight.PERSONAL_DETAILS: "3.1",
    Sight.INSULT: "2.1",
    Sight.CONTACT: "4.3",
    Sight.LINKS: "4.3",
    Sight.SAME_BY_AUTHOR: "4.2",
    Sight.SAME_BY_MANY: "4.2",
    Sight.BURST: "4.2",
    Sight.REPETITION: "6.1",
    Sight.TOO_SHORT: "6.1",
}
"""Which clause of the standard a sight is about."""

GRAVE = frozenset({Sight.PERSONAL_DETAILS, Sight.INSULT, Sight.SAME_BY_MANY})
"""What should be looked at first: it hurts somebody, or somebody is behind it."""


CHATTY = frozenset({Sight.BURST, Sight.REPETITION, Sight.TOO_SHORT})
"""What is nothing remarkable where people talk with each other."""

SAME = frozenset({Sight.SAME_BY_AUTHOR, Sight.SAME_BY_MANY})
SHORT_TALK = 10
"""So many letters nobody has to find words of his own for: good mornings and thanks are said by everybody."""


@dataclass(frozen=True)
class Content:
    """What is looked at. `same_by_author` and `same_by_others` count the same words in the time of the terms; `last_hour`
    counts what else the author submitted in the hour before."""

    text: str
    stars: int | None = None
    aspects: tuple[int, ...] = ()
    pictures: int = 0
    same_by_author: int = 0
    same_by_others: int = 0
    last_hour: int = 0


@dataclass(frozen=True)
class Finding:
    """What a rule saw, which clause that is about, and the words or the number that show it."""

    sight: Sight
    clause: str
    shown: str = ""

    @property
    def is_grave(self) -> bool:
        return self.sight in GRAVE

    def kept(self) -> dict[str, Any]:
        return {"sight": self.sight.value, "clause": self.clause, "shown": self.shown}

    @classmethod
    def read(cls, row: dict[str, Any]) -> Finding:
        return cls(Sight(row["sight"]), row["clause"], row["shown"])


def look(content: Content, terms: Terms, *, talk: bool = False) -> list[Finding]:
    """Everything that the rules see, the gravest first. In `talk` people are short and quick, and nobody minds."""
    unminded = (CHATTY | SAME if letters(content.text) < SHORT_TALK else CHATTY) if talk else frozenset[Sight]()
    found = [
        Finding(sight, terms.clauses.get(sight, CLAUSES[sight]), shown)
        for sight, eye in EYES.items()
        if sight not in unminded
        for shown in [eye(content, terms)]
        if shown is not None
    ]
    return sorted(found, key=lambda finding: not finding.is_grave)


def is_critical(content: Content, terms: Terms) -> bool:
    """Whether it may judge us badly. It protects: what is critical cannot be refused by one person alone."""
    marks = [mark for mark in (content.stars, *content.aspects) if mark is not None]
    if any(mark <= terms.critical_stars for mark in marks):
        return True
    return _first_of(terms.critical_words, content.text) is not None


def points_at(word: str, text: str) -> bool:
    """Whether a rule with this word in its list would point at the text."""
    return _first_of((word,), text) is not None


def fingerprint(text: str) -> str:
    """The same for texts that differ only in blanks, case, width, punctuation and emoji; empty for none."""
    bare = _BARE.sub("", unicodedata.normalize("NFKC", text).casefold())
    return hashlib.sha256(bare.encode()).hexdigest()[:32] if bare else ""


def letters(text: str) -> int:
    """How many letters and digits are in it."""
    return len(_SEEN.findall(text))


def _personal_details(content: Content, terms: Terms) -> str | None:
    found = _PERSONAL.search(unicodedata.normalize("NFKC", content.text))
    return found.group() if found else None


def _insult(content: Content, terms: Terms) -> str | None:
    return _first_of(terms.insults, content.text)


def _contact(content: Content, terms: Terms) -> str | None:
    return _first_of(terms.contacts, content.text)


def _links(content: Content, terms: Terms) -> str | None:
    count = len(_LINK.findall(content.text))
    return str(count) if count > terms.most_links else None


def _same_by_author(content: Content, terms: Terms) -> str | None:
    times = content.same_by_author + 1
    return str(times) if times >= terms.same_by_author else None


def _same_by_many(content: Content, terms: Terms) -> str | None:
    people = content.same_by_others + 1
    return str(people) if people >= terms.same_by_many else None


def _burst(content: Content, terms: Terms) -> str | None:
    count = content.last_hour + 1
    return str(count) if count > terms.most_an_hour else None


def _repetition(content: Content, terms: Terms) -> str | None:
    for found in _REPEATED.finditer(content.text):
        times = len(found.group()) // len(found.group(1))
        if times > terms.most_repeats and not found.group().isspace():
            return str(found.group())[:20]
    return None


def _too_short(content: Content, terms: Terms) -> str | None:
    if content.pictures or content.stars is not None:
        return None
    count = letters(content.text)
    return str(count) if count < terms.least_characters else None


EYES: dict[Sight, Callable[[Content, Terms], str | None]] = {
    Sight.PERSONAL_DETAILS: _personal_details,
    Sight.INSULT: _insult,
    Sight.CONTACT: _contact,
    Sight.LINKS: _links,
    Sight.SAME_BY_AUTHOR: _same_by_author,
    Sight.SAME_BY_MANY: _same_by_many,
    Sight.BURST: _burst,
    Sight.REPETITION: _repetition,
    Sight.TOO_SHORT: _too_short,
}


def _first_of(words: tuple[str, ...], text: str) -> str | None:
    """The first of the words that the text holds; blanks, marks and width between its letters do not hide it."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    bare = _BARE.sub("", plain)
    return next((word for word in words if word and _holds(word, plain, bare)), None)


def _holds(word: str, plain: str, bare: str) -> bool:
    """A Chinese word is found anywhere, also with marks between; a Latin one only as the beginning of a word."""
    word = unicodedata.normalize("NFKC", word).casefold()
    core = _BARE.sub("", word)
    if word.isascii():
        return regex.search(rf"(?<![a-z]){regex.escape(word)}", plain) is not None
    return core in bare if core else word in plain


_BARE = regex.compile(r"[^\p{L}\p{N}]")
_SEEN = regex.compile(r"[\p{L}\p{N}]")
_LINK = regex.compile(r"https?://\S+|www\.\S+", regex.IGNORECASE)
_REPEATED = regex.compile(r"(.{1,4}?)\1{3,}", regex.DOTALL)
# A mainland mobile number, an identity number, a mail address, a street with a house number.
_PERSONAL = regex.compile(
    r"(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)"
    r"|(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"
    r"|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{2,}"
    r"|\p{Han}{2,8}(?:路|街|巷|大道)\d{1,4}号"
)
