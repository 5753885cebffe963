"""Everything at the same moment: one list, one result, one standing award for each piece."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.draws import awarding, drawing, freezing, writing
from campaigns.draws.awarding import TooLate
from campaigns.draws.models import Draw, DrawAward, DrawEntry
from commons import clock
from commons.db import db
from tests.at_once import at_once
from tests.campaigns.draws.factories import REVEAL, ROUNDS, a_drawn, entrants, freeze, make_draft, make_draw
from tests.campaigns.factories import a_lead

pytestmark = pytest.mark.slow


def count(model: type[DrawEntry | DrawAward]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_frozen_by_ten_at_once_it_has_one_list(committed_app: Flask, at: datetime) -> None:
    draw = make_draw()
    entrants(draw, 12)
    draw_id = draw.id
    clock.set_to(draw.closes_at)
    db.session.commit()
    assert at_once(committed_app, *[partial(freezing.freeze, draw_id, clock.now())] * 10) == []
    assert count(DrawEntry) == db.session.get_one(Draw, draw_id).entrants == 12


def test_drawn_by_ten_at_once_it_has_one_result(committed_app: Flask, at: datetime) -> None:
    draw = make_draw()
    entrants(draw, 12)
    freeze(draw)
    draw_id = draw.id
    db.session.commit()
    clock.set_to(REVEAL)

    def act() -> None:
        drawing.draw_by(db.session.get_one(Draw, draw_id), ROUNDS[1000], REVEAL)

    assert at_once(committed_app, *[act] * 10) == []
    assert count(DrawAward) == 3


def test_launched_by_ten_at_once_it_has_one_set_of_rules(committed_app: Flask, at: datetime) -> None:
    draw, lead = make_draft(), a_lead()
    draw_id, lead_id = draw.id, lead.id
    db.session.commit()

    def act() -> None:
        found = db.session.get_one(Draw, draw_id)
        writing.launch(found, by=db.session.get_one(type(lead), lead_id), at=at)

    assert at_once(committed_app, *[act] * 10) == []
    assert db.session.get_one(Draw, draw_id).launched_at == at


def test_every_winner_declining_at_once_gives_each_piece_one_next(committed_app: Flask, at: datetime) -> None:
    draw = a_drawn(12)
    draw_id = draw.id
    ids = [award.id for award in db.session.scalars(select(DrawAward))]
    db.session.commit()

    def declining(award_id: int) -> None:
        awarding.decline(db.session.get_one(DrawAward, award_id), REVEAL)

    acts = [partial(declining, award_id) for award_id in ids * 4]
    assert at_once(committed_app, *acts) == []
    rows = db.session.scalars(select(DrawAward).where(DrawAward.draw_id == draw_id).order_by(DrawAward.rank)).all()
    assert [row.rank for row in rows] == [1, 2, 3, 4, 5, 6]
    standing = Counter((row.prize_id, row.unit) for row in rows if row.ended_at is None)
    assert set(standing.values()) == {1}
    assert len(standing) == 3


def test_accepting_and_declining_at_once_leaves_one_outcome(committed_app: Flask, at: datetime) -> None:
    a_drawn(6)
    award_id = db.session.scalars(select(DrawAward.id).where(DrawAward.rank == 1)).one()
    db.session.commit()

    def act(verb: str) -> None:
        award = db.session.get_one(DrawAward, award_id)
        try:
            getattr(awarding, verb)(award, REVEAL)
        except TooLate:
            db.session.rollback()

    assert at_once(committed_app, *[partial(act, verb) for verb in ("accept", "decline") * 4]) == []
    rows = db.session.scalars(select(DrawAward).order_by(DrawAward.rank)).all()
    assert rows[0].ended_at is not None
    assert [row.rank for row in rows] == [1, 2, 3, 4]
