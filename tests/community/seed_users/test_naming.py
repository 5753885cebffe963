"""Who is a seed user, from when, with what, and until when."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import db
from commons.errors import Invalid
from commons.events import Event
from community.notices.models import Notice
from community.seed_users import naming
from community.seed_users.models import CodeState, SeedUser
from tests.community.seed_users.factories import an_old_hand, make_code, make_seed
from tests.factories import make_staff


def test_a_fan_is_named_with_fields_and_told(app: Flask, at: datetime) -> None:
    fan = an_old_hand()

    seed = make_seed(fan, "茶", " Ｐhotography  ", "photography", "茶")

    assert seed.words == ["茶", "photography"]
    assert naming.running(fan) is seed
    assert db.session.scalars(select(Notice.kind).where(Notice.member_id == fan.id)).all() == ["invitation.named"]
    fact = db.session.scalars(select(Event).where(Event.kind == "seed_user.named")).one()
    assert (fact.member_id, fact.actor_id) == (fan.id, seed.named_by_id)


def test_nobody_is_a_seed_user_twice_at_a_time(app: Flask, at: datetime) -> None:
    fan = an_old_hand()
    make_seed(fan)

    with pytest.raises(naming.AlreadyNamed):
        make_seed(fan, "摄影")

    assert len(db.session.scalars(select(SeedUser)).all()) == 1


@pytest.mark.parametrize("fields", [(), ("  ", "\u202e"), tuple("abcdef"), ("x" * 25,)])
def test_fields_are_few_short_and_not_none(app: Flask, at: datetime, fields: tuple[str, ...]) -> None:
    with pytest.raises(Invalid):
        naming.checked(fields)


def test_the_end_ends_the_codes_once_and_gives_the_reason(app: Flask, at: datetime) -> None:
    fan, staff = an_old_hand(), make_staff()
    seed = make_seed(fan)
    code = make_code(seed, most=5)

    naming.end(seed, "很久没来了", by=staff, at=at)
    naming.end(seed, "又一次", by=staff, at=at)

    assert seed.end_reason == "很久没来了"
    assert code.state(at) is CodeState.ENDED
    told = db.session.scalars(select(Notice).where(Notice.kind == "invitation.ended")).one()
    assert told.details == {"reason": "很久没来了"}


def test_who_was_one_can_be_named_again_and_gets_a_time_of_its_own(app: Flask, at: datetime) -> None:
    fan, staff = an_old_hand(), make_staff()
    first = make_seed(fan)
    naming.end(first, "休息", by=staff, at=at)

    second = make_seed(fan, "冷泡")

    assert second.id != first.id
    assert naming.running(fan) is second
    assert naming.known_fields() == [("冷泡", 1)]


def test_describing_keeps_what_stays_and_says_nothing_where_nothing_changes(app: Flask, at: datetime) -> None:
    seed, staff = make_seed(None, "茶", "摄影"), make_staff()
    kept = seed.fields[0].id

    naming.describe(seed, ["茶", "露营"], "周末在野外", by=staff, at=at)
    naming.describe(seed, ["茶", "露营"], "周末在野外", by=staff, at=at)

    assert seed.words == ["茶", "露营"]
    assert seed.fields[0].id == kept
    assert len(db.session.scalars(select(Event).where(Event.kind == "seed_user.described")).all()) == 1
