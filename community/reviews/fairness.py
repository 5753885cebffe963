"""Nothing critical is refused for being critical: what no word list, no clause and no version of the standard may do.

That one person alone cannot refuse criticism is in `deciding`; that no rule looks at praise or blame, in `checks`.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from commons.errors import Invalid
from commons.i18n import Words
from community.reviews.checks import Terms, points_at
from community.reviews.models import StandardVersion

CRITICISM_STAYS = "1.1"
"""The promise of the usual standard that criticism is never refused for being criticism."""

JUDGING_WORDS = (
    "负面",
    "差评",
    "批评",
    "吐槽",
    "抱怨",
    "唱衰",
    "negative",
    "critic",
    "complain",
    "bad review",
    "unfavourable",
)
"""What a clause speaks of that forbids to judge us."""


class Unfair(Invalid):
    """By this, criticism could be refused for being criticism."""


def check_terms(new: Terms) -> None:
    """`Unfair` for terms under which a rule points at criticism, or that protect less of it than the usual ones do."""
    protecting = dict.fromkeys([*Terms().critical_words, *new.critical_words])
    for word in (*new.insults, *new.contacts):
        found = next((one for one in protecting if points_at(word, one)), None)
        if found is not None:
            raise Unfair(
                _("“%(word)s” would point at criticism: “%(found)s”.", word=word, found=found),
                _("Take it off the list. That somebody judges us badly is no reason to point at anything."),
            )
    gone = next((word for word in Terms().critical_words if word not in new.critical_words), None)
    if gone is not None:
        raise Unfair(_("“%(word)s” protects criticism and stays on the list.", word=gone), _("Put it back."))


def check_clause(*wording: Words, grounds: bool) -> None:
    """`Unfair` for a clause that could be cited against somebody because he judges us."""
    word = _judging_word(wording)
    if grounds and word is not None:
        raise Unfair(
            _("A clause that can be cited must not be about judging us: “%(word)s”.", word=word),
            _("Say what it does to others instead, such as insults or personal details."),
        )


def check_rules(rules: Words) -> None:
    """`Unfair` for rules of an interest circle by which somebody could be silenced because he judges us."""
    word = _judging_word([rules])
    if word is not None:
        raise Unfair(
            _("A rule of a circle must not be about judging us: “%(word)s”.", word=word),
            _("Say what it does to others instead, such as insults or personal details."),
        )


def check_version(version: StandardVersion) -> None:
    """`Unfair` for a version without the promise that criticism stays."""
    if not any(clause.number == CRITICISM_STAYS and not clause.grounds for clause in version.clauses):
        raise Unfair(
            _("Clause %(number)s, that criticism stays, binds us in every version.", number=CRITICISM_STAYS),
            _("It may be worded anew; it is neither struck nor cited against anybody."),
        )


def _judging_word(wording: Iterable[Words]) -> str | None:
    said = " ".join(f"{words.zh} {words.en}" for words in wording).casefold()
    return next((one for one in JUDGING_WORDS if one in said), None)
