"""The last use, and many who want it in the same moment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons import clock
from commons.db import db
from community.members.models import Member
from community.seed_users.accepting import AlreadyInvited, accept
from community.seed_users.codes import CodeOver
from community.seed_users.models import Acceptance, InvitationCode
from tests.at_once import at_once
from tests.community.seed_users.factories import an_old_hand, make_code, make_seed
from tests.factories import make_fan

pytestmark = pytest.mark.slow


def coming(member_id: int, code_id: int) -> Callable[[], object]:
    def act() -> object:
        member, code = db.session.get_one(Member, member_id), db.session.get_one(InvitationCode, code_id)
        return accept(member, code, clock.now())

    return act


def acceptances() -> int:
    return db.session.scalar(select(func.count()).select_from(Acceptance)) or 0


@pytest.mark.parametrize(("people", "most"), [(2, 1), (12, 5)])
def test_a_code_takes_no_more_people_than_it_has_uses(committed_app: Flask, people: int, most: int) -> None:
    code_id = make_code(most=most).id
    ids = [make_fan(f"新人{number}").id for number in range(people)]
    db.session.commit()

    failed = at_once(committed_app, *(coming(member_id, code_id) for member_id in ids))

    assert [type(error) for error in failed] == [CodeOver] * (people - most)
    assert acceptances() == most
    assert db.session.get_one(InvitationCode, code_id, populate_existing=True).used == most


def test_one_person_with_two_codes_at_once_uses_one(committed_app: Flask) -> None:
    codes = [make_code(make_seed(an_old_hand(name))).id for name in ("阿树", "栗子")]
    member_id = make_fan().id
    db.session.commit()

    failed = at_once(committed_app, *(coming(member_id, code_id) for code_id in codes))

    assert [type(error) for error in failed] == [AlreadyInvited]
    assert acceptances() == 1
    assert db.session.scalar(select(func.sum(InvitationCode.used))) == 1
