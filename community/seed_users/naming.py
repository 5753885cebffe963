"""Who is a seed user: the team names a member, says what the person knows about, and ends it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

import regex
from flask_babel import gettext as _
from sqlalchemy import func, select, update

from commons import events
from commons.accounts.models import User
from commons.db import changed, db, insert_new, random_id
from commons.errors import Conflict, Invalid
from commons.events import Evidence
from community.members.models import Member
from community.notices.telling import tell
from community.seed_users.models import SeedField, SeedUser

MOST_FIELDS = 5
LONGEST_FIELD = 24
PLACE = "/me/invitations"


class AlreadyNamed(Conflict):
    """The member is a seed user at the moment."""


def name(member: Member, fields: Iterable[str], note: str, *, by: User, at: datetime) -> SeedUser:
    """Make the member a seed user; the member is told. `AlreadyNamed`, or `Invalid` for fields that cannot be kept."""
    words = checked(fields)
    row = {"public_id": random_id(), "member_id": member.id, "note": note, "named_at": at, "named_by_id": by.id}
    seed_id = insert_new(SeedUser, row)
    if seed_id is None:
        raise AlreadyNamed(_("%(name)s is a seed user already.", name=member.name))
    seed = db.session.get_one(SeedUser, seed_id)
    seed.fields = [SeedField(word=word) for word in words]
    db.session.flush()
    _track("seed_user.named", seed, by, at, fields=", ".join(words))
    tell(member.id, "invitation.named", key=f"invitation.named:{seed.public_id}", at=at, url=PLACE)
    return seed


def describe(seed: SeedUser, fields: Iterable[str], note: str, *, by: User, at: datetime) -> None:
    """Other fields, another note. Nothing happens where nothing changes."""
    words = checked(fields)
    if words == seed.words and note == seed.note:
        return
    kept = {field.word: field for field in seed.fields}
    seed.fields = [kept.get(word) or SeedField(word=word) for word in words]
    seed.note = note
    db.session.flush()
    _track("seed_user.described", seed, by, at, fields=", ".join(words))


def end(seed: SeedUser, reason: str, *, by: User, at: datetime) -> None:
    """From now on the codes lead nowhere; who came by them stays. The member reads the reason. Twice is once."""
    values = {"ended_at": at, "ended_by_id": by.id, "end_reason": reason}
    ended = changed(update(SeedUser).where(SeedUser.id == seed.id, SeedUser.ended_at.is_(None)).values(**values))
    db.session.refresh(seed)
    if ended:
        _track("seed_user.ended", seed, by, at, reason=reason)
        key, details = f"invitation.ended:{seed.public_id}", {"reason": reason}
        tell(seed.member_id, "invitation.ended", key=key, at=at, url=PLACE, details=details)


def running(member: Member) -> SeedUser | None:
    """The time that runs now, if the member is a seed user."""
    return db.session.scalars(
        select(SeedUser).where(SeedUser.member_id == member.id, SeedUser.ended_at.is_(None))
    ).one_or_none()


def known_fields() -> Sequence[tuple[str, int]]:
    """Every field that seed users have at the moment, with how many have it, the most common first."""
    query = select(SeedField.word, func.count()).join(SeedUser, SeedUser.id == SeedField.seed_user_id)
    query = query.join(SeedUser.member).where(SeedUser.ended_at.is_(None), Member.counts()).group_by(SeedField.word)
    return [(word, count) for word, count in db.session.execute(query.order_by(func.count().desc(), SeedField.word))]


def checked(fields: Iterable[str]) -> list[str]:
    """Fields in their one spelling, each once, in order; `Invalid` for none, too many or too long ones."""
    words = list(dict.fromkeys(word for field in fields if (word := _clean(field))))
    if not words:
        raise Invalid(_("Name at least one field, such as tea or photography."))
    if len(words) > MOST_FIELDS:
        raise Invalid(_("At most %(most)s fields.", most=MOST_FIELDS))
    too_long = next((word for word in words if len(word) > LONGEST_FIELD), None)
    if too_long is not None:
        raise Invalid(_("“%(field)s…” is too long for a field.", field=too_long[:12]))
    return words


def _clean(field: str) -> str:
    """Full-width and composed letters become plain ones, what cannot be seen goes; letters are small."""
    plain = regex.sub(r"[\p{Cc}\p{Cf}]", "", unicodedata.normalize("NFKC", field))
    return " ".join(plain.split()).lower()


def _track(kind: str, seed: SeedUser, by: User, at: datetime, **more: str) -> None:
    events.track(
        kind,
        key=f"{kind}:{seed.public_id}:{at.isoformat()}",
        at=at,
        member_id=seed.member_id,
        actor_id=by.id,
        subject=seed,
        evidence=Evidence.STAFF,
        payload=more,
    )
