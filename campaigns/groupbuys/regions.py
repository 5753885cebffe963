"""Whom an offer is for, by the region that a fan tells in the own profile."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.groupbuys.models import GroupBuy
from commons.db import db
from commons.errors import NotAllowed
from community.members.models import Member
from community.members.profiles.choices import REGIONS
from community.members.profiles.models import Answer, Field


class Elsewhere(NotAllowed):
    """The offer is for fans of other regions, or the fan has not told any."""


def check(group_buy: GroupBuy, member: Member) -> None:
    """Raise `Elsewhere` when the offer is not for this member."""
    told = region_of(member)
    if told is None:
        raise Elsewhere(
            _("This offer is for fans in %(regions)s.", regions=words(group_buy)),
            _("Say in your profile where you live, then join."),
        )
    if told not in group_buy.regions:
        raise Elsewhere(
            _("This offer is for fans in %(regions)s.", regions=words(group_buy)),
            _("If you have moved, change the region in your profile."),
        )


def region_of(member: Member) -> str | None:
    """The code of the region that a member told, None without one."""
    query = select(Answer.value).where(Answer.member_id == member.id, Answer.field == Field.REGION)
    return db.session.scalar(query)


def words(group_buy: GroupBuy) -> str:
    """The regions by name, in the reader's language."""
    return str(_(", ")).join(str(REGIONS.get(code, code)) for code in group_buy.regions)


def is_known(codes: Sequence[str]) -> bool:
    return all(code in REGIONS for code in codes)
