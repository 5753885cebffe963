"""The browsers that take a member's notices: asked for by a click, listed, removed, and over with their sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select

from commons.accounts import sessions
from commons.accounts.models import SignIn
from commons.db import changed, db, insert_new, random_id
from commons.errors import Conflict
from community.members.models import Member
from community.notices.push.addresses import Address, checked
from community.notices.push.models import PushBrowser

# More browsers than a person has; the one that was asked first makes room.
MOST = 10


def subscribe(member: Member, sign_in: SignIn, given: Address, agent: str, at: datetime) -> PushBrowser:
    """From now on the browser takes the member's notices, and nobody else's. Twice is once.

    Raises `Invalid` for an address that cannot be used, and `Conflict` for one that is known with other keys: a browser keeps
    its keys as long as its address, so that is somebody else.
    """
    address = checked(given)
    query = select(PushBrowser).where(PushBrowser.mark == address.mark)
    row = {"public_id": random_id(), "member_id": member.id, "sign_in_id": sign_in.id, "mark": address.mark}
    insert_new(PushBrowser, {**row, "address": address.kept(), "agent": agent[:200], "made_at": at})
    browser = db.session.scalars(query.with_for_update()).one()
    if Address.of(browser.address) != address:
        raise Conflict(_("This browser is known here with other keys."), _("Reload the page and try again."))
    if browser.member_id != member.id:
        browser.made_at, browser.reached_at = at, None
    browser.member_id, browser.sign_in_id = member.id, sign_in.id
    browser.agent, browser.misses = agent[:200], 0
    db.session.flush()
    _make_room(member, browser, at)
    return browser


def browsers_of(member: Member, at: datetime) -> Sequence[PushBrowser]:
    """Those that take the member's notices now, the newest first: still signed in as when they were asked."""
    if member.user is None or member.user.ended_at is not None:
        return []
    open_ones = [sign_in.id for sign_in in sessions.open_of(member.user, at)]
    query = select(PushBrowser).where(PushBrowser.member_id == member.id, PushBrowser.sign_in_id.in_(open_ones))
    return db.session.scalars(query.order_by(PushBrowser.made_at.desc(), PushBrowser.id.desc())).all()


def takes(browser: PushBrowser, at: datetime) -> bool:
    """Whether the browser still takes the notices of its member."""
    return any(one.id == browser.id for one in browsers_of(browser.member, at))


def remove(browser: PushBrowser) -> None:
    """Nothing is sent there any more, and the address is forgotten."""
    db.session.delete(browser)
    db.session.flush()


def forget_over(at: datetime) -> int:
    """Remove the browsers whose sign-in has ended or was not seen for too long; how many."""
    gone = select(SignIn.id).where((SignIn.ended_at.is_not(None)) | (SignIn.seen_at < at - sessions.FAN_IDLE))
    return changed(delete(PushBrowser).where(PushBrowser.sign_in_id.in_(gone)))


def _make_room(member: Member, newest: PushBrowser, at: datetime) -> None:
    for browser in browsers_of(member, at)[MOST:]:
        if browser.id != newest.id:
            db.session.delete(browser)
    db.session.flush()
