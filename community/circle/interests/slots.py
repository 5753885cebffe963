"""Where other rooms take part in what is written in the circles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from commons.i18n import Words
from commons.slots import Slot
from community.circle.interests.models import CirclePost

submitting: Slot[Callable[[CirclePost, datetime], bool]] = Slot(
    "a fan's words before they stand: False keeps them back until `posting.let_stand` is called"
)
explaining: Slot[Callable[[CirclePost], str | None]] = Slot(
    "where the author of a post that does not stand reads why, and appeals: the path of that page, None for nothing to say"
)
ruling: Slot[Callable[[Words], None]] = Slot(
    "the rules of a circle before they hold: raises `Invalid` for what none may say"
)
protecting: Slot[Callable[[CirclePost], bool]] = Slot(
    "whether a post may be criticism of the brand: then nobody removes it alone, by whatever rule"
)
handing_on: Slot[Callable[[CirclePost, datetime], None]] = Slot(
    "puts such a post before those who decide about it together. Twice is once"
)
