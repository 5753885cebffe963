"""Reviewers outside: somebody who may decide hands the step on, by a link with an end date."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update

from campaigns.approval import deciding, telling
from campaigns.approval.models import ApprovalDecision, ApprovalRequest, DecisionKind, ReviewLink
from campaigns.approval.people import why_not
from commons.accounts import addresses, tokens
from commons.accounts.models import User
from commons.db import changed, db
from commons.errors import Conflict, Gone, Invalid, NotAllowed

LONGEST = timedelta(days=30)
NAME_LENGTH = 60


def invite(request: ApprovalRequest, name: str, email: str, ends_at: datetime, *, by: User, at: datetime) -> str:
    """Let somebody outside decide the step that is next in one's own place; the token of the link, known only now.

    Only who could decide himself may hand it on. Raises `NotAllowed`, `Invalid`, `Conflict`.
    """
    refusal = why_not(request, by)
    if refusal:
        raise NotAllowed(refusal)
    if not request.is_pending:
        raise Conflict(_("This is not asked any more."))
    name = " ".join(name.split())[:NAME_LENGTH]
    if not name:
        raise Invalid(_("Say who it is for."))
    if not at < ends_at <= at + LONGEST:
        raise Invalid(_("The link must end later than now, and within 30 days."))
    token = tokens.fresh()
    link = ReviewLink(step=request.step, name=name, email=addresses.normal(email) if email.strip() else "", made_by=by)
    link.token_hash, link.made_at, link.ends_at = tokens.hash_of(token), at, ends_at
    request.links.append(link)
    db.session.flush()
    telling.tell("approval.reviewer_invited", request, by, at, reviewer=name, until=ends_at.date().isoformat())
    return token


def withdraw(link: ReviewLink, *, by: User, at: datetime) -> None:
    """The link stops working. A second time changes nothing; raises `Conflict` when it was used."""
    if link.used_at is not None:
        raise Conflict(_("The reviewer has decided already."))
    still = (ReviewLink.id == link.id, ReviewLink.withdrawn_at.is_(None), ReviewLink.used_at.is_(None))
    if changed(update(ReviewLink).where(*still).values(withdrawn_at=at)):
        db.session.refresh(link)
        telling.tell("approval.reviewer_withdrawn", link.request, by, at, reviewer=link.name)


def look(token: str, at: datetime) -> ReviewLink:
    """The link behind a token, if it still works; raises `Gone` with the reason, and tells nothing else."""
    link = db.session.scalar(select(ReviewLink).where(ReviewLink.token_hash == tokens.hash_of(token)))
    if link is None:
        raise Gone(_("This link does not work"), _("Ask whoever sent it to you for a new one."))
    state = link.state(at)
    if state == "open" and why_not(link.request, link.made_by):
        state = "withdrawn"  # who handed it on could not decide himself any more
    if state != "open":
        raise _over(state)
    return link


def decide(token: str, kind: DecisionKind, *, seen: str, note: str, at: datetime) -> ApprovalDecision:
    """What the reviewer says. Of two at once, one counts. Raises `Gone`, `Moved`, `Invalid` (no reason given)."""
    link = look(token, at)
    still = (ReviewLink.id == link.id, ReviewLink.used_at.is_(None), ReviewLink.withdrawn_at.is_(None))
    act = deciding.approve if kind is DecisionKind.APPROVE else deciding.reject
    decision = act(link.request, by=link.made_by, seen=seen, note=note, at=at, link=link)
    if not changed(update(ReviewLink).where(*still, ReviewLink.ends_at > at).values(used_at=at)):
        raise _over("used")
    db.session.refresh(link)
    return decision


def _over(state: str) -> Gone:
    words = {
        "used": _("This was decided, thank you"),
        "withdrawn": _("This link was withdrawn"),
        "expired": _("This link has expired"),
        "over": _("This is not asked any more: it was changed, decided or withdrawn"),
    }
    return Gone(words[state], _("If you have questions, ask whoever sent you the link."))
