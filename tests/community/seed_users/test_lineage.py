"""Who invited whom: a tree in the order of coming, drawn and listed."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from community.members.models import Member
from community.seed_users import lineage
from community.seed_users.models import Acceptance
from tests.community.seed_users.factories import an_old_hand, come, make_code, make_seed


def a_family(at: datetime) -> tuple[Member, Acceptance, Acceptance, Acceptance]:
    """One seed user with two who came; the first of them brought a third. Another seed user stands alone."""
    root = an_old_hand("根")
    first = come(make_code(make_seed(root), most=2), "一", at)
    second = come(first.code, "二", at + timedelta(hours=1))
    third = come(make_code(make_seed(first.member)), "三", at + timedelta(hours=2))
    make_seed(an_old_hand("独"))
    return root, first, second, third


def test_the_tree_knows_who_came_by_whom_and_how_deep(app: Flask, at: datetime) -> None:
    root, first, second, third = a_family(at)

    found = lineage.lineage()
    lines = {line.member.name: line for line in lineage.lines(found, 1)}

    assert list(lines) == ["根", "独", "一", "二", "三"] or list(lines) == ["根", "一", "独", "二", "三"]
    assert {name: line.level for name, line in lines.items()} == {"根": 1, "独": 1, "一": 2, "二": 2, "三": 3}
    assert lines["三"].inviter == first.member
    assert lines["根"].inviter is None
    assert (lines["根"].direct, lines["根"].together) == (2, 3)
    assert {name for name, line in lines.items() if line.is_seed} == {"根", "独", "一"}
    assert second.member_id in found.member_ids
    assert third.member_id in found.member_ids
    assert root.id in found.seeds


def test_the_tree_of_one_member_has_only_what_grew_from_it(app: Flask, at: datetime) -> None:
    root, first, _second, third = a_family(at)

    found = lineage.lineage(first.member)
    whole = lineage.lineage(root)

    assert found.member_ids == [third.member_id]
    assert lineage.lines(found, 1)[0].inviter == first.member
    assert (len(whole.member_ids), whole.tree.answers[0], whole.depth) == (3, 2, 2)


def test_the_picture_shows_everybody_with_the_name_and_how_many_they_brought(app: Flask, at: datetime) -> None:
    a_family(at)

    figure = lineage.drawn(lineage.lineage())

    assert len(figure.dots) == 6
    assert [dot.kind for dot in figure.dots].count("seed") == 3
    assert any(dot.title.startswith("根 · ") and "2" in dot.title for dot in figure.dots)
    assert figure.left_out == 0


def test_an_empty_house_has_an_empty_tree(app: Flask, at: datetime) -> None:
    found = lineage.lineage()

    assert (found.member_ids, lineage.lines(found, 1), lineage.lines(found, 7)) == ([], [], [])


def test_the_list_goes_page_by_page(app: Flask, at: datetime) -> None:
    code = make_code(most=60)
    for number in range(52):
        come(code, f"客{number}", at + timedelta(minutes=number))

    found = lineage.lineage()

    assert (len(lineage.lines(found, 1)), len(lineage.lines(found, 2))) == (50, 3)
    assert lineage.lines(found, 2)[-1].number == 53
