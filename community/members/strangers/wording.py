"""What is done for members without account, in words: on the timeline and in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from community.members.strangers.erasing import ERASED
from community.members.strangers.inviting import INVITED


def facts() -> Mapping[str, Any]:
    return {INVITED: _l("Was invited by mail to open an account")}


def acts() -> Mapping[str, Any]:
    """What the team did, for the audit log."""
    return {
        INVITED: _l("Invited a member by mail to open an account"),
        ERASED: _l("Erased a member who had no account: %(reason)s"),
    }
