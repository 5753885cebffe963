"""What there is to see about handles: a fan's own, how each was proven, and where codes are heard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select

from commons.db import db
from community.channels.models import ChannelAccount
from community.handles.codes import NOT_HEARD
from community.handles.looking import MASTODON, WEIBO
from community.handles.models import HandleProof
from community.inbox.models import Interaction
from community.members.merging.likely import Likely
from community.members.models import Handle, Member
from community.members.roster import CIRCLE


@dataclass(frozen=True)
class Known:
    """A handle of a member, and how the member has proven it, oldest first; staff may have joined it without."""

    handle: Handle
    proofs: Sequence[HandleProof]


def handles_of(member: Member) -> list[Known]:
    """The member's handles on other channels."""
    others = [handle for handle in member.handles if handle.channel != CIRCLE]
    proofs = _proofs(member)
    return [Known(handle, proofs.get(handle.id, ())) for handle in others]


def contested(member: Member) -> Sequence[Handle]:
    """Handles that the member has proven and that belong to another member with an account."""
    mine = select(HandleProof.handle_id).where(HandleProof.member_id == member.id)
    query = select(Handle).join(Member, Member.id == Handle.member_id)
    query = query.where(Handle.id.in_(mine), Member.id != member.id, Member.user_id.is_not(None))
    return db.session.scalars(query.order_by(Handle.id)).all()


def likely(member: Member) -> list[Likely]:
    """Members with accounts of whom one has proven a handle that belongs to the other."""
    theirs = select(HandleProof.member_id).join(Handle, Handle.id == HandleProof.handle_id)
    owners = select(Handle.member_id).join(HandleProof, HandleProof.handle_id == Handle.id)
    others = select(Member).where(
        Member.id != member.id,
        Member.user_id.is_not(None),
        Member.id.in_(theirs.where(Handle.member_id == member.id))
        | Member.id.in_(owners.where(HandleProof.member_id == member.id)),
    )
    words = _l("One of the two has proven a handle that belongs to the other.")
    return [Likely(other, words) for other in db.session.scalars(others.order_by(Member.id))]


def heard_accounts() -> Sequence[ChannelAccount]:
    """The brand's accounts on networks whose inbox brings us something: there a code is seen."""
    brings = exists().where(Interaction.account_id == ChannelAccount.id)
    query = select(ChannelAccount).where(ChannelAccount.channel.not_in(NOT_HEARD), brings)
    return db.session.scalars(query.where(ChannelAccount.disconnected_at.is_(None)).order_by(ChannelAccount.id)).all()


def is_code_seen() -> bool:
    """Whether a code would be seen anywhere: on a network that brings us its posts, or on one where we look. One query."""
    brings = exists().where(Interaction.account_id == ChannelAccount.id)
    seen = ChannelAccount.channel.in_((MASTODON, WEIBO)) | (ChannelAccount.channel.not_in(NOT_HEARD) & brings)
    query = select(ChannelAccount.id).where(ChannelAccount.disconnected_at.is_(None), seen).limit(1)
    return db.session.scalar(query) is not None


def _proofs(member: Member) -> Mapping[int, Sequence[HandleProof]]:
    found: dict[int, list[HandleProof]] = defaultdict(list)
    query = select(HandleProof).where(HandleProof.member_id == member.id).order_by(HandleProof.id)
    for proof in db.session.scalars(query):
        found[proof.handle_id].append(proof)
    return found
