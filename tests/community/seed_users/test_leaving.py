"""What a person takes along, and what goes when the person is erased."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from commons.accounts import leaving as accounts
from community.seed_users import leaving, lineage, naming
from community.seed_users.models import CodeState
from tests.community.seed_users.factories import an_old_hand, come, make_code, make_seed
from tests.factories import make_fan


def test_the_export_has_my_codes_and_how_i_came_and_no_name_of_anybody_else(app: Flask, at: datetime) -> None:
    me = an_old_hand("小满")
    guest = come(make_code(make_seed(me, "茶", note="懂岩茶")), "来客").member
    assert me.user is not None
    assert guest.user is not None

    mine, theirs = leaving.export(me.user)["invitations"], leaving.export(guest.user)["invitations"]

    assert mine["came_by_my_codes"] == 1
    assert mine["seed_user"][0]["fields"] == ["茶"]
    assert mine["seed_user"][0]["note"] == "懂岩茶"
    assert theirs["i_came"] == {"at": at.isoformat(), "my_name_is_shown": False}
    assert "来客" not in str(mine)
    assert "小满" not in str(theirs)


def test_an_erased_seed_user_leaves_the_tree_without_a_name_and_codes_that_lead_nowhere(
    app: Flask, at: datetime
) -> None:
    me = an_old_hand("小满")
    seed = make_seed(me, "茶", note="懂岩茶")
    code = make_code(seed, most=5)
    guest = come(code, "来客").member
    assert me.user is not None

    accounts.erase(me.user, at)

    assert naming.running(me) is None
    assert (seed.note, seed.words) == ("", [])
    assert code.state(at) is CodeState.ENDED
    line = next(line for line in lineage.lines(lineage.lineage(), 1) if line.member.id == guest.id)
    assert line.inviter is not None
    assert "小满" not in line.inviter.name


def test_a_fan_who_never_invited_is_erased_without_ado(app: Flask, at: datetime) -> None:
    fan = make_fan()
    assert fan.user is not None

    accounts.erase(fan.user, at)

    assert fan.erased_at == at
