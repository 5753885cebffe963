"""Who opened a fan's links of a campaign: what counts, and why the rest does not."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select

from campaigns.links.models import Hit, Link, Verdict
from campaigns.participation.persons.reading import same_person_ids
from campaigns.planning.models import Mission
from commons.db import db
from commons.events import Event
from community.members.models import Member


@dataclass(frozen=True)
class Openings:
    """How often the fan's links of the campaign were opened, and by whom."""

    by_others: int = 0
    by_oneself: int = 0
    by_other_accounts: int = 0
    by_machines: int = 0
    again: int = 0
    by_staff: int = 0


def openings(mission: Mission, member: Member) -> Openings:
    """By what is seen of each visit. Only `by_others` counts."""
    rows = db.session.execute(_visits(mission, member)).all()
    mine, other_accounts = _accounts([member.id]), _accounts(same_person_ids(mission.campaign_id, member.id))
    found = dict.fromkeys(Openings.__dataclass_fields__, 0)
    for verdict, user_id, number in rows:
        found[_sort(verdict, user_id, mine, other_accounts)] += number
    return Openings(**found)


def is_by_somebody_else(mission: Mission, fact: Event) -> bool:
    """Whether the visit that the fact tells of was made by another person, as far as that is known."""
    visitor = fact.payload.get("by_member_id")
    return visitor is None or visitor not in same_person_ids(mission.campaign_id, fact.member_id or 0)


def _visits(mission: Mission, member: Member) -> Select[Verdict, int | None, int]:
    of_fan = (Link.member_id == member.id, Link.campaign_id == mission.campaign_id)
    within = (Hit.occurred_at >= mission.begins_at, Hit.occurred_at < mission.over_at)
    query = select(Hit.verdict, Hit.user_id, func.count()).join(Link, Link.id == Hit.link_id)
    return query.where(*of_fan, *within).group_by(Hit.verdict, Hit.user_id)


def _accounts(member_ids: list[int] | set[int]) -> set[int | None]:
    return set(db.session.scalars(select(Member.user_id).where(Member.id.in_(member_ids)))) - {None}


def _sort(verdict: Verdict, user_id: int | None, mine: set[int | None], others: set[int | None]) -> str:
    if verdict in {Verdict.BOT, Verdict.PREVIEW}:
        return "by_machines"
    if verdict is Verdict.STAFF:
        return "by_staff"
    if user_id in mine:
        return "by_oneself"
    if user_id in others:
        return "by_other_accounts"
    return "again" if verdict is Verdict.DUPLICATE else "by_others"
