"""At the close the list is frozen: who stands on it, who does not and why, and a proof for everybody on it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.draws import excluding, freezing, merkle, proving, ranking
from campaigns.draws.excluding import ListClosed
from campaigns.draws.models import DrawEntry, DrawState, Eligibility, Reason
from campaigns.draws.proving import NotListed
from campaigns.planning.models import MissionKind
from commons import clock
from commons.accounts import leaving
from commons.db import db
from commons.errors import Invalid
from commons.events import Event
from tests.campaigns.draws.factories import CLOSE, REVEAL, entrants, entry_of, freeze, make_draft, make_draw, take_part
from tests.campaigns.factories import a_lead, make_campaign, mission
from tests.factories import make_fan


def test_everybody_who_took_part_before_the_close_stands_on_the_list(app: Flask, at: datetime) -> None:
    draw = make_draw()
    fans = entrants(draw, 5)
    clock.set_to(CLOSE)
    late = make_fan("晚了一步")
    take_part(draw, late)
    freeze(draw)
    assert draw.state is DrawState.FROZEN
    listed = {entry.member_id for entry in db.session.scalars(select(DrawEntry))}
    assert listed == {fan.id for fan in fans}
    assert (draw.entrants, draw.excluded) == (5, 0)


def test_leaves_are_random_ids_in_order_and_name_nobody(app: Flask, at: datetime) -> None:
    draw = make_draw()
    fans = entrants(draw, 5)
    freeze(draw)
    rows = db.session.scalars(select(DrawEntry).order_by(DrawEntry.position)).all()
    ids = [row.entry for row in rows]
    assert ids == sorted(ids)
    assert len(set(ids)) == 5
    assert not {fan.public_id for fan in fans} & set(ids)
    assert draw.root == merkle.root([ranking.leaf_of(draw.public_id, one) for one in ids]).hex()


def test_before_the_close_nothing_is_frozen(app: Flask, at: datetime) -> None:
    draw = make_draw()
    assert not freezing.freeze(draw.id, CLOSE - timedelta(seconds=1))
    db.session.refresh(draw)
    assert draw.state is DrawState.OPEN


def test_freezing_twice_is_freezing_once(app: Flask, at: datetime) -> None:
    draw = make_draw()
    entrants(draw, 3)
    freeze(draw)
    root = draw.root
    assert not freezing.freeze(draw.id, CLOSE + timedelta(minutes=1))
    db.session.refresh(draw)
    assert (draw.root, draw.frozen_at) == (root, CLOSE)


def test_a_list_that_was_not_frozen_before_the_value_was_out_is_never_drawn(app: Flask, at: datetime) -> None:
    draw = make_draw()
    entrants(draw, 3)
    assert not freezing.freeze(draw.id, REVEAL)
    db.session.refresh(draw)
    assert (draw.state, draw.entrants, draw.root) == (DrawState.MISSED, 0, None)
    assert not freezing.freeze(draw.id, CLOSE)
    db.session.refresh(draw)
    assert draw.state is DrawState.MISSED
    assert db.session.scalars(select(Event).where(Event.kind == "draw.missed")).one().payload["title"] == draw.title


def test_a_draft_is_never_frozen(app: Flask, at: datetime) -> None:
    assert not freezing.freeze(make_draft().id, CLOSE)


def test_who_was_kept_off_is_published_with_a_reason_code_and_no_name(app: Flask, at: datetime) -> None:
    draw = make_draw()
    fans = entrants(draw, 3)
    excluding.exclude(draw, fans[1], Reason.EMPLOYEE, by=a_lead(), at=at)
    freeze(draw)
    entry = entry_of(draw, fans[1])
    assert (entry.position, entry.reason) == (None, Reason.EMPLOYEE)
    assert draw.exclusions_hash == ranking.fingerprint([{"entry": entry.entry, "reason": "employee"}])
    assert (draw.entrants, draw.excluded) == (2, 1)


def test_an_exclusion_is_decided_before_the_close_or_not_at_all(app: Flask, at: datetime) -> None:
    draw = make_draw()
    fan, other = entrants(draw, 2)
    excluding.exclude(draw, fan, Reason.UNDER_AGE, by=a_lead(), at=at)
    with pytest.raises(ListClosed):
        excluding.exclude(draw, other, Reason.EMPLOYEE, by=a_lead(), at=CLOSE)
    with pytest.raises(ListClosed):
        excluding.readmit(draw, fan, by=a_lead(), at=CLOSE)
    freeze(draw)
    with pytest.raises(ListClosed):
        excluding.readmit(draw, fan, by=a_lead(), at=at)
    assert entry_of(draw, fan).reason is Reason.UNDER_AGE
    assert entry_of(draw, other).reason is None


def test_an_exclusion_is_taken_back_and_one_counts_once(app: Flask, at: datetime) -> None:
    draw = make_draw()
    (fan,) = entrants(draw, 1)
    for _twice in range(2):
        excluding.exclude(draw, fan, Reason.EMPLOYEE, by=a_lead(), at=at)
    for _twice in range(2):
        excluding.readmit(draw, fan, by=a_lead(), at=at)
    freeze(draw)
    assert draw.entrants == 1
    kinds = [
        event.kind for event in db.session.scalars(select(Event).where(Event.kind.like("draw.%")).order_by(Event.id))
    ]
    assert kinds == ["draw.launched", "draw.excluded", "draw.readmitted", "draw.frozen"]


def test_only_participants_are_kept_off_and_only_for_reasons_that_people_decide(app: Flask, at: datetime) -> None:
    draw = make_draw()
    (fan,) = entrants(draw, 1)
    with pytest.raises(Invalid):
        excluding.exclude(draw, make_fan("路人"), Reason.EMPLOYEE, by=a_lead(), at=at)
    with pytest.raises(Invalid):
        excluding.exclude(draw, fan, Reason.MISSIONS_OPEN, by=a_lead(), at=at)


def test_where_all_missions_are_asked_for_who_lacks_one_is_not_on_the_list(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.COMMENT, 2))
    draw = make_draw(campaign, eligibility=Eligibility.ALL_MISSIONS)
    done, begun = entrants(draw, 2)
    take_part(draw, done)
    freeze(draw)
    assert entry_of(draw, done).position == 0
    assert entry_of(draw, begun).reason is Reason.MISSIONS_OPEN


def test_who_deletes_the_account_before_the_close_is_not_on_the_list(app: Flask, at: datetime) -> None:
    draw = make_draw()
    gone, stays = entrants(draw, 2)
    assert gone.user is not None
    leaving.erase(gone.user, at)
    freeze(draw)
    assert entry_of(draw, gone).reason is Reason.ACCOUNT_DELETED
    assert entry_of(draw, stays).position == 0


def test_every_entrant_has_a_proof_that_leads_to_the_root(
    app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merkle, "SUBTREE", 4)
    draw = make_draw()
    fans = entrants(draw, 11)
    freeze(draw)
    for fan in fans:
        proof = proving.proof_of(entry_of(draw, fan))
        path = [bytes.fromhex(one) for one in proof["path"]]
        leaf = ranking.leaf_of(draw.public_id, proof["entry"])
        assert merkle.root_by(leaf, proof["index"], proof["count"], path) == bytes.fromhex(draw.root or "")


def test_who_is_not_on_the_list_has_no_proof(app: Flask, at: datetime) -> None:
    draw = make_draw()
    (fan,) = entrants(draw, 1)
    excluding.exclude(draw, fan, Reason.EMPLOYEE, by=a_lead(), at=at)
    freeze(draw)
    with pytest.raises(NotListed):
        proving.proof_of(entry_of(draw, fan))


def test_a_list_of_nobody_is_frozen_too(app: Flask, at: datetime) -> None:
    draw = make_draw()
    freeze(draw)
    assert (draw.entrants, draw.root) == (0, merkle.OF_NOTHING.hex())
