"""The audit log: facts with an actor, read out in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from commons import zones
from commons.accounts.models import User
from commons.db import db
from commons.events import Event
from commons.i18n import Words, wall_clock_words
from commons.permissions import ROLE_WORDS, Role
from commons.slots import Slot

Sentences = Mapping[str, Any]

sentences: Slot[Callable[[], Sentences]] = Slot(
    "the words of a room's staff acts: kind of fact → lazy sentence with %(…)s"
)

ROLES = {"role", "former"}


@dataclass(frozen=True)
class Filter:
    """Which acts to show. Days are those of `zone`; `before` is the id that the page before ended with."""

    zone: str
    actor: User | None = None
    kind: str = ""
    first: date | None = None
    last: date | None = None
    before: int | None = None


@dataclass(frozen=True)
class Act:
    """One line of the log."""

    id: int
    kind: str
    at: datetime
    who: User | None
    words: str


def acts(chosen: Filter, limit: int) -> list[Act]:
    """At most `limit` acts that fit, newest first."""
    rows = db.session.execute(_query(chosen).limit(limit)).all()
    words = own_words()
    subjects = _subjects([event for event, _user in rows])
    return [Act(event.id, event.kind, event.occurred_at, user, say(event, words, subjects)) for event, user in rows]


def kinds() -> list[tuple[str, str]]:
    """Every kind of act that was ever written, with its words."""
    query = select(Event.kind).where(Event.actor_id.is_not(None)).group_by(Event.kind)
    words = own_words()
    return sorted((kind, _bare(str(words.get(kind, kind)))) for kind in db.session.scalars(query))


def actors() -> Sequence[User]:
    """Everybody who ever acted, by name."""
    query = select(User).where(User.id.in_(select(Event.actor_id).where(Event.actor_id.is_not(None))))
    return db.session.scalars(query.order_by(User.name, User.id)).all()


def say(event: Event, words: Sentences, subjects: Mapping[int, str]) -> str:
    """The sentence of one act; what it lacks is shown as a dash, and an act without sentence by its kind."""
    sentence = words.get(event.kind)
    if sentence is None:
        return event.kind
    told = _Told({name: _value(name, value) for name, value in event.payload.items()})
    if event.subject_type == User.__tablename__ and event.subject_id is not None:
        told["person"] = subjects.get(event.subject_id, "—")
    return _begun(sentence) % told


def own_words() -> dict[str, Any]:
    """All rooms' sentences together."""
    together: dict[str, Any] = {}
    for table in sentences:
        together.update(table())
    return together


@sentences.plug
def _of_administration() -> Sentences:
    return {
        "staff.signed_in": _l("Signed in"),
        "staff.password_changed": _l("Changed their own password"),
        "staff.invited": _l("Invited %(email)s as: %(role)s"),
        "staff.invited_again": _l("Sent the invitation to %(email)s again"),
        "staff.invitation_withdrawn": _l("Withdrew the invitation to %(email)s"),
        "staff.joined": _l("Joined the team as: %(role)s"),
        "staff.role_changed": _l("Changed the role of %(person)s from %(former)s to %(role)s"),
        "staff.access_ended": _l("Ended the access of %(person)s"),
        "staff.access_restored": _l("Gave %(person)s access again"),
        "account.erased": _l("Deleted their own account"),
        "account.identity_linked": _l("Linked %(provider)s as a way to sign in"),
        "account.identity_unlinked": _l("Unlinked %(provider)s as a way to sign in"),
        "brand.changed": _l("Changed the brand's settings"),
        "jobs.retried": _l("Had given-up background work tried again (%(count)s)"),
    }


class _Told(dict[str, Any]):
    """What a fact tells; where it tells nothing there is a dash."""

    def __missing__(self, key: str) -> str:
        return "—"


class _Dots(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def _bare(sentence: str) -> str:
    """A sentence as the name of a kind: its gaps as dots."""
    return _begun(sentence) % _Dots()


def _begun(sentence: Any) -> str:
    """A sentence as it stands in a line of its own: some rooms also say it in the middle of another."""
    words = str(sentence)
    return words[:1].upper() + words[1:]


def _value(name: str, value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"zh", "en"}:
        return Words(**value)
    if name == "wall_clock" and value:
        return wall_clock_words(str(value))
    return Role(value).label if name in ROLES and isinstance(value, str) and value in ROLE_WORDS else value


def _query(chosen: Filter) -> Select[Event, User | None]:
    query = select(Event, User).outerjoin(User, User.id == Event.actor_id).where(Event.actor_id.is_not(None))
    if chosen.actor is not None:
        query = query.where(Event.actor_id == chosen.actor.id)
    if chosen.kind:
        query = query.where(Event.kind == chosen.kind)
    if chosen.first is not None:
        query = query.where(Event.occurred_at >= zones.day_bounds(chosen.first, chosen.zone)[0])
    if chosen.last is not None:
        query = query.where(Event.occurred_at < zones.day_bounds(chosen.last, chosen.zone)[1])
    if chosen.before is not None:
        query = query.where(Event.id < chosen.before)
    return query.order_by(Event.id.desc())


def _subjects(events: Sequence[Event]) -> dict[int, str]:
    """Names of the accounts that the facts speak of."""
    ids = {event.subject_id for event in events if event.subject_type == User.__tablename__}
    return dict(db.session.execute(select(User.id, User.name).where(User.id.in_(ids))).all()) if ids else {}
