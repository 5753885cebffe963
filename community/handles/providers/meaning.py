"""What trouble with a network means for whoever wanted to sign in."""

from __future__ import annotations

from commons.accounts.identities import failures
from commons.accounts.identities.failures import NotIdentified
from community.channels.outcomes import Rejected, SignIn, Trouble


def failure_of(trouble: Trouble, label: str) -> NotIdentified:
    """The network said no to the code, or to what was asked; or it did not answer."""
    if isinstance(trouble, SignIn):
        return failures.code_spent(label)
    if isinstance(trouble, Rejected):
        return NotIdentified(trouble.words)
    return failures.down(label, trouble.words)
