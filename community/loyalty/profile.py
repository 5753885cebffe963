"""What the ledger shows on a member's profile."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_login import current_user

from commons.db import random_id
from commons.panels import Panel
from commons.permissions import Permission
from community.loyalty import accounts
from community.loyalty.forms import AdjustForm
from community.loyalty.levels.standing import rank, standing
from community.loyalty.models import Currency
from community.members.models import Member


def panel(member: Member, at: datetime) -> Panel | None:
    """Level, balances and the adjustment by hand; nothing for staff who may not see points."""
    if not current_user.can(Permission.LOYALTY_READ):
        return None
    return Panel("community/loyalty/_profile.html", facts_of(member, at), order=10)


def facts_of(member: Member, at: datetime, form: AdjustForm | None = None) -> dict[str, Any]:
    """What `_profile.html` needs."""
    return {
        "member": member,
        "standing": standing(member, at),
        "points": accounts.balance(member, Currency.POINTS),
        "pending": accounts.pending(member, Currency.POINTS),
        "place": rank(member),
        "form": form or AdjustForm(formdata=None, token=random_id()),
        "may_adjust": current_user.can(Permission.LOYALTY_WRITE),
    }
