"""Seed users, codes and who came by whom, when two members turn out to be one person and when they part again."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from flask_babel import force_locale

from commons.accounts import leaving
from commons.db import db
from commons.permissions import Role
from community.members.merging import gathering
from community.members.models import Member
from community.seed_users import accepting, codes, lineage, moving, naming, reading, retention
from community.seed_users.models import CodeState, Unit
from community.seed_users.reading import Search
from tests.community.members.merging.factories import make_clerk, merge, split
from tests.community.seed_users.factories import an_old_hand, come, make_code, make_seed
from tests.factories import make_fan, make_staff


def listed(at: datetime) -> list[str]:
    return [row.seed.member.name for row in reading.rows(Search(), make_staff(Role.CAMPAIGN_LEAD), at)]


def brought(member: Member) -> int:
    return reading.came_by({member.id}).get(member.id, 0)


def told(kept: Member, other: Member) -> list[tuple[str, int, int]]:
    """What the look before a merge says of the room's rows."""
    effects = [effect for rule in moving.rules() for effect in rule.effects(kept.id, other.id)]
    return [(str(effect.words), effect.number, effect.both) for effect in effects if effect.number]


def test_the_person_is_the_seed_user_with_the_codes_and_those_who_came(app: Flask, at: datetime) -> None:
    clerk, kept, other = make_clerk(), an_old_hand("阿树"), an_old_hand("阿树在微博")
    code = make_code(make_seed(other), most=5)
    come(code, "一")

    merged = merge(kept, other, clerk)

    seed = naming.running(kept)
    assert seed is not None
    assert (codes.of_seed_user(seed), brought(kept), listed(at)) == ([code], 1, ["阿树"])
    assert come(code, "二").inviter_id == kept.id
    assert [line.inviter.name for line in lineage.lines(lineage.lineage(), 1) if line.inviter] == ["阿树", "阿树"]

    split(merged, clerk)
    assert (naming.running(kept), naming.running(other)) == (None, seed)
    assert (brought(other), brought(kept)) == (1, 1)


def test_the_look_before_a_merge_says_what_of_the_other_self_goes_on(app: Flask, at: datetime) -> None:
    kept, other = an_old_hand("阿树"), an_old_hand("阿树在微博")
    come(make_code(make_seed(other), most=5), "一")
    with force_locale("en"):
        alone = told(kept, other)
        make_seed(kept)
        both = told(kept, other)

    assert alone == [("Times as a seed user", 1, 0), ("Invitation codes", 1, 0), ("People who came by a code", 1, 0)]
    assert both[0] == ("Times as a seed user", 1, 1)
    assert told(other, make_fan("栗子")) == []


def test_of_two_times_the_kept_ones_goes_on_and_no_code_leads_nowhere(app: Flask, at: datetime) -> None:
    clerk, kept, other = make_clerk(), an_old_hand("阿树"), an_old_hand("阿树在微博")
    mine, theirs = make_code(make_seed(kept)), make_code(make_seed(other))
    first, second = mine.seed_user, theirs.seed_user

    merged = merge(kept, other, clerk)

    assert naming.running(kept) == first
    assert {code.code for code in codes.of_seed_user(first)} == {mine.code, theirs.code}
    assert theirs.state(at) is CodeState.OPEN
    assert listed(at) == ["阿树"]

    split(merged, clerk)
    assert (naming.running(other), codes.of_seed_user(second)) == (second, [theirs])
    assert codes.of_seed_user(first) == [mine]


def test_a_time_that_the_team_has_ended_does_not_begin_anew_at_night(app: Flask, at: datetime) -> None:
    clerk, kept, other = make_clerk(), an_old_hand("阿树"), an_old_hand("阿树在微博")
    code = make_code(make_seed(other))
    make_seed(kept)
    merged = merge(kept, other, clerk)
    running = naming.running(kept)
    assert running is not None

    naming.end(running, "累了", by=make_staff(), at=at)
    gathering.gather_merge(merged, at + timedelta(days=1))

    assert naming.running(kept) is None
    assert code.state(at) is CodeState.ENDED


def test_how_a_person_came_goes_along_unless_both_came(app: Flask, at: datetime) -> None:
    clerk = make_clerk()
    code = make_code(most=3)
    came, also_came, other = come(code, "一"), come(code, "二"), make_fan("三")

    merged = merge(other, came.member, clerk)
    assert accepting.acceptance_of(other) == came
    split(merged, clerk)
    assert accepting.acceptance_of(other) is None

    merge(also_came.member, came.member, clerk)
    assert accepting.acceptance_of(also_came.member) == also_came
    assert [line.member.name for line in lineage.lines(lineage.lineage(), 1)] == ["阿树", "二"]


def test_nobody_is_drawn_as_invited_by_himself(app: Flask, at: datetime) -> None:
    clerk, root = make_clerk(), an_old_hand("根")
    first = come(make_code(make_seed(root)), "一", at)
    second = come(make_code(make_seed(first.member)), "二", at + timedelta(hours=1))

    merge(second.member, root, clerk, at + timedelta(hours=2))
    found = lineage.lineage()

    lines = {line.member.name: line for line in lineage.lines(found, 1)}
    assert set(lines) == {"一", "二"}
    assert sorted(line.level for line in lines.values()) == [1, 2]
    assert lineage.drawn(found).left_out == 0


def test_a_chain_of_merges_comes_apart_in_any_order(app: Flask, at: datetime) -> None:
    clerk = make_clerk()
    one, two, three = (an_old_hand(name) for name in ("甲", "乙", "丙"))
    code = make_code(make_seed(one), most=5)
    come(code, "客")
    make_seed(three)
    inner = merge(two, one, clerk, at)
    outer = merge(three, two, clerk, at + timedelta(hours=1))
    assert (brought(three), naming.running(one)) == (1, None)

    split(inner, clerk, at + timedelta(hours=2))
    assert (brought(one), brought(three)) == (1, 0)
    assert naming.running(one) is not None

    split(outer, clerk, at + timedelta(hours=3))
    mine = naming.running(one)
    assert mine is not None
    assert (codes.of_seed_user(mine), naming.running(two)) == ([code], None)


def test_one_person_is_counted_once_among_those_who_joined(app: Flask, at: datetime) -> None:
    kept, other = make_fan("阿树", at), make_fan("阿树在微博", at)
    before = retention.count(Unit.MONTH, at, "Asia/Shanghai").cohorts[-1]["people"]["all"]

    merge(kept, other, make_clerk())

    assert retention.count(Unit.MONTH, at, "Asia/Shanghai").cohorts[-1]["people"]["all"] == before - 1


def test_who_leaves_takes_along_what_stands_with_the_other_selves(app: Flask, at: datetime) -> None:
    kept, other = an_old_hand("阿树"), an_old_hand("阿树在微博")
    make_seed(kept)
    rests = make_seed(other, "普洱", note="话很多")
    merge(kept, other, make_clerk())
    assert kept.user is not None

    leaving.erase(kept.user, at)

    db.session.refresh(rests)
    assert (rests.words, rests.note, rests.is_running) == ([], "", False)
