"""Who may decide a request now, and why not: nobody decides on what he wrote, changed or planned himself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, literal, or_, select

from campaigns.approval.models import ApprovalDecision, ApprovalItem, ApprovalRequest
from campaigns.approval.routing import approvers
from campaigns.posts.models import BrandPost
from campaigns.publishing.models import Delivery
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Permission, Role


def why_not(request: ApprovalRequest, user: User) -> str:
    """Why this person may not decide the step that is next, as a sentence; empty when he may."""
    barred = _why_barred(request, user)
    if not barred and not is_named(request.steps, request.step, user):
        return str(_("This step is for: %(who)s.", who=step_words(request.steps, request.step)))
    return barred


def may_decide(request: ApprovalRequest, user: User) -> bool:
    """The same without the words."""
    return not _why_barred(request, user) and is_named(request.steps, request.step, user)


def _why_barred(request: ApprovalRequest, user: User) -> str:
    if not user.can(Permission.POST_APPROVE):
        return str(_("Your role does not approve posts."))
    if request.post.author_id == user.id:
        return str(_("You wrote this post; somebody else has to approve it."))
    if request.editor_id == user.id:
        return str(_("You changed this post last; somebody else has to approve it."))
    planned = {item.delivery.scheduled_by_id for item in request.items}
    if user.id in {request.asked_by_id, *planned}:
        return str(_("You planned this post; somebody else has to approve it."))
    if any(decision.by_id == user.id for decision in request.standing):
        return str(_("You decided an earlier step; another person decides this one."))
    return ""


def is_own(user: User) -> ColumnElement[bool]:
    """The same in the database: that the request is of this person's own making, or decided by him before."""
    wrote = _there_is(BrandPost.id == ApprovalRequest.post_id, BrandPost.author_id == user.id)
    planned = _there_is(
        ApprovalItem.request_id == ApprovalRequest.id,
        Delivery.id == ApprovalItem.delivery_id,
        Delivery.scheduled_by_id == user.id,
    )
    decided = _there_is(
        ApprovalDecision.request_id == ApprovalRequest.id,
        ApprovalDecision.by_id == user.id,
        ApprovalDecision.undone_at.is_(None),
    )
    # Where nobody is noted, nobody is meant.
    asked = ApprovalRequest.asked_by_id.is_not(None) & (ApprovalRequest.asked_by_id == user.id)
    edited = ApprovalRequest.editor_id.is_not(None) & (ApprovalRequest.editor_id == user.id)
    return or_(asked, edited, wrote, planned, decided)


def _there_is(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """EXISTS beside a row of requests, whatever else the query around it reads."""
    return select(literal(1)).where(*conditions).correlate(ApprovalRequest).exists()


def is_named(steps: Sequence[Mapping[str, Any]], number: int, user: User) -> bool:
    """Whether the step is for this person, by name or by role."""
    if number >= len(steps):
        return False
    step = steps[number]
    if step.get("people"):
        return user.id in step["people"]
    return not step.get("role") or step["role"] == user.role.value


def called(request: ApprovalRequest) -> list[User]:
    """Everybody who may decide the step that is next."""
    return [user for user in approvers() if may_decide(request, user)]


def step_words(steps: Sequence[Mapping[str, Any]], number: int) -> str:
    """Whom a step is for, in words."""
    step = steps[number] if number < len(steps) else {}
    if step.get("people"):
        names = db.session.scalars(select(User.name).where(User.id.in_(step["people"])).order_by(User.name))
        return str(_(", ")).join(names)
    return Role(step["role"]).label if step.get("role") else str(_("anybody who may approve"))
