"""Seed users and their codes, made through the real verbs."""

from __future__ import annotations

from datetime import datetime, timedelta

from commons import clock
from commons.permissions import Role
from community.members.models import Member
from community.seed_users import accepting, codes, naming
from community.seed_users.models import Acceptance, InvitationCode, SeedUser
from tests.factories import make_fan, make_staff


def an_old_hand(name: str = "阿树", **changes: object) -> Member:
    """A fan who has been here for a month."""
    return make_fan(name, clock.now() - timedelta(days=30), **changes)


def make_seed(member: Member | None = None, *fields: str, note: str = "") -> SeedUser:
    by = make_staff(Role.CAMPAIGN_LEAD, "许乔")
    return naming.name(member or an_old_hand(), fields or ("茶",), note, by=by, at=clock.now())


def make_code(seed: SeedUser | None = None, most: int = 1, until: datetime | None = None) -> InvitationCode:
    by = make_staff(Role.CAMPAIGN_LEAD, "许乔")
    return codes.issue(seed or make_seed(), 1, most, by=by, at=clock.now(), until=until)[0]


def come(code: InvitationCode, name: str = "新来的", at: datetime | None = None) -> Acceptance:
    """A new fan, by this code."""
    moment = at or clock.now()
    return accepting.accept(make_fan(name, moment), code, moment)
