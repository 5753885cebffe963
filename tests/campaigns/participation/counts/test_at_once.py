"""Many people in the same moment, and two selves who turn out to be one: the numbers stay those of the rows."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, select

from campaigns.participation.counts import folding, proving, reading, scoring
from campaigns.participation.counts.models import Measure
from campaigns.participation.models import Participant
from campaigns.planning.models import Campaign, MissionKind
from commons import events
from commons.db import db
from commons.permissions import Role
from community.circle.checking_in import check_in
from community.members.merging import selves
from tests.at_once import at_once
from tests.campaigns.factories import make_campaign, mission
from tests.community.members.merging.factories import merge
from tests.factories import NOON, make_fan, make_staff


def assert_right(campaign: Campaign, at: datetime) -> None:
    db.session.expire_all()
    assert (scoring.put_right(campaign.id), proving.put_right(campaign.id, at)) == (0, 0)


def test_facts_of_many_and_folding_at_the_same_moment_lose_nothing(committed_app: Flask) -> None:
    campaign = make_campaign(mission(MissionKind.COMMENT, 2))
    fans = [make_fan(f"粉丝{number}") for number in range(4)]
    campaign_id, ids, at = campaign.id, [fan.id for fan in fans], campaign.starts_at + timedelta(hours=1)
    db.session.commit()

    def act(member_id: int) -> None:
        for number in range(3):
            events.track("interaction.comment", key=f"{member_id}-{number}", at=at,
                         member_id=member_id, campaign_id=campaign_id)  # fmt: skip
            db.session.commit()

    wrong = at_once(committed_app, *(lambda one=one: act(one) for one in ids), folding.fold, folding.fold)

    assert wrong == []
    totals = reading.totals(campaign_id)
    measures = (Measure.JOINED, Measure.FACT, Measure.FULFILLED, Measure.FINISHED)
    assert [totals.of(measure) for measure in measures] == [4, 12, 4, 4]
    assert_right(db.session.get_one(Campaign, campaign_id), NOON)


def test_two_selves_who_are_one_person_are_counted_as_far_as_they_are_together(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN), mission(MissionKind.COMMENT))
    kept, other = make_fan("小满"), make_fan("满满")
    check_in(other, at - timedelta(hours=20))
    events.track("interaction.comment", key="c", at=at, member_id=kept.id, campaign_id=campaign.id)
    merged = merge(kept, other, make_staff(Role.ADMINISTRATOR))
    mine = select(Participant.facts, Participant.fulfilled).where(Participant.member_id == kept.id)
    assert tuple(db.session.execute(mine).one()) == (2, 2)
    assert reading.totals(campaign.id).of(Measure.FINISHED) == 1
    assert_right(campaign, at)

    selves.split(merged, by=make_staff(Role.ADMINISTRATOR), at=at + timedelta(hours=1), reason="zwei")
    assert tuple(db.session.execute(mine).one()) == (1, 1)
    assert reading.totals(campaign.id).of(Measure.FINISHED) == 0
    assert_right(campaign, at)
    assert db.session.scalar(select(func.count()).select_from(Participant)) == 2
