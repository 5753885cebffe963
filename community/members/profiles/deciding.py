"""What a guardian decides: agrees to some of what is asked, refuses all of it, or withdraws later."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _

from commons.db import db, insert_new
from commons.errors import Invalid
from community.members.profiles import consents, guardians
from community.members.profiles.models import Answer, Decision, Field, Guardianship, Purpose, Way


def offered(guardianship: Guardianship) -> list[Purpose]:
    """What the guardian decides on: what is asked for and what is allowed already."""
    known = {*guardianship.purposes, *consents.of_member(guardianship.member_id)}
    return [purpose for purpose in Purpose if purpose in known]


def agree(guardianship: Guardianship, purposes: Collection[Purpose], at: datetime) -> None:
    """The guardian allows exactly these of what is offered. Raises `Invalid` for none."""
    _hold(guardianship)
    everything = offered(guardianship)
    chosen = [purpose for purpose in everything if purpose in purposes]
    if not chosen:
        raise Invalid(_("Tick what you agree to, or refuse."))
    _decide(guardianship, Decision.AGREED, "member.guardian_agreed", at)
    guardianship.wanted = [purpose.value for purpose in chosen]
    for purpose in everything:
        if purpose in chosen:
            consents.open_up(guardianship.member_id, purpose, Way.GUARDIAN, at)
        else:
            consents.close(guardianship.member_id, purpose, Way.GUARDIAN, at)
    if Purpose.PROFILE in chosen:
        _keep_band(guardianship)
    db.session.flush()


def refuse(guardianship: Guardianship, at: datetime) -> None:
    """The guardian allows nothing, or nothing any more: all of it ends at once. A second time changes nothing."""
    _hold(guardianship)
    if guardianship.decision in {Decision.REFUSED, Decision.WITHDRAWN}:
        return
    everything = offered(guardianship)
    if guardianship.decision is Decision.AGREED:
        _decide(guardianship, Decision.WITHDRAWN, "member.guardian_withdrawn", at)
    else:
        _decide(guardianship, Decision.REFUSED, "member.guardian_refused", at)
    guardianship.wanted = [purpose.value for purpose in everything]
    for purpose in everything:
        consents.close(guardianship.member_id, purpose, Way.GUARDIAN, at)
    db.session.flush()


def _hold(guardianship: Guardianship) -> None:
    consents.hold(guardianship.member_id)
    db.session.refresh(guardianship)


def _decide(guardianship: Guardianship, decision: Decision, kind: str, at: datetime) -> None:
    guardianship.decision, guardianship.decided_at = decision, at
    db.session.flush()
    guardians.track(kind, guardianship.member, at)


def _keep_band(guardianship: Guardianship) -> None:
    """The age was told before anything could be kept; now it can."""
    row = {"member_id": guardianship.member_id, "field": Field.AGE_BAND, "value": guardianship.band}
    insert_new(Answer, row | {"told_at": guardianship.required_at})
