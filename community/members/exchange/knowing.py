"""Whom the rows of a list mean: members found by their id, their mail address or a handle, looked up once for many rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from commons.accounts.models import User
from commons.db import db
from commons.sheets.columns import plain
from community.channels.protocol import known as known_channels
from community.members.exchange.models import AwaitedMail
from community.members.exchange.understanding import Context, Meant
from community.members.models import Handle, Member
from community.members.profiles import choices, consents, wording
from community.members.profiles.models import Answer, Consent, Field, Purpose
from community.members.roster import CIRCLE
from community.members.tags.models import Tag
from community.members.tags.tagging import tags_of

IN_ONE_QUERY = 500

Item = TypeVar("Item")


@dataclass
class Known:
    """What there is of all that the rows name."""

    by_id: Mapping[str, Member] = field(default_factory=dict)
    by_mail: Mapping[str, Member] = field(default_factory=dict)
    staff_mails: frozenset[str] = frozenset()
    handles: Mapping[tuple[str, str], Handle] = field(default_factory=dict)
    mails: Mapping[int, str] = field(default_factory=dict)
    tags: Mapping[int, Sequence[Tag]] = field(default_factory=dict)
    told: Mapping[int, frozenset[Field]] = field(default_factory=dict)
    allowed: frozenset[int] = frozenset()
    asked_before: frozenset[int] = frozenset()
    asked_for_mail: frozenset[int] = frozenset()


def context(by: User, at: datetime) -> Context:
    """What the cells of a list are read against, when `by` brings it in."""
    channels = {channel.name for channel in known_channels()} | {CIRCLE}
    return Context(by.zone, frozenset(channels), at, _answer_words())


def look_up(meanings: Sequence[Meant], by: User) -> Known:
    """Everything that the rows name, as far as `by` may see it."""
    by_mail, staff = _by_mail([meant.mail for meant in meanings if meant.mail], by)
    by_id = {
        member.public_id: member for member in _members(Member.public_id, [meant.member_id for meant in meanings], by)
    }
    handles = {
        (handle.channel, handle.external_id): handle
        for handle in _handles({one for meant in meanings for one in meant.handles})
    }
    members = {member.id for member in (*by_id.values(), *by_mail.values())}
    members |= {handle.member_id for handle in handles.values() if handle.member_id is not None}
    return Known(
        by_id, by_mail, staff, handles, _mails(members), tags_of(members), _told(members),
        *_consents(members),
    )  # fmt: skip


def _by_mail(mails: Sequence[str], by: User) -> tuple[dict[str, Member], frozenset[str]]:
    """Members by the address of their account, or by the one that awaits them; and the addresses of staff."""
    found, staff = dict[str, Member](), set[str]()
    for some in _pieces(mails):
        awaited = select(AwaitedMail).where(AwaitedMail.mail.in_(some)).options(joinedload(AwaitedMail.member))
        found |= {one.mail: one.member for one in db.session.scalars(awaited)}
        accounts = db.session.scalars(select(User).where(User.email.in_(some))).all()
        staff |= {user.email for user in accounts if user.is_staff and user.email}
        owners = {user.email: (user.leads_to or user).id for user in accounts if user.email}
        mine = Member.visible_to(by).where(Member.user_id.in_(owners.values()))
        members = {member.user_id: member for member in db.session.scalars(mine)}
        found |= {mail: members[owner] for mail, owner in owners.items() if owner in members}
    return found, frozenset(staff)


def _members(column: Any, values: Iterable[str], by: User) -> Iterator[Member]:
    for some in _pieces([value for value in values if value]):
        query = Member.visible_to(by).options(selectinload(Member.handles), joinedload(Member.user))
        yield from db.session.scalars(query.where(column.in_(some)))


def _handles(wanted: set[tuple[str, str]]) -> Iterator[Handle]:
    for some in _pieces([account for _channel, account in wanted]):
        query = select(Handle).where(Handle.external_id.in_(some)).options(joinedload(Handle.member))
        yield from (one for one in db.session.scalars(query) if (one.channel, one.external_id) in wanted)


def _mails(member_ids: set[int]) -> dict[int, str]:
    """The address of each member, wherever it stands."""
    found: dict[int, str] = {}
    for some in _pieces(sorted(member_ids)):
        awaited = select(AwaitedMail.member_id, AwaitedMail.mail).where(AwaitedMail.member_id.in_(some))
        accounts = select(Member.id, User.email).join(User, User.id == Member.user_id).where(Member.id.in_(some))
        found |= dict(db.session.execute(awaited).all()) | {
            member_id: mail for member_id, mail in db.session.execute(accounts) if mail
        }
    return found


def _told(member_ids: set[int]) -> dict[int, frozenset[Field]]:
    """Of each member the fields of which something is known."""
    found: dict[int, set[Field]] = defaultdict(set)
    for some in _pieces(sorted(member_ids)):
        for member_id, of in db.session.execute(
            select(Answer.member_id, Answer.field).where(Answer.member_id.in_(some))
        ):
            found[member_id].add(of)
    return {member_id: frozenset(fields) for member_id, fields in found.items()}


def _consents(member_ids: set[int]) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
    """Who allows that answers are kept, who has ever said anything about that, and who about being written to."""
    allowed, asked = set[int](), {Purpose.PROFILE: set[int](), Purpose.MAIL: set[int]()}
    for some in _pieces(sorted(member_ids)):
        may = select(Member.id).where(Member.id.in_(some), consents.allows(Member.id, Purpose.PROFILE))
        allowed |= set(db.session.scalars(may))
        history = select(Consent.purpose, Consent.member_id).where(Consent.member_id.in_(some))
        for purpose, member_id in db.session.execute(history.where(Consent.purpose.in_(asked))):
            asked[purpose].add(member_id)
    return frozenset(allowed), frozenset(asked[Purpose.PROFILE]), frozenset(asked[Purpose.MAIL])


@cache
def _answer_words() -> dict[Field, dict[str, str]]:
    """Every answer by its code and by its words in both languages."""
    return {
        of: {
            plain(word): value for value, label in values.items() for word in (value, *wording.in_both(label).values())
        }
        for of, values in choices.VALUES.items()
    }


def _pieces(values: Iterable[Item]) -> Iterator[list[Item]]:
    every = list(dict.fromkeys(values))
    for start in range(0, len(every), IN_ONE_QUERY):
        yield every[start : start + IN_ONE_QUERY]
