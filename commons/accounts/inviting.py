"""Staff come by invitation: one address, one role, a link that works once."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update

from commons import events
from commons.accounts import addresses, letters, signing_up, tokens
from commons.accounts.models import Invitation, User
from commons.accounts.passwords import hash_password
from commons.db import db
from commons.errors import Conflict, Gone, Invalid
from commons.permissions import Role

LIFETIME = timedelta(days=7)


def invite(email: str, role: Role, by: User | None, at: datetime) -> str:
    """Mail an invitation; the token in its link. An earlier one for the address stops working.

    `by` is None on the command line. Raises `Invalid` for a role that is none of staff, `Conflict` for an address with an account.
    """
    email = addresses.normal(email)
    if not role.is_staff:
        raise Invalid(_("Choose one of the staff roles."))
    _refuse_taken(email)
    _withdraw_earlier(email, at)
    invitation = Invitation(email=email, role=role, invited_by=by, invited_at=at)
    token = _arm(invitation, at)
    db.session.add(invitation)
    db.session.flush()
    _track("staff.invited", invitation, by, at)
    letters.invitation(invitation, token, at)
    return token


def send_again(invitation: Invitation, by: User, at: datetime) -> str:
    """A fresh link for an invitation that was not taken up; the old link stops working."""
    if invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        raise Gone(_("This invitation is over."), _("Invite the person anew."))
    _refuse_taken(invitation.email)
    invitation.invited_at = at
    token = _arm(invitation, at)
    db.session.flush()
    _track("staff.invited_again", invitation, by, at)
    letters.invitation(invitation, token, at)
    return token


def withdraw(invitation: Invitation, by: User, at: datetime) -> None:
    """The link stops working. A second time changes nothing; raises `Conflict` when it was taken up already."""
    if invitation.accepted_at is not None:
        raise Conflict(_("The invitation was accepted in the meantime."), _("You can end the person's access instead."))
    if invitation.withdrawn_at is None:
        invitation.withdrawn_at = at
        db.session.flush()
        _track("staff.invitation_withdrawn", invitation, by, at)


def look(token: str, at: datetime) -> Invitation:
    """The invitation behind a link that still works; raises `Gone`."""
    invitation = db.session.scalars(
        select(Invitation).where(Invitation.token_hash == tokens.hash_of(token))
    ).one_or_none()
    if invitation is None or not invitation.is_open(at):
        raise _gone()
    return invitation


def accept(token: str, name: str, password: str, at: datetime, language: str | None = None) -> User:
    """Make the staff account; its address is proven by the link. Raises `Gone`, `Conflict`."""
    invitation = look(token, at)
    still_open = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.expires_at > at)
    taken = db.session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id, *still_open)
        .values(accepted_at=at)
        .returning(Invitation.id)
    ).scalar()
    if taken is None:
        raise _gone()
    user = _make(invitation, name, password, at, language)
    invitation.user_id = user.id
    db.session.flush()
    events.track(
        "staff.joined",
        key=f"staff.joined:{user.public_id}",
        at=at,
        actor_id=user.id,
        subject=user,
        payload={"role": invitation.role},
    )
    return user


def _make(invitation: Invitation, name: str, password: str, at: datetime, language: str | None) -> User:
    owner = signing_up.account_of(invitation.email)
    if owner is not None and not signing_up.give_way(owner, at):
        raise Conflict(_("There is already an account with this email address."), _("Sign in with it."))
    user = User(email=invitation.email, name=name, role=invitation.role, language=language)
    user.created_at = user.confirmed_at = at
    user.password_hash = hash_password(password)
    db.session.add(user)
    db.session.flush()
    return user


def _arm(invitation: Invitation, at: datetime) -> str:
    token = tokens.fresh()
    invitation.token_hash = tokens.hash_of(token)
    invitation.expires_at = at + LIFETIME
    return token


def _refuse_taken(email: str) -> None:
    user = signing_up.account_of(email)
    if user is None or user.confirmed_at is None:
        return
    if user.is_staff and user.ended_at is not None:
        raise Conflict(
            _("This address belongs to a former colleague."), _("Give that account its access back instead.")
        )
    if user.is_staff:
        raise Conflict(_("This address belongs to a colleague already."))
    raise Conflict(
        _("This address belongs to a fan's account."), _("Ask for another address, a work address for example.")
    )


def _withdraw_earlier(email: str, at: datetime) -> None:
    earlier = (Invitation.email == email, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    db.session.execute(update(Invitation).where(*earlier).values(withdrawn_at=at))


def _track(kind: str, invitation: Invitation, by: User | None, at: datetime) -> None:
    payload = {"email": addresses.masked(invitation.email), "role": invitation.role}
    key = f"{kind}:{invitation.public_id}:{at.timestamp():.6f}"
    events.track(kind, key=key, at=at, actor_id=by.id if by else None, subject=invitation, payload=payload)


def _gone() -> Gone:
    return Gone(
        _("This invitation has been used, withdrawn, or is too old"), _("Ask the person who invited you for a new one.")
    )
