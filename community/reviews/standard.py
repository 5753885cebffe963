"""The content standard: which version holds, which clause is meant by a number, and how a new version comes about.

Other rooms cite it with `clause_named("2.1")`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from commons import events
from commons.accounts.models import User
from commons.db import db, insert_new, random_id
from commons.errors import Conflict, Invalid
from commons.events import Evidence
from commons.i18n import Words
from community.reviews import fairness
from community.reviews.clauses import CLAUSES, FIRST_NOTE
from community.reviews.models import Clause, StandardVersion

MOST_CLAUSES = 60


@dataclass(frozen=True)
class Wording:
    """What a clause says."""

    number: str
    title: Words
    text: Words
    grounds: bool


def prepare(at: datetime) -> None:
    """Put the usual standard in force where there is none. Safe to repeat."""
    if db.session.scalars(select(StandardVersion.id).limit(1)).first() is not None:
        return
    version = StandardVersion(number=1, note=FIRST_NOTE, created_at=at, published_at=at)
    version.clauses = [
        Clause(number=one.number, position=_place(one.number), title=one.title, text=one.text, grounds=one.grounds)
        for one in CLAUSES
    ]
    db.session.add(version)
    db.session.flush()


def current() -> StandardVersion:
    """The version in force."""
    version = _in_force(None)
    assert version is not None, "`prepare` puts one in force"
    return version


def clause_named(number: str, at: datetime | None = None) -> Clause | None:
    """The clause that a number means now (or meant `at` some moment); None when the standard has no such clause."""
    version = _in_force(at)
    if version is None:
        return None
    return next((clause for clause in version.clauses if clause.number == number.strip()), None)


def titles() -> dict[str, Words]:
    """What the clauses in force are called, by number; one that was struck since is not among them."""
    return {clause.number: clause.title for clause in current().clauses}


def grounds() -> list[Clause]:
    """The clauses that may be cited against somebody's words, in order."""
    return [clause for clause in current().clauses if clause.grounds]


def ground_named(number: str) -> Clause:
    """The clause to cite; `Invalid` where it is none, or one of our own promises."""
    clause = clause_named(number)
    if clause is None or not clause.grounds:
        raise Invalid(_("Name the clause of the standard that this breaks."), _("Choose one from the list."))
    return clause


def versions() -> Sequence[StandardVersion]:
    """What was ever in force, the newest first."""
    query = select(StandardVersion).where(StandardVersion.published_at.is_not(None))
    return db.session.scalars(query.order_by(StandardVersion.number.desc())).all()


def draft() -> StandardVersion | None:
    """What is being written, if anything is."""
    return db.session.scalars(select(StandardVersion).where(StandardVersion.published_at.is_(None))).one_or_none()


def begin(at: datetime) -> StandardVersion:
    """The draft; a new one starts as a copy of what is in force. Two who begin at once share it."""
    known = draft()
    if known is not None:
        return known
    base = current()
    row = {"public_id": random_id(), "number": base.number + 1, "note": Words("", ""), "created_at": at}
    if insert_new(StandardVersion, row) is not None:
        version = db.session.scalars(select(StandardVersion).where(StandardVersion.number == base.number + 1)).one()
        version.clauses = [
            Clause(number=one.number, position=one.position, title=one.title, text=one.text, grounds=one.grounds)
            for one in base.clauses
        ]
        db.session.flush()
    found = draft()
    if found is None:
        raise Conflict(_("Somebody has just published a new version."), _("Reload the page."))
    return found


def write(version: StandardVersion, wording: Wording, known: Clause | None = None) -> Clause:
    """Put a clause into the draft, or change `known`.

    `Invalid` for a number that is taken or is none, `Unfair` for a clause by which criticism could be refused for being criticism.
    """
    _check_open(version)
    fairness.check_clause(wording.title, wording.text, grounds=wording.grounds)
    place = _place(wording.number)
    if any(one.number == wording.number and one is not known for one in version.clauses):
        raise Invalid(_("There is a clause %(number)s already.", number=wording.number))
    if known is None and len(version.clauses) >= MOST_CLAUSES:
        raise Invalid(_("A standard of more than %(count)s clauses is read by nobody.", count=MOST_CLAUSES))
    clause = known or Clause()
    clause.number, clause.position = wording.number, place
    clause.title, clause.text, clause.grounds = wording.title, wording.text, wording.grounds
    if known is None:
        version.clauses.append(clause)
    db.session.flush()
    db.session.refresh(version, ["clauses"])
    return clause


def strike(clause: Clause) -> None:
    """Take a clause out of the draft."""
    version = clause.version
    _check_open(version)
    version.clauses.remove(clause)
    db.session.flush()


def discard(version: StandardVersion) -> None:
    """Throw the draft away; what is in force stays."""
    _check_open(version)
    db.session.delete(version)
    db.session.flush()


def publish(version: StandardVersion, note: Words, *, by: User, at: datetime) -> None:
    """Let the draft be in force from now on. What was decided keeps naming the clauses it was decided under. Twice is once."""
    if version.published_at is not None:
        return
    fairness.check_version(version)
    if not any(clause.grounds for clause in version.clauses):
        raise Invalid(_("A standard without a clause that can be cited decides nothing."))
    version.note, version.published_at, version.published_by_id = note, at, by.id
    db.session.flush()
    events.track(
        "standard.published",
        key=f"standard.published:{version.number}",
        at=at,
        actor_id=by.id,
        subject=version,
        evidence=Evidence.STAFF,
        payload={"number": version.number, "note": {"zh": note.zh, "en": note.en}},
    )


def _in_force(at: datetime | None) -> StandardVersion | None:
    """The version in force now, or `at` some moment."""
    query = select(StandardVersion).where(StandardVersion.published_at.is_not(None))
    if at is not None:
        query = query.where(StandardVersion.published_at <= at)
    return db.session.scalars(query.order_by(StandardVersion.number.desc()).limit(1)).first()


def _check_open(version: StandardVersion) -> None:
    if version.published_at is not None:
        raise Conflict(_("This version is in force and no longer changes."), _("Start a new draft."))


def _place(number: str) -> int:
    """Where a clause stands: 2.10 after 2.9."""
    parts = number.split(".")
    if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() and 0 < int(part) < 100 for part in parts):
        raise Invalid(_("A clause has a number such as 2.1."))
    main, second, third = ([int(part) for part in parts] + [0, 0])[:3]
    return (main * 100 + second) * 100 + third
