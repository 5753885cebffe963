"""The identities of a person: in the export of one's data, and gone when the person is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete

from commons.accounts.identities.linking import identities_of
from commons.accounts.identities.models import Identity, IdentityRequest
from commons.accounts.models import User
from commons.db import changed


def export(user: User) -> dict[str, Any]:
    """With whom the person may sign in, and as whom."""
    return {
        "identities": [
            {
                "provider": identity.provider,
                "issuer": identity.issuer,
                "subject": identity.subject,
                "name": identity.name,
                "linked_at": identity.linked_at.isoformat(),
                "used_at": identity.used_at.isoformat(),
            }
            for identity in identities_of(user)
        ]
    }


def erase(user: User, _at: datetime) -> None:
    """Nothing opens the account any more."""
    changed(delete(IdentityRequest).where(IdentityRequest.user_id == user.id))
    changed(delete(Identity).where(Identity.user_id == user.id))
