"""Codes: made, read however they are typed, over in four ways."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import ALPHABET, db
from commons.errors import Conflict, Invalid
from community.notices.models import Notice
from community.seed_users import codes, naming
from community.seed_users.codes import CodeOver, UnknownCode
from tests.community.seed_users.factories import come, make_code, make_seed
from tests.factories import make_staff


def test_codes_are_short_different_and_of_letters_that_are_not_mistaken(app: Flask, at: datetime) -> None:
    seed = make_seed()

    made = codes.issue(seed, 20, 3, by=make_staff(), at=at)

    assert len({code.code for code in made}) == 20
    assert all(len(code.code) == 8 and set(code.code) <= set(ALPHABET) for code in made)
    told = db.session.scalars(select(Notice).where(Notice.kind == "invitation.codes")).one()
    assert told.details == {"number": 20}


@pytest.mark.parametrize("spelling", ["{0}-{1}", " {0} {1}", "{0}{1}", "{0}－{1}"])
def test_a_code_is_found_however_it_is_typed(app: Flask, at: datetime, spelling: str) -> None:
    code = make_code()
    typed = spelling.format(code.code[:4].upper(), code.code[4:])

    assert codes.find(typed) is code


@pytest.mark.parametrize("typed", ["", "abc", "abcdefgh2", "00000000", "中文中文中文中文", "'; drop--", "x" * 4000])
def test_what_is_no_code_is_unknown(app: Flask, at: datetime, typed: str) -> None:
    make_code()

    with pytest.raises(UnknownCode):
        codes.usable(typed, at)


def test_a_code_ends_by_use_by_time_by_withdrawal_and_with_its_seed_user(app: Flask, at: datetime) -> None:
    staff, seed = make_staff(), make_seed()
    used = make_code(seed)
    come(used)
    late = make_code(seed, until=at + timedelta(days=1))
    taken_back = make_code(seed)
    codes.revoke(taken_back, by=staff, at=at)
    codes.revoke(taken_back, by=staff, at=at)

    for code, moment in ((used, at), (late, at + timedelta(days=1)), (taken_back, at)):
        with pytest.raises(CodeOver):
            codes.usable(code.code, moment)
    assert codes.usable(late.code, at + timedelta(hours=23)) is late
    naming.end(seed, "休息", by=staff, at=at)
    with pytest.raises(CodeOver):
        codes.usable(late.code, at)


@pytest.mark.parametrize(("number", "most"), [(0, 1), (51, 1), (1, 0), (1, 1001)])
def test_the_team_gives_neither_none_nor_too_many(app: Flask, at: datetime, number: int, most: int) -> None:
    with pytest.raises(Invalid):
        codes.issue(make_seed(), number, most, by=make_staff(), at=at)


def test_who_is_no_seed_user_any_more_gets_none(app: Flask, at: datetime) -> None:
    seed, staff = make_seed(), make_staff()
    naming.end(seed, "休息", by=staff, at=at)

    with pytest.raises(Conflict):
        codes.issue(seed, 1, 1, by=staff, at=at)


def test_a_last_day_that_is_over_is_refused(app: Flask, at: datetime) -> None:
    with pytest.raises(Invalid):
        codes.issue(make_seed(), 1, 1, by=make_staff(), at=at, until=at)
