"""Reports, mutes and removals: by a rule, with a notice, and with an appeal that restores everything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from commons.db import db
from commons.errors import Conflict, Invalid, NotAllowed
from commons.events import Evidence
from commons.i18n import Words
from community.circle.interests import circles, joining, measures, posting, reading, reporting, tending
from community.circle.interests.models import InterestCircle, Measure, Reason
from community.loyalty.accounts import balance
from community.loyalty.books.reconciling import reconcile
from community.loyalty.models import Currency
from community.loyalty.rules import versions as rules
from community.loyalty.rules.verdicts import Terms
from community.members.models import Member
from community.members.roster import handle_of
from community.notices.models import Notice
from tests.community.circle.interests.factories import (
    brand,
    look,
    make_circle,
    make_host,
    make_joined,
    make_post,
    user_of,
)
from tests.factories import NOON, make_staff


def muted(circle: InterestCircle, member: Member, days: int = 3) -> Measure:
    return measures.mute(circle, member, rule=1, reason="三次人身攻击", days=days, by=brand(), at=NOON)


def told(member: Member) -> list[str]:
    query = select(Notice.kind).where(Notice.member_id == member.id).order_by(Notice.id)
    return list(db.session.scalars(query))


def test_a_muted_member_reads_on_and_writes_again_when_the_term_is_over(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    measure = muted(circle, fan)
    with pytest.raises(NotAllowed):
        make_post(circle, fan, at=NOON + timedelta(days=2))
    assert make_post(circle, fan, at=NOON + timedelta(days=3)).stands
    assert (measure.rule_number, measure.rule, told(fan)) == (1, "好好说话", ["circle.muted"])


def test_a_mute_holds_in_its_circle_only_and_leaving_does_not_end_it(app: Flask) -> None:
    circle, other = make_circle(), make_circle("相机", "Cameras")
    fan = make_joined(circle)
    joining.join(other, fan, NOON)
    muted(circle, fan)
    joining.leave(circle, fan, NOON)
    joining.join(circle, fan, NOON + timedelta(minutes=1))
    assert posting.mute_of(circle, handle_of(fan), NOON) is not None
    assert make_post(other, fan).stands


def test_a_mute_needs_a_rule_of_the_circle_and_a_term(app: Flask) -> None:
    circle = make_circle()
    fan, host = make_joined(circle), make_host(circle)
    for rule, days in ((3, 3), (0, 3), (1, 0), (1, 31)):
        with pytest.raises(Invalid):
            measures.mute(circle, fan, rule=rule, reason="理由", days=days, by=handle_of(host), at=NOON)
    with pytest.raises(NotAllowed):
        measures.mute(circle, host, rule=1, reason="理由", days=1, by=handle_of(host), at=NOON)
    muted(circle, fan)
    with pytest.raises(Conflict):
        muted(circle, fan)


def test_the_rule_is_kept_as_it_read(app: Flask) -> None:
    circle = make_circle()
    measure = muted(circle, make_joined(circle))
    changed = look()
    circles.change(circle, circles.Look(changed.name, changed.about, changed.name, "mug"), by=make_staff(), at=NOON)
    assert measure.rule == measure.rule_words == "好好说话"


def test_a_rule_that_still_reads_so_is_told_in_the_language_of_the_reader(app: Flask) -> None:
    measure = muted(make_circle(), make_joined(make_circle()))
    with force_locale("en"):
        assert (measure.rule, measure.rule_words) == ("好好说话", "Speak kindly")


def test_a_removed_post_stands_no_longer_and_its_reports_are_answered(app: Flask) -> None:
    circle = make_circle()
    fan, reader = make_joined(circle), make_joined(circle, "老周")
    post = make_post(circle, fan, "加我微信返现")
    for _ in range(2):
        reporting.report(post, reader, Reason.ADVERTISING, NOON, "到处发")
    assert [(one.post, one.notes) for one in reporting.open_reports(circle)] == [(post, ["到处发"])]
    measures.remove(post, rule=2, reason="广告", by=brand(), at=NOON)
    assert (post.stands, post.text, reporting.open_reports()) == (False, "加我微信返现", [])
    assert (told(fan), told(reader)) == (["circle.post_removed"], ["circle.report_removed"])
    with pytest.raises(Conflict):
        measures.remove(post, rule=2, reason="广告", by=brand(), at=NOON)


def test_the_brand_is_not_removed(app: Flask) -> None:
    circle, by = make_circle(), brand()
    post = posting.say(circle, by, "早", NOON, key="brandkey01")
    with pytest.raises(NotAllowed):
        measures.remove(post, rule=1, reason="理由", by=by, at=NOON)


def test_an_appeal_that_is_upheld_restores_everything(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    post = make_post(circle, fan)
    removal = measures.remove(post, rule=1, reason="理由", by=brand(), at=NOON)
    measures.appeal(removal, "我没有骂人", NOON)
    assert measures.appeals(circle) == [removal]
    measures.decide(removal, upheld=True, answer="你说得对", by=brand(), at=NOON)
    assert (post.stands, removal.holds(NOON), measures.appeals()) == (True, False, [])
    assert told(fan) == ["circle.post_removed", "circle.measure_lifted"]


def points_for_posts(amount: int = 10) -> None:
    terms = Terms(growth=amount, points=amount, cap_per_day=None, cooldown=0, evidence=Evidence.SELF_DECLARED)
    rules.make("circle.posted", Words("发帖", "A post"), terms, by=make_staff(), at=NOON - timedelta(days=1))


def has(member: Member) -> tuple[int, int]:
    return balance(member, Currency.POINTS), balance(member, Currency.GROWTH)


def test_what_a_removed_post_had_earned_goes_with_it_and_comes_back_with_an_upheld_appeal(app: Flask) -> None:
    points_for_posts()
    circle = make_circle()
    fan = make_joined(circle)
    post = make_post(circle, fan)
    assert has(fan) == (10, 10)

    removal = measures.remove(post, rule=1, reason="理由", by=brand(), at=NOON)
    assert has(fan) == (0, 0)

    measures.appeal(removal, "我没有骂人", NOON)
    measures.decide(removal, upheld=True, answer="你说得对", by=brand(), at=NOON + timedelta(days=2))
    measures.lift(removal, brand(), NOON + timedelta(days=2))
    assert has(fan) == (10, 10)
    assert reconcile() == []


def test_a_post_that_came_back_and_is_removed_or_withdrawn_again_pays_nothing(app: Flask) -> None:
    points_for_posts()
    circle = make_circle()
    fan = make_joined(circle)
    again, taken_back = make_post(circle, fan), make_post(circle, fan, "另一句")
    for post in (again, taken_back):
        measures.lift(measures.remove(post, rule=1, reason="理由", by=brand(), at=NOON), brand(), NOON)
    assert has(fan) == (20, 20)

    measures.remove(again, rule=1, reason="理由", by=brand(), at=NOON + timedelta(hours=1))
    posting.withdraw(taken_back, handle_of(fan), NOON + timedelta(hours=1))

    assert has(fan) == (0, 0)


def test_what_its_author_withdrew_meanwhile_earns_nothing_when_the_removal_is_lifted(app: Flask) -> None:
    points_for_posts()
    circle = make_circle()
    fan = make_joined(circle)
    post = make_post(circle, fan)
    removal = measures.remove(post, rule=1, reason="理由", by=brand(), at=NOON)
    posting.withdraw(post, handle_of(fan), NOON)

    measures.lift(removal, brand(), NOON)

    assert has(fan) == (0, 0)


def test_an_appeal_in_vain_is_answered_and_the_measure_stays(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    measure = muted(circle, fan)
    measures.appeal(measure, "不公平", NOON)
    with pytest.raises(Conflict):
        measures.appeal(measure, "再说一遍", NOON)
    measures.decide(measure, upheld=False, answer="记录都在", by=brand(), at=NOON)
    assert measure.holds(NOON)
    assert told(fan)[-1] == "circle.appeal_refused"
    with pytest.raises(Conflict):
        measures.decide(measure, upheld=True, answer="改主意了", by=brand(), at=NOON)


def test_who_took_a_measure_does_not_decide_about_it(app: Flask) -> None:
    circle, by = make_circle(), brand()
    measure = measures.mute(circle, make_joined(circle), rule=1, reason="理由", days=1, by=by, at=NOON)
    measures.appeal(measure, "不公平", NOON)
    with pytest.raises(NotAllowed):
        measures.decide(measure, upheld=False, answer="就这样", by=by, at=NOON)


def test_what_no_longer_holds_cannot_be_appealed(app: Flask) -> None:
    circle = make_circle()
    measure = muted(circle, make_joined(circle), days=1)
    with pytest.raises(Conflict):
        measures.appeal(measure, "不公平", NOON + timedelta(days=1))


def test_a_member_finds_only_what_concerns_him(app: Flask) -> None:
    circle = make_circle()
    fan, other = make_joined(circle), make_joined(circle, "老周")
    measure = muted(circle, fan)
    found = [list(db.session.scalars(Measure.visible_to(user_of(one)))) for one in (fan, other)]
    assert found == [[measure], []]


def test_an_upheld_appeal_gives_back_that_a_post_was_pinned_and_featured(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    post = make_post(circle, fan)
    tending.pin(post, brand(), NOON)
    tending.feature(post, brand(), NOON)
    removal = measures.remove(post, rule=1, reason="理由", by=brand(), at=NOON)
    assert (reading.page(circle).pinned, reading.page(circle, featured=True).cards) == ([], [])

    measures.appeal(removal, "我没有骂人", NOON)
    measures.decide(removal, upheld=True, answer="你说得对", by=brand(), at=NOON)

    assert [card.post for card in reading.page(circle).pinned] == [post]
    assert [card.post for card in reading.page(circle, featured=True).cards] == [post]


def test_nobody_lifts_what_was_decided_about_himself(app: Flask) -> None:
    circle = make_circle()
    host = make_host(circle)
    measure = muted(circle, host)
    with pytest.raises(NotAllowed):
        measures.lift(measure, handle_of(host), NOON)
    assert measure.holds(NOON)


def test_about_a_host_staff_decide_and_not_another_host(app: Flask) -> None:
    circle = make_circle()
    host, other = make_host(circle), make_host(circle, "静静")
    post = make_post(circle, other, "我来管")
    with pytest.raises(NotAllowed):
        measures.mute(circle, other, rule=1, reason="理由", days=1, by=handle_of(host), at=NOON)
    with pytest.raises(NotAllowed):
        measures.remove(post, rule=1, reason="理由", by=handle_of(host), at=NOON)
    measures.remove(post, rule=1, reason="理由", by=brand(), at=NOON)
    assert not post.stands


def test_an_appeal_against_what_was_lifted_meanwhile_needs_no_answer(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    measure = muted(circle, fan)
    measures.appeal(measure, "不公平", NOON)
    measures.lift(measure, brand(), NOON)
    with pytest.raises(Conflict):
        measures.decide(measure, upheld=False, answer="就这样", by=brand(), at=NOON)
    assert "circle.appeal_refused" not in told(fan)
