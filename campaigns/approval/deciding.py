"""Deciding on a request: approve, reject, ask for changes; take the last word back; withdraw what was asked.

Each is one conditional update of the request, on what the person saw: of two at once, one decides and the other hears so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import exists, select, update

from campaigns.approval import asking, telling, voiding
from campaigns.approval.models import (
    ApprovalDecision,
    ApprovalItem,
    ApprovalRequest,
    DecisionKind,
    RequestState,
    ReviewLink,
)
from campaigns.approval.people import is_own, why_not
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery, DeliveryState
from commons import zones
from commons.accounts.models import User
from commons.db import changed, db
from commons.errors import Conflict, Invalid, NotAllowed

NOTE_LENGTH = 2000


class Moved(Conflict):
    """It is not what the person saw any more, or somebody else has decided."""


class Barred(NotAllowed):
    """Not for this person to decide; nobody decides on what he wrote, changed or planned himself."""


def approve(
    request: ApprovalRequest, *, by: User, seen: str, at: datetime, note: str = "", link: ReviewLink | None = None
) -> ApprovalDecision:
    """Agree to what was `seen` (`ApprovalRequest.seen`). After the last step it goes out at its time, or at once.

    Raises `Barred`, `Moved`; and what publishing at once raises, and then nothing was decided.
    """
    decision = _decide(request, DecisionKind.APPROVE, by, seen, note, at, link, {"step": ApprovalRequest.step + 1})
    if request.step < len(request.steps):
        telling.call(request, at)
        return decision
    request.state, request.closed_at = RequestState.APPROVED, at
    request.ends_at = at + timedelta(days=request.lasts_days)
    db.session.flush()
    for item in request.live_items:
        _let_go(item, request, by, at)
    telling.answer(request, "approved", note, decision.who)
    return decision


def reject(
    request: ApprovalRequest, *, by: User, seen: str, note: str, at: datetime, link: ReviewLink | None = None
) -> ApprovalDecision:
    """Say no, with the reason: the post becomes a draft again. Raises `Invalid` without a reason, else as `approve`."""
    _refuse_empty(note, _("Say why, so that it can be made better."))
    values = {"state": RequestState.REJECTED, "closed_at": at}
    decision = _decide(request, DecisionKind.REJECT, by, seen, note, at, link, values)
    for delivery in voiding.close(request, RequestState.REJECTED, at):
        scheduling.take_back(delivery, by=by, at=at)
    telling.answer(request, "rejected", note, decision.who)
    return decision


def ask_for_changes(request: ApprovalRequest, *, by: User, seen: str, note: str, at: datetime) -> ApprovalDecision:
    """Say what should be otherwise. The plan stays and waits until the author asks again. Raises as `reject`."""
    _refuse_empty(note, _("Say what should be changed."))
    values = {"state": RequestState.CHANGES, "closed_at": at}
    decision = _decide(request, DecisionKind.CHANGES, by, seen, note, at, None, values)
    voiding.close(request, RequestState.CHANGES, at)
    telling.answer(request, "changes_asked", note, decision.who)
    return decision


def undo(decision: ApprovalDecision, *, by: User, at: datetime) -> None:
    """Take one's own approval back, as long as the next step is not decided and nothing is on its way. Raises `Conflict`.

    A second time changes nothing.
    """
    request = decision.request
    _hold(request)
    db.session.refresh(decision)
    if decision.undone_at is not None:
        return
    if decision.by_id != by.id:
        raise NotAllowed(_("Only whoever decided can take it back."))
    if not can_undo(decision):
        raise Conflict(_("It is too late to take this back."), _("Cancel the post instead, if it is not out yet."))
    decision.undone_at, decision.open_step = at, None
    if not request.is_pending:
        telling.answer(request, "undone", who=decision.who)
    request.state, request.step, request.closed_at = RequestState.PENDING, decision.step, None
    request.ends_at = asking.end_of(request, at)
    db.session.flush()
    for item in request.live_items:
        item.at_once = asking.wait_for_agreement(item.delivery, at) or item.at_once
        scheduling.review_again(item.delivery, at)
    telling.tell("approval.undone", request, by, at)


def can_undo(decision: ApprovalDecision) -> bool:
    """Whether an approval is the last word so far, and nothing has come of it."""
    request = decision.request
    if decision.kind is not DecisionKind.APPROVE or decision.undone_at is not None:
        return False
    if decision.open_step != request.step - 1:
        return False
    if request.is_pending:
        return True
    stoppable = {DeliveryState.SCHEDULED, DeliveryState.APPROVED, DeliveryState.HELD}
    return request.state is RequestState.APPROVED and all(
        item.delivery.state in stoppable for item in request.live_items
    )


def withdraw(request: ApprovalRequest, *, by: User, at: datetime) -> None:
    """Ask no longer: the post is a draft again. A second time changes nothing; raises `Moved` when it was decided."""
    _hold(request)
    if request.state is RequestState.WITHDRAWN:
        return
    if not request.is_pending:
        raise Moved(_("This was decided meanwhile."), _("Look at it again."))
    deliveries = voiding.close(request, RequestState.WITHDRAWN, at)
    telling.tell("approval.withdrawn", request, by, at)
    for delivery in deliveries:
        if not delivery.is_fixed:
            scheduling.take_back(delivery, by=by, at=at)


def _decide(
    request: ApprovalRequest,
    kind: DecisionKind,
    by: User,
    seen: str,
    note: str,
    at: datetime,
    link: ReviewLink | None,
    values: Mapping[str, Any],
) -> ApprovalDecision:
    """Claim the step that is next and write down who decided it."""
    asking.hold(request.post)
    db.session.refresh(request)
    seal, step = read_seen(seen)
    refusal = why_not(request, by)
    if refusal:
        raise Barred(refusal) if request.is_pending else _moved(request)
    waits = exists().where(
        ApprovalItem.request_id == ApprovalRequest.id,
        Delivery.id == ApprovalItem.live_delivery_id,
        Delivery.state == DeliveryState.IN_REVIEW,
    )
    still = (
        ApprovalRequest.id == request.id,
        ApprovalRequest.state == RequestState.PENDING,
        ApprovalRequest.step == step,
        ApprovalRequest.seal == seal,
        ApprovalRequest.ends_at > at,
    )
    claimed = changed(update(ApprovalRequest).where(*still, waits, ~is_own(by)).values(**values))
    db.session.refresh(request)
    if not claimed:
        raise _moved(request)
    decision = ApprovalDecision(step=step, open_step=step, kind=kind, by=by, link=link, seal=seal, decided_at=at)
    decision.note = note.strip()[:NOTE_LENGTH]
    request.decisions.append(decision)
    db.session.flush()
    _tell(decision, by, at)
    return decision


def read_seen(seen: str) -> tuple[str, int]:
    """The seal and the step that somebody saw; what is no such thing matches nothing."""
    seal, _dot, step = seen.partition(".")
    return seal, int(step) if step.isdecimal() and len(step) < 3 else -1


def _tell(decision: ApprovalDecision, by: User, at: datetime) -> None:
    words = {DecisionKind.APPROVE: "approved", DecisionKind.REJECT: "rejected", DecisionKind.CHANGES: "changes_asked"}
    kind = f"approval.{words[decision.kind]}"
    more = {"note": decision.note, "step": decision.step + 1, "steps": len(decision.request.steps)}
    if decision.link is not None:
        kind, more = f"{kind}_outside", {**more, "reviewer": decision.link.name}
    telling.tell(kind, decision.request, by, at, **more)


def _let_go(item: ApprovalItem, request: ApprovalRequest, by: User, at: datetime) -> None:
    """Everybody has agreed: it goes out at its time, or now if that was what was asked."""
    delivery = item.delivery
    if not item.at_once:
        scheduling.release(delivery, at)
        return
    sender = db.session.get(User, request.asked_by_id) if request.asked_by_id else None
    scheduling.publish_now(
        delivery.post, delivery.account, (sender or by).zone or zones.DEFAULT_ZONE, by=sender or by, at=at
    )


def _hold(request: ApprovalRequest) -> None:
    asking.hold(request.post)
    query = select(ApprovalRequest).where(ApprovalRequest.id == request.id).with_for_update(of=ApprovalRequest)
    db.session.execute(query.execution_options(populate_existing=True))


def _moved(request: ApprovalRequest) -> Moved:
    last = request.standing[-1] if request.standing else None
    if not request.is_pending and last is not None:
        return Moved(_("%(name)s has decided this meanwhile.", name=last.who), _("Look at it again."))
    if not request.is_pending:
        return Moved(_("This is not asked any more."), _("Look at it again."))
    return Moved(_("This has changed since you opened it."), _("Look at it again, then decide."))


def _refuse_empty(note: str, words: str) -> None:
    if not note.strip():
        raise Invalid(words)
