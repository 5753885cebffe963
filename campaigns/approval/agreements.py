"""Who said what to a delivery before it went out, for its receipt."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from campaigns.approval.models import ApprovalDecision, ApprovalRequest, DecisionKind
from campaigns.approval.reading import requests_of, texts_of
from campaigns.publishing.models import Delivery
from campaigns.publishing.slots import Agreement


def of_delivery(delivery: Delivery) -> Sequence[Agreement]:
    """Every decision on every request about it, oldest first; what was taken back says so."""
    said = [
        Agreement(
            decision.decided_at, decision.who, _words(decision), decision.note, decision.seal, _texts(delivery, request)
        )
        for request in requests_of(delivery)
        for decision in request.decisions
    ]
    return sorted(said, key=lambda agreement: agreement.at)


def _texts(delivery: Delivery, request: ApprovalRequest) -> Sequence[str]:
    """The parts of this delivery as they were frozen when somebody was asked."""
    return texts_of(next(item for item in request.items if item.delivery_id == delivery.id))


def _words(decision: ApprovalDecision) -> str:
    words = {
        DecisionKind.APPROVE: _("approved it"),
        DecisionKind.REJECT: _("did not approve it"),
        DecisionKind.CHANGES: _("asked for changes"),
    }[decision.kind]
    return _("%(words)s, and took that back", words=words) if decision.undone_at else str(words)
