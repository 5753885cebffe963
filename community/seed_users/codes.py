"""Invitation codes: made by the team, found by what people type, revoked."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update

from commons import events
from commons.accounts.models import User
from commons.db import ALPHABET, changed, db, insert_new, random_id
from commons.errors import Conflict, DomainError, Gone, Invalid
from commons.events import Evidence
from commons.web import absolute_url
from community.notices.telling import tell
from community.seed_users.models import CODE_LENGTH, CodeState, InvitationCode, SeedUser
from community.seed_users.naming import PLACE

MOST_AT_ONCE = 50
MOST_USES = 1000


class UnknownCode(Invalid):
    """Nobody gave such a code out."""


class CodeOver(Gone):
    """It was a code: used up, expired, revoked, or of somebody who no longer invites."""


def issue(
    seed: SeedUser, number: int, most: int, *, by: User, at: datetime, until: datetime | None = None
) -> list[InvitationCode]:
    """Give the seed user so many new codes for `most` people each; the member is told."""
    if not seed.is_running:
        raise Conflict(_("This person is no longer a seed user."), _("Name the person again first."))
    if not (1 <= number <= MOST_AT_ONCE and 1 <= most <= MOST_USES):
        raise Invalid(
            _("At most %(codes)s codes at once, for %(uses)s people each.", codes=MOST_AT_ONCE, uses=MOST_USES)
        )
    if until is not None and until <= at:
        raise Invalid(_("The last day is over already."))
    made = [_make(seed, most, until, by, at) for _number in range(number)]
    payload = {"number": number, "most": most}
    key = f"seed_user.codes_given:{made[0].public_id}"
    _track("seed_user.codes_given", seed, by, at, key, payload)
    told = f"invitation.codes:{made[0].public_id}"
    tell(seed.member_id, "invitation.codes", key=told, at=at, url=PLACE, details={"number": number})
    return made


def revoke(code: InvitationCode, *, by: User, at: datetime) -> None:
    """Nobody can use it any more; who came by it stays. Twice is once."""
    values = {"revoked_at": at, "revoked_by_id": by.id}
    mine = (InvitationCode.id == code.id, InvitationCode.revoked_at.is_(None))
    revoked = changed(update(InvitationCode).where(*mine).values(**values))
    db.session.refresh(code)
    if revoked:
        key = f"seed_user.code_revoked:{code.public_id}"
        _track("seed_user.code_revoked", code.seed_user, by, at, key, {"code": code.shown})


def normal(typed: str) -> str:
    """What somebody typed or pasted, as codes are kept: small letters and digits, without hyphens and blanks."""
    plain = unicodedata.normalize("NFKC", typed).lower()
    return "".join(character for character in plain if character.isalnum())


def find(typed: str) -> InvitationCode | None:
    """The code that somebody means, in whatever state."""
    code = normal(typed)
    if len(code) != CODE_LENGTH or not set(code) <= set(ALPHABET):
        return None
    return db.session.scalars(select(InvitationCode).where(InvitationCode.code == code)).one_or_none()


def usable(typed: str, at: datetime) -> InvitationCode:
    """The code, if somebody could come by it now; `UnknownCode`, `CodeOver`."""
    code = find(typed)
    if code is None:
        raise UnknownCode(_("There is no such invitation code."), _("Look at each letter once more."))
    if code.state(at) is not CodeState.OPEN:
        raise over(code, at)
    return code


def over(code: InvitationCode, at: datetime) -> DomainError:
    """Why it cannot be used at that moment, in words."""
    words = {
        CodeState.USED_UP: _("This invitation code has been used up."),
        CodeState.EXPIRED: _("This invitation code has expired."),
        CodeState.REVOKED: _("This invitation code has been withdrawn."),
        CodeState.ENDED: _("Who gave this code out no longer invites."),
    }
    return CodeOver(
        words.get(code.state(at), _("This invitation code cannot be used.")),
        _("Ask who gave it to you for another one, or sign up without a code."),
    )


def of_seed_user(seed: SeedUser) -> Sequence[InvitationCode]:
    """All codes of one time as a seed user, the newest first."""
    query = select(InvitationCode).where(InvitationCode.seed_user_id == seed.id)
    return db.session.scalars(query.order_by(InvitationCode.id.desc())).all()


def address_of(code: InvitationCode) -> str:
    """The link that says the code by itself."""
    return absolute_url("invitations.look", code=code.code)


def _make(seed: SeedUser, most: int, until: datetime | None, by: User, at: datetime) -> InvitationCode:
    row = {
        "public_id": random_id(), "seed_user_id": seed.id, "code": random_id(CODE_LENGTH), "most": most, "used": 0,
        "expires_at": until, "made_at": at, "made_by_id": by.id,
    }  # fmt: skip
    code_id = insert_new(InvitationCode, row)
    return db.session.get_one(InvitationCode, code_id) if code_id is not None else _make(seed, most, until, by, at)


def _track(kind: str, seed: SeedUser, by: User, at: datetime, key: str, payload: Mapping[str, object]) -> None:
    events.track(
        kind,
        key=key,
        at=at,
        member_id=seed.member_id,
        actor_id=by.id,
        subject=seed,
        evidence=Evidence.STAFF,
        payload=payload,
    )
