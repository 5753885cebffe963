"""Signed-in browsers: a random token in the session cookie, a row behind it that can be ended from anywhere."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask, Response, g, request, session
from flask_limiter.util import get_remote_address
from flask_login import AnonymousUserMixin, current_user
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from commons import clock
from commons.accounts import tokens
from commons.accounts.models import SignIn, User
from commons.db import db
from commons.extensions import login_manager
from commons.permissions import Permission

FAN_IDLE = timedelta(days=60)
STAFF_IDLE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=10)
FRESH_FOR = timedelta(minutes=15)

_kept_keys: set[str] = {"language"}


class Anonymous(AnonymousUserMixin):  # type: ignore[misc]
    """A visitor who is not signed in: may do nothing that needs a permission."""

    id = None
    public_id = None
    name = ""
    email = None
    language = None
    zone = None
    is_staff = False

    def can(self, permission: Permission) -> bool:
        return False


def keep_across_sign_in(key: str) -> None:
    """Let the session key `key` survive the rotation at sign-in, such as the link somebody came by."""
    _kept_keys.add(key)


def open_sign_in(user: User, at: datetime, browser: str, address: str = "") -> str:
    """Make the row of a newly signed-in browser; the token that the session cookie must carry."""
    token = tokens.fresh()
    sign_in = SignIn(
        user=user,
        token_hash=tokens.hash_of(token),
        browser=browser[:200],
        address=address if user.is_staff else "",
        started_at=at,
        seen_at=at,
    )
    db.session.add(sign_in)
    db.session.flush()
    return token


def begin(user: User, at: datetime, browser: str) -> str:
    """Sign this browser in under a fresh session: what an earlier visitor left in it is gone."""
    end_this(at)
    kept = {key: session[key] for key in _kept_keys if key in session}
    if user.language:
        kept.pop("language", None)
    session.clear()
    session.update(kept)
    token = open_sign_in(user, at, browser, get_remote_address())
    session.permanent = True
    session["sign_in"] = token
    session["staff"] = user.is_staff
    session["user_id"] = user.leads_to_id or user.id  # who this is, for what must not ask the database (a redirect)
    _forget_user()
    return token


def end_this(at: datetime) -> None:
    """Sign this browser out, whoever sits in front of it."""
    sign_in = _sign_in_of(session.get("sign_in"))
    if sign_in is not None:
        end(sign_in, at)


def leave(at: datetime) -> None:
    """Sign this browser out and empty its session, all but the visitor's choices."""
    end_this(at)
    language = current_user.language or session.get("language")
    session.clear()
    if language:
        session["language"] = language
    _forget_user()


def end(sign_in: SignIn, at: datetime) -> None:
    """That browser is signed out with its next request. Ending an ended one changes nothing."""
    if sign_in.ended_at is None:
        sign_in.ended_at = at
        db.session.flush()


def end_all(user: User, at: datetime, but: SignIn | None = None) -> None:
    """Sign the person out everywhere, `but` in one browser if given."""
    query = update(SignIn).where(is_of(user), SignIn.ended_at.is_(None)).values(ended_at=at)
    db.session.execute(query if but is None else query.where(SignIn.id != but.id))


def open_of(user: User, at: datetime) -> list[SignIn]:
    """The browsers in which the person is signed in, latest seen first."""
    query = select(SignIn).where(is_of(user), SignIn.ended_at.is_(None))
    found = db.session.scalars(query.order_by(SignIn.seen_at.desc(), SignIn.id.desc()))
    return [sign_in for sign_in in found if not _is_idle(sign_in, at)]


def is_of(user: User) -> ColumnElement[bool]:
    """Whether a sign-in is the person's, by this account or by one that leads to it."""
    return SignIn.user_id.in_(select(User.id).where((User.id == user.id) | (User.leads_to_id == user.id)))


def came_as() -> int | None:
    """The id of the account with which the visitor signed in, where it leads to another one; None otherwise."""
    return g.get("came_as") if current_user and current_user.is_authenticated else None


def last_address(user_id: int | None) -> str:
    """Where a member of staff was last seen signed in; empty for anybody else."""
    query = select(SignIn.address).where(SignIn.user_id == user_id, SignIn.address != "")
    return db.session.scalars(query.order_by(SignIn.seen_at.desc()).limit(1)).first() or ""


def this_sign_in() -> SignIn | None:
    """The row of the browser that sent this request, if it is signed in."""
    return _sign_in_of(session.get("sign_in")) if current_user.is_authenticated else None


def is_fresh(at: datetime) -> bool:
    """Whether the person has signed in here just now: what counts for whoever has no password to type again."""
    sign_in = this_sign_in()
    return sign_in is not None and at - sign_in.started_at < FRESH_FOR


def init_app(app: Flask) -> None:
    app.config["PERMANENT_SESSION_LIFETIME"] = FAN_IDLE
    # Written with every answer, a slow one would set back what a quicker one has just put into the session.
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    login_manager.anonymous_user = Anonymous
    login_manager.session_protection = None
    login_manager.request_loader(_load_user)
    app.after_request(_note_seen)


def _load_user(_request: object) -> User | None:
    """The account whose sign-in the session cookie names, as long as both hold."""
    sign_in = _sign_in_of(session.get("sign_in"))
    at = clock.now()
    if sign_in is None or sign_in.ended_at is not None or not sign_in.user.is_active or _is_idle(sign_in, at):
        return None
    person = sign_in.user.leads_to or sign_in.user
    if not person.is_active:
        return None
    if at - sign_in.seen_at >= SEEN_EVERY:
        g.seen = (sign_in.id, at, get_remote_address() if sign_in.user.is_staff else "")
    g.came_as = sign_in.user_id if person is not sign_in.user else None
    return person


def _sign_in_of(token: object) -> SignIn | None:
    if not isinstance(token, str) or not token:
        return None
    return db.session.scalars(select(SignIn).where(SignIn.token_hash == tokens.hash_of(token))).one_or_none()


def _is_idle(sign_in: SignIn, at: datetime) -> bool:
    return at - sign_in.seen_at > (STAFF_IDLE if sign_in.user.is_staff else FAN_IDLE)


def _note_seen(response: Response) -> Response:
    """Write down, now and then, that the browser was here: on a connection of its own, so that reading stays reading."""
    sign_in_id, at, address = g.pop("seen", (None, None, ""))
    if sign_in_id is None or request.method not in {"GET", "HEAD"}:
        return response
    session.modified = True  # the cookie lives as long again
    try:
        with Session(db.engine, join_transaction_mode="create_savepoint") as own, own.begin():
            own.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=at, address=address))
    except OperationalError:
        pass  # the database is busy writing; the next request tries again
    return response


def _forget_user() -> None:
    g.pop("_login_user", None)
