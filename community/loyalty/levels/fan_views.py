"""All levels for a fan: what each takes and gives, and where one stands among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template

from commons import clock
from commons.i18n import Words
from commons.permissions import Permission
from commons.web import allow
from community.loyalty.levels import ladder, ladders, outlook
from community.loyalty.levels import setting_up as levels
from community.loyalty.levels.ladder import Rung
from community.loyalty.levels.outlook import Outlook
from community.loyalty.levels.words import amount_words, asked_words
from community.loyalty.models import Level
from community.members.current import the_member

bp = Blueprint("my_levels", __name__)


@dataclass(frozen=True)
class Step:
    """One level as a fan sees it. `missing` says what is still to come in; empty where nothing is."""

    level: Level
    asked: str
    missing: str
    perks: Sequence[Words]
    is_mine: bool
    is_ahead: bool


@bp.get("/circle/me/levels")
@allow(Permission.TAKE_PART)
def index() -> str:
    """The ladder from the first level to the last."""
    seen = outlook.outlook(the_member(), clock.now())
    steps = [_step(level, seen) for level in ladders.levels()]
    return render_template("community/loyalty/my_levels.html", steps=steps, outlook=seen)


def _step(level: Level, seen: Outlook) -> Step:
    is_ahead = level.rank > seen.level.rank
    lacking = ladder.lacking(Rung(level.rank, level.threshold, level.breadth), seen.counted)
    is_missing = is_ahead and (lacking.growth or lacking.breadth)
    return Step(
        level=level,
        asked=asked_words(level.threshold, level.breadth) if level.threshold else "",
        missing=amount_words(lacking) if is_missing else "",
        perks=levels.perks(level),
        is_mine=level is seen.level,
        is_ahead=is_ahead,
    )
