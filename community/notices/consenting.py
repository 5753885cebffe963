"""Messages go out only with the member's consent, on whatever page that was given or withdrawn: wishes follow it."""

from __future__ import annotations

from datetime import datetime

from community.members.profiles.models import Purpose
from community.notices import wishes


def follow_given(member_id: int, purpose: Purpose, at: datetime) -> None:
    """A consent was given, on whatever page."""
    if purpose is Purpose.MAIL:
        wishes.start_mail(member_id, at)
    elif purpose is Purpose.PUSH:
        wishes.start_push(member_id, at)


def follow_withdrawn(member_id: int, purpose: Purpose, _at: datetime) -> None:
    """A consent has ended, for whatever reason: nothing more goes out."""
    if purpose is Purpose.MAIL:
        wishes.stop_mail(member_id)
    elif purpose is Purpose.PUSH:
        wishes.stop_push(member_id)
