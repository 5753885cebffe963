"""The signs that this room sees in what is stored: mailboxes, handles, invitations, rings, minutes of acting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import aliased

from campaigns.participation.models import MissionFact
from campaigns.participation.persons.signs import MOST_IN_ONE_PLACE, Sighting, same_minutes, shared
from campaigns.planning.models import Campaign, Mission
from commons import bulk
from commons.accounts.models import User
from commons.db import db
from community.handles.models import HandleProof
from community.loyalty.watching.models import Outcome, Sign, SuspectMember, Suspicion
from community.members.models import Handle, Member
from community.seed_users.models import Acceptance

SOON = timedelta(hours=1)


def mailboxes(member_ids: Collection[int]) -> Iterator[Sighting]:
    """Confirmed addresses that reach one mailbox: they differ only by what stands after a plus sign."""
    query = select(Member.id, User.email).join(User, User.id == Member.user_id)
    query = query.where(bulk.among(Member.id, member_ids), User.confirmed_at.is_not(None), User.email.is_not(None))
    boxes: dict[str, list[int]] = defaultdict(list)
    for member_id, email in db.session.execute(query):
        name, _at, domain = (email or "").lower().rpartition("@")
        boxes[f"{name.partition('+')[0]}@{domain}"].append(member_id)
    yield from shared("mailbox", boxes.values())


def handles(member_ids: Collection[int]) -> Iterator[Sighting]:
    """One handle that several accounts have proven to be theirs, one after the other."""
    query = select(HandleProof.handle_id, HandleProof.member_id, Handle.channel, Handle.name)
    query = query.join(Handle, Handle.id == HandleProof.handle_id).where(bulk.among(HandleProof.member_id, member_ids))
    proven: dict[int, set[int]] = defaultdict(set)
    names: dict[int, dict[str, str]] = {}
    for handle_id, member_id, channel, name in db.session.execute(query):
        proven[handle_id].add(member_id)
        names[handle_id] = {"channel": channel, "name": name}
    for handle_id, members in proven.items():
        if len(members) > 1:
            yield Sighting("handle", tuple(sorted(members)), names[handle_id])


def invitations(member_ids: Collection[int]) -> Iterator[Sighting]:
    """Accounts that came by the invitation of one that was itself made within the hour: an account that calls in the next."""
    inviter, invited = aliased(Member), aliased(Member)
    query = select(inviter.id, invited.id, inviter.joined_at, invited.joined_at).join(
        Acceptance, Acceptance.inviter_id == inviter.id
    )
    query = query.join(invited, invited.id == Acceptance.member_id).where(bulk.among(invited.id, member_ids))
    known, called_in = set(member_ids), defaultdict[int, list[int]](list)
    for inviter_id, invited_id, first, second in db.session.execute(query):
        if inviter_id in known and abs(second - first) <= SOON:
            called_in[inviter_id].append(invited_id)
    for inviter_id, members in called_in.items():
        if len(members) < MOST_IN_ONE_PLACE:
            yield Sighting("invitations", (inviter_id, *sorted(members)), {"times": len(members)})


def rings(member_ids: Collection[int]) -> Iterator[Sighting]:
    """Small rings that feed each other, as the watch over points has found them and nobody has let pass."""
    query = select(SuspectMember.suspicion_id, SuspectMember.member_id).join(
        Suspicion, Suspicion.id == SuspectMember.suspicion_id
    )
    query = query.where(Suspicion.sign == Sign.RING, Suspicion.outcome != Outcome.PASSED)
    found: dict[int, list[int]] = defaultdict(list)
    for suspicion_id, member_id in db.session.execute(query.where(bulk.among(SuspectMember.member_id, member_ids))):
        found[suspicion_id].append(member_id)
    yield from shared("ring", found.values())


def minutes(campaign: Campaign) -> Iterator[Sighting]:
    """Members who do the missions of the campaign in the same minutes."""
    query = select(MissionFact.member_id, MissionFact.occurred_at).join(Mission, Mission.id == MissionFact.mission_id)
    rows = db.session.execute(query.where(Mission.campaign_id == campaign.id))
    yield from same_minutes((member_id, int(at.timestamp()) // 60) for member_id, at in rows)
