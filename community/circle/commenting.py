"""Saying something under a post, and taking it back."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from http import HTTPStatus

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from commons import events
from commons.accounts.models import User
from commons.db import db
from commons.errors import DomainError, Invalid, NotAllowed
from commons.events import Event
from commons.permissions import Permission
from community.channels.accounts import circle_account
from community.channels.models import ChannelPost
from community.channels.protocol import Outgoing
from community.channels.wording import without_mark
from community.circle import answered
from community.circle.liking import account_id
from community.circle.wording import is_blank, length, tidy
from community.inbox.incoming import Incoming
from community.inbox.models import Interaction, InteractionKind
from community.inbox.receiving import receive
from community.members import bars, roster
from community.members.bars import Act
from community.members.models import Handle

MOST_CHARACTERS = 500
MOST_CODE_POINTS = 4000
MOST_A_MINUTE = 6
MOST_SAME, SAME_WITHIN = 3, timedelta(days=1)


class TooFast(DomainError):
    """Somebody writes faster than people do."""

    status = HTTPStatus.TOO_MANY_REQUESTS


def may_speak(user: User) -> bool:
    """Whether this account may say something in the circle: fans, and staff who speak for the brand."""
    return user.can(Permission.TAKE_PART) or user.can(Permission.BRAND_COMMENT)


def speaker(user: User, at: datetime) -> Handle | None:
    """The handle under which this account may speak in the circle: a fan's own, or the brand's; None: may not."""
    if user.can(Permission.BRAND_COMMENT):
        return roster.staff_handle(user, at)
    member = roster.member_of(user) if user.can(Permission.TAKE_PART) else None
    return roster.handle_of(member) if member is not None else None


def say(
    post: ChannelPost, by: Handle, text: str, at: datetime, *, key: str, reply_to: Interaction | None = None
) -> Interaction:
    """Put a comment under the post, or under the comment that `reply_to` belongs to.

    `key` names one filled-in form: sent twice with the same words it is one comment. `Invalid` for words nobody could
    read, too many of them or the same ones over and over, `TooFast` above `MOST_A_MINUTE`, `NotAllowed` for who is barred
    from speaking.
    """
    words = checked(text)
    external_id = _external_id(by, key, words)
    known = _comment(external_id)
    if known is not None:
        return known
    if by.member is not None:
        bars.check(by.member, Act.SPEAK, at)
    _refuse_haste(by, at)
    if not by.is_brand:
        _refuse_the_same(by, words, at)
    _receive(external_id, post, by, words, at, under=_root_of(reply_to))
    said = _comment(external_id)
    assert said is not None
    answered.tell_of(said)
    return said


def say_first(post: ChannelPost, outgoing: Outgoing, at: datetime) -> None:
    """The brand's own comment under a post that has just gone out, in the name of who wrote it. Twice is once.

    Its words were counted when the post was planned, and its author is in no haste: several posts may go out together.
    """
    author = db.session.get(User, outgoing.author_id) if outgoing.author_id else None
    words = tidy(without_mark(outgoing.first_comment))
    if author is None or is_blank(words):
        return
    by = roster.staff_handle(author, at)
    _receive(f"first:{post.external_id}", post, by, words, at)


def withdraw(comment: Interaction, by: Handle, at: datetime) -> None:
    """The author takes the comment back: its words are erased, its place stays. Twice is once.

    The fact names the fact it undoes (`said_event_id`), for whoever drew consequences from that.
    """
    if not by.is_same_person(comment.author):
        raise NotAllowed(_("Only who wrote a comment can withdraw it."))
    if comment.withdrawn_at is not None:
        return
    comment.withdrawn_at = at
    comment.text = ""
    events.track(
        "interaction.withdrawn",
        key=f"withdrawn:{comment.public_id}",
        at=at,
        member_id=by.member_id,
        actor_id=by.user_id,
        subject=comment,
        payload={"post_id": comment.post_id, "kind": comment.kind.value, "said_event_id": _fact_of(comment)},
    )


def checked(text: str) -> str:
    """The words as they will stand; `Invalid` when there is nothing to see, or more than `MOST_CHARACTERS`."""
    words = tidy(text)
    if is_blank(words):
        raise Invalid(_("Write something first."))
    over = length(words) - MOST_CHARACTERS
    if over > 0:
        raise Invalid(ngettext("That is %(num)s character too many.", "That is %(num)s characters too many.", over))
    if len(words) > MOST_CODE_POINTS:
        raise Invalid(_("This has too many joined characters to be shown."))
    return words


def _receive(
    external_id: str, post: ChannelPost, by: Handle, words: str, at: datetime, under: Interaction | None = None
) -> None:
    incoming = Incoming(
        external_id=external_id,
        kind=InteractionKind.COMMENT,
        author_external_id=by.external_id,
        author_name=by.name,
        occurred_at=at,
        text=words,
        post_external_id=post.external_id,
        parent_external_id=under.external_id if under is not None else None,
        author_user_id=by.user_id,
    )
    receive(circle_account(), [incoming], at)


def _refuse_haste(by: Handle, at: datetime) -> None:
    recent = select(func.count()).where(
        Interaction.author_id == by.id,
        Interaction.kind == InteractionKind.COMMENT,
        Interaction.occurred_at > at - timedelta(minutes=1),
        Interaction.occurred_at <= at,
    )
    if db.session.scalars(recent).one() >= MOST_A_MINUTE:
        raise TooFast(_("You are writing very fast. Wait a minute, then send it; your words stay here."))


def _refuse_the_same(by: Handle, words: str, at: datetime) -> None:
    """Short thanks and praise are said more than once a day; the same words a fourth time are no conversation."""
    said = select(func.count()).where(
        Interaction.author_id == by.id,
        Interaction.kind == InteractionKind.COMMENT,
        Interaction.text == words,
        Interaction.withdrawn_at.is_(None),
        Interaction.occurred_at > at - SAME_WITHIN,
        Interaction.occurred_at <= at,
    )
    if db.session.scalars(said).one() >= MOST_SAME:
        raise Invalid(_("You have already said exactly this. Add something new, or leave it at that."))


def _root_of(comment: Interaction | None) -> Interaction | None:
    return comment.parent if comment is not None and comment.parent is not None else comment


def _fact_of(comment: Interaction) -> int | None:
    key = f"interaction:{comment.account_id}:{comment.external_id}"
    return db.session.scalar(select(Event.id).where(Event.key == key))


def _external_id(by: Handle, key: str, words: str) -> str:
    """Named by form and words: going back and sending other words from the same form is another comment."""
    digest = hashlib.sha256(f"{by.public_id}\n{key}\n{words}".encode()).hexdigest()
    return f"comment:{digest[:32]}"


def _comment(external_id: str) -> Interaction | None:
    query = select(Interaction).where(Interaction.account_id == account_id(), Interaction.external_id == external_id)
    return db.session.scalar(query)
