"""What came of a try, in plain words."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from campaigns.publishing.models import Attempt, AttemptKind, AttemptOutcome

KINDS: dict[AttemptKind, Any] = {
    AttemptKind.SEND: _l("Sent off"),
    AttemptKind.FIND: _l("Looked for"),
    AttemptKind.FREEZE: _l("Made ready to send"),
}

SENT: dict[AttemptOutcome, Any] = {
    AttemptOutcome.OPEN: _l("no word of it yet"),
    AttemptOutcome.PUBLISHED: _l("it was taken"),
    AttemptOutcome.REJECTED: _l("it was turned down"),
    AttemptOutcome.SIGN_IN: _l("the connection no longer holds"),
    AttemptOutcome.RATE: _l("too much at once for them; it was not taken"),
    AttemptOutcome.NOT_SENT: _l("it never left"),
    AttemptOutcome.AMBIGUOUS: _l("no clear answer; it may have arrived"),
    AttemptOutcome.DUPLICATE: _l("they say that they have it already"),
    AttemptOutcome.MEDIA_PENDING: _l("pictures or video are still being worked on there"),
    AttemptOutcome.INTERRUPTED: _l("something broke on our side; it may have arrived"),
    AttemptOutcome.BY_PERSON: _l("somebody was asked to post it by hand"),
}

LOOKED_FOR: dict[AttemptOutcome, Any] = {
    AttemptOutcome.OPEN: _l("no word of it yet"),
    AttemptOutcome.FOUND: _l("it stands there"),
    AttemptOutcome.NOT_FOUND: _l("it was not to be seen there"),
    AttemptOutcome.CANNOT_TELL: _l("it cannot be told from here"),
    AttemptOutcome.DENIED: _l("a person says that it is not there"),
    AttemptOutcome.BY_PERSON: _l("it lies with whoever posts it by hand"),
}

MADE_READY: dict[AttemptOutcome, Any] = {
    AttemptOutcome.REJECTED: _l("it cannot be sent like this"),
    AttemptOutcome.SIGN_IN: _l("the connection no longer holds"),
    AttemptOutcome.RATE: _l("too much at once for them; nothing was sent"),
    AttemptOutcome.INTERRUPTED: _l("something broke on our side; nothing was sent"),
}


def try_words(attempt: Attempt) -> str:
    """How a try ended, as the rest of a sentence."""
    if attempt.kind is AttemptKind.SEND:
        return str(SENT.get(attempt.outcome, attempt.outcome.value))
    if attempt.kind is AttemptKind.FREEZE:
        return str(MADE_READY.get(attempt.outcome) or _l("it could not be made ready; nothing was sent"))
    return str(LOOKED_FOR.get(attempt.outcome) or _l("looking for it failed"))


def kind_words(attempt: Attempt) -> str:
    return str(KINDS[attempt.kind])
