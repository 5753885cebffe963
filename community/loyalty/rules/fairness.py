"""What no rule may pay for: likes of the brand, a given rating, and what follows from points themselves.

Whoever pays for praise hears nothing else any more. The law sees it so too: China forbids false promotion by made-up reviews
(Law against Unfair Competition, art. 8; E-Commerce Law, art. 17), and the FTC's rule on reviews (16 CFR 465.4) forbids
incentives for a review of a particular sentiment. That somebody wrote a review at all, whatever it says, may be rewarded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from commons.errors import Invalid
from community.loyalty.rules.undoing import UNDOES

LIKES = frozenset({"interaction.like"})
RATINGS = ("rating", "stars", "score", "grade", "sentiment", "emotion", "mood", "praise", "satisfaction")
"""Words in the name of a detail (or of a kind of fact) that say how well somebody judged."""

FOLLOWS = ("loyalty.", "level.", "badge.", "reward.", "penalty.")
"""What the kinds of facts begin with that the ledger itself brings about."""

LIKE_REASON = _l(
    "Likes of the brand are not bought: a like that is paid for says nothing, and fans would see through it."
)
RATING_REASON = _l(
    "A rule must not pay for a given rating: only honest judgements help others. Pay for every review alike, or for none."
)

LOOP_REASON = _l("This follows from growth and points. A rule that pays for it would feed on itself and never end.")
UNDO_REASON = _l("This takes back something else, and so does what was earned for that. There is nothing to pay for.")


class Unfair(Invalid):
    """A rule that would pay for what no rule may pay for."""


def objection(kind: str, only: Mapping[str, str]) -> Any | None:
    """Why no rule may pay for facts of this kind with these details, as a sentence; None if one may."""
    if kind in LIKES:
        return LIKE_REASON
    if kind.startswith(FOLLOWS):
        return LOOP_REASON
    if kind in UNDOES:
        return UNDO_REASON
    if any(_is_rating(name) for name in only) or _is_rating(kind.rpartition(".")[2]):
        return RATING_REASON
    return None


def check(kind: str, only: Mapping[str, str]) -> None:
    """Raise `Unfair` with the reason if no rule may pay for this."""
    reason = objection(kind, only)
    if reason is not None:
        raise Unfair(str(reason), str(_l("Choose another kind of fact, or leave the detail out.")))


def _is_rating(name: str) -> bool:
    return any(word in name.lower() for word in RATINGS)
