"""The draw: by the round that was fixed at the launch and no other, once, and as anybody can recompute."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from flask import Flask

from campaigns.draws import drawing, freezing, jobs, ranking
from campaigns.draws.awarding import entries_of
from campaigns.draws.drawing import NotYet
from campaigns.draws.fetching import NoRound
from campaigns.draws.models import DrawState, Source
from commons import clock
from commons.db import db
from commons.errors import Invalid
from commons.jobs import drain
from tests.campaigns.draws.factories import (
    RANDOMNESS,
    REVEAL,
    ROUNDS,
    a_drawn,
    awards,
    draw_it,
    entrants,
    freeze,
    make_draw,
)
from tests.campaigns.draws.mirror import Mirror


def test_prizes_go_to_the_lowest_numbers_the_first_prize_first(app: Flask, at: datetime) -> None:
    draw = a_drawn(8)
    entries = entries_of(draw)
    order = sorted(entries, key=lambda entry: ranking.number(draw.seed or "", entry))
    given = [(award.rank, award.entry.entry, award.prize.name, award.unit) for award in awards(draw)]
    assert given == [(1, order[0], "冷泡壶", 1), (2, order[1], "茶签", 1), (3, order[2], "茶签", 2)]
    assert (draw.state, draw.randomness, draw.ranks_used) == (DrawState.DRAWN, RANDOMNESS[1000], 3)


def test_the_seed_follows_from_everything_that_stood_before(app: Flask, at: datetime) -> None:
    draw = a_drawn(2)
    assert draw.seed == ranking.seed(RANDOMNESS[1000], drawing.committed(draw))


def test_the_signature_of_another_round_draws_nothing(app: Flask, at: datetime) -> None:
    draw = make_draw()
    entrants(draw, 2)
    freeze(draw)
    with pytest.raises(Invalid):
        drawing.draw_by(draw, ROUNDS[1001], REVEAL)
    assert draw.state is DrawState.FROZEN
    assert awards(draw) == []


def test_before_its_moment_nothing_is_drawn_whoever_has_the_signature(app: Flask, at: datetime) -> None:
    draw = make_draw()
    entrants(draw, 2)
    with pytest.raises(NotYet):
        drawing.draw_by(draw, ROUNDS[1000], REVEAL)  # the list is not frozen
    freeze(draw)
    with pytest.raises(NotYet):
        drawing.draw_by(draw, ROUNDS[1000], REVEAL - timedelta(seconds=1))
    assert not drawing.draw_now(draw.id, REVEAL - timedelta(seconds=1))


def test_drawing_twice_is_drawing_once(app: Flask, at: datetime) -> None:
    draw = a_drawn(4)
    first = [(award.rank, award.public_id) for award in awards(draw)]
    assert not drawing.draw_by(draw, ROUNDS[1000], REVEAL)
    assert not drawing.draw_now(draw.id, REVEAL)
    assert [(award.rank, award.public_id) for award in awards(draw)] == first


def test_with_fewer_entrants_than_prizes_what_is_left_stays(app: Flask, at: datetime) -> None:
    draw = a_drawn(1)
    assert [award.prize.name for award in awards(draw)] == ["冷泡壶"]
    assert draw.ranks_used == 1


def test_a_list_of_nobody_is_drawn_and_nobody_wins(app: Flask, at: datetime) -> None:
    draw = a_drawn(0)
    assert (draw.state, awards(draw)) == (DrawState.DRAWN, [])


def test_a_locked_number_is_opened_at_its_moment(app: Flask, at: datetime) -> None:
    draw = make_draw(source=Source.COMMITTED)
    entrants(draw, 4)
    draw_it(draw)
    assert draw.secret is not None
    assert draw.randomness == draw.secret["value"]
    assert sha256(bytes.fromhex(draw.randomness)).hexdigest() == draw.secret["commitment"]
    assert len(awards(draw)) == 3


def test_by_itself_it_closes_freezes_and_draws(app: Flask, at: datetime, mirror: Mirror) -> None:
    draw = make_draw()
    entrants(draw, 4)
    mirror.rounds = ROUNDS
    db.session.commit()
    clock.set_to(draw.closes_at)
    drain(clock.now())
    db.session.refresh(draw)
    assert draw.state is DrawState.FROZEN
    clock.set_to(REVEAL + timedelta(seconds=10))
    drain(clock.now())
    db.session.refresh(draw)
    assert (draw.state, draw.signature) == (DrawState.DRAWN, ROUNDS[1000])
    assert all(path.endswith("/public/1000") for path in mirror.asked)


@pytest.mark.parametrize("answer", [None, ROUNDS[1001], 17, "no signature"])
def test_without_a_proven_answer_the_same_round_is_asked_for_again(
    app: Flask, at: datetime, mirror: Mirror, answer: object
) -> None:
    draw = make_draw()
    entrants(draw, 2)
    freeze(draw)
    mirror.rounds = {1000: answer}
    with pytest.raises(NoRound):
        drawing.draw_now(draw.id, REVEAL)
    db.session.refresh(draw)
    assert draw.state is DrawState.FROZEN
    mirror.rounds = ROUNDS
    assert drawing.draw_now(draw.id, REVEAL + timedelta(hours=9))
    assert {path.rpartition("/")[2] for path in mirror.asked} == {"1000"}


def test_a_draw_that_lost_its_row_of_work_is_taken_up_again(app: Flask, at: datetime) -> None:
    draw = make_draw(source=Source.COMMITTED)
    entrants(draw, 2)
    clock.set_to(draw.closes_at + timedelta(minutes=6))
    jobs.resume(clock.now())
    drain(clock.now())
    db.session.refresh(draw)
    assert draw.state is DrawState.FROZEN
    clock.set_to(draw.reveals_at + timedelta(minutes=6))
    jobs.resume(clock.now())
    drain(clock.now())
    db.session.refresh(draw)
    assert draw.state is DrawState.DRAWN


def test_a_worker_whose_clock_is_behind_waits(app: Flask, at: datetime) -> None:
    draw = make_draw()
    with pytest.raises(jobs.TooEarly):
        jobs.freeze(draw.id)
    with pytest.raises(jobs.TooEarly):
        jobs.draw(draw.id)
    assert not freezing.freeze(draw.id, at)
