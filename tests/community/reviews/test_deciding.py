"""What people decide: with a clause, by two about criticism, undone within a minute, told after it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import db
from commons.errors import Conflict, Invalid, NotAllowed
from commons.events import Event, Evidence
from commons.i18n import Words
from community.circle.interests import circles, joining, measures, posting
from community.circle.interests.circles import Look
from community.loyalty.accounts import balance
from community.loyalty.models import Currency
from community.loyalty.rules.verdicts import Terms
from community.loyalty.rules.versions import make
from community.members import roster
from community.members.models import Member
from community.notices.models import Notice
from community.reviews import appealing, counting, deciding, reading, settling
from community.reviews.deciding import Decided
from community.reviews.models import State, Verdict, Wait
from tests.community.reviews.factories import decide, hand_in, published, refused, review_order, reviewer
from tests.factories import NOON, make_fan

SECOND = timedelta(seconds=1)
LATER = NOON + timedelta(hours=1)


def notices(member: Member) -> list[str]:
    query = select(Notice.kind).where(Notice.member_id == member.id, Notice.kind.startswith("review."))
    return list(db.session.scalars(query.order_by(Notice.id)))


def test_what_is_published_is_told_once_it_cannot_be_undone(app: Flask) -> None:
    fan, boss = make_fan(), reviewer()
    made = hand_in(fan)

    deciding.decide(made, Verdict.PUBLISH, by=boss, at=NOON)
    settling.settle(NOON + deciding.UNDO - SECOND)
    assert notices(fan) == []
    settling.settle(NOON + deciding.UNDO)
    settling.settle(NOON + 2 * deciding.UNDO)

    assert made.state is State.PUBLISHED
    assert notices(fan) == ["review.published"]


def test_a_refusal_names_a_clause(app: Flask) -> None:
    made = hand_in(make_fan())

    for clause in ("", "9.9", "1.1"):
        with pytest.raises(Invalid):
            deciding.decide(made, Verdict.REFUSE, by=reviewer(), at=NOON, clause=clause)
    assert made.state is State.WAITING


def test_the_author_reads_clause_and_reason(app: Flask) -> None:
    fan = make_fan()
    decide(hand_in(fan), Verdict.REFUSE, reviewer(), clause="4.3", reason="请去掉微信号。")

    notice = db.session.scalars(select(Notice).where(Notice.kind == "review.refused")).one()

    assert notice.member_id == fan.id
    assert notice.details["clause"] == "4.3"
    assert notice.details["reason"] == "请去掉微信号。"
    assert notice.details["title"] == {"zh": "不做广告、不引流", "en": "No advertising"}


def test_criticism_is_refused_only_by_two(app: Flask) -> None:
    fan, first, second = make_fan(), reviewer("甲"), reviewer("乙")
    made = review_order(fan, 1, "漏水，难用。")

    proposal = decide(made, Verdict.REFUSE, first, clause="6.1")
    assert (proposal.verdict, made.state, made.wait) == (Verdict.PROPOSE, State.WAITING, Wait.SECOND)
    assert notices(fan) == []
    with pytest.raises(NotAllowed):
        deciding.decide(made, Verdict.REFUSE, by=first, at=LATER, clause="6.1")
    decide(made, Verdict.REFUSE, second, LATER, "6.1")

    assert made.state is State.REFUSED
    assert notices(fan) == ["review.refused"]


def test_the_second_may_publish_it_alone(app: Flask) -> None:
    made = review_order(make_fan(), 1, "漏水，难用。")
    decide(made, Verdict.REFUSE, reviewer("甲"), clause="6.1")

    decide(made, Verdict.PUBLISH, reviewer("乙"), LATER)

    assert made.state is State.PUBLISHED


def test_a_bad_review_is_published_by_one(app: Flask) -> None:
    made = review_order(make_fan(), 1, "漏水，难用。")

    decide(made, Verdict.PUBLISH, reviewer())

    assert made.state is State.PUBLISHED


def test_who_comes_second_is_told_so(app: Flask) -> None:
    made = hand_in(make_fan())
    deciding.decide(made, Verdict.PUBLISH, by=reviewer("甲"), at=NOON)

    with pytest.raises(Decided):
        deciding.decide(made, Verdict.REFUSE, by=reviewer("乙"), at=NOON, clause="4.2")


def test_undoing_puts_it_back_where_it_stood(app: Flask) -> None:
    fan, boss = make_fan(), reviewer()
    made = hand_in(fan)
    due = made.due_at
    decision = deciding.decide(made, Verdict.REFUSE, by=boss, at=NOON, clause="4.2")

    deciding.undo(decision, by=boss, at=NOON + 59 * SECOND)
    deciding.undo(decision, by=boss, at=NOON + 59 * SECOND)
    settling.settle(LATER)

    assert (made.state, made.wait, made.due_at) == (State.WAITING, Wait.FIRST, due)
    assert notices(fan) == []
    assert counting.count(LATER).refused == 0


def test_it_is_too_late_once_the_minute_is_over(app: Flask) -> None:
    boss = reviewer()
    decision = deciding.decide(hand_in(make_fan()), Verdict.PUBLISH, by=boss, at=NOON)

    with pytest.raises(Decided):
        deciding.undo(decision, by=boss, at=NOON + deciding.UNDO)


def test_nobody_undoes_what_others_decided(app: Flask) -> None:
    decision = deciding.decide(hand_in(make_fan()), Verdict.PUBLISH, by=reviewer("甲"), at=NOON)

    with pytest.raises(NotAllowed):
        deciding.undo(decision, by=reviewer("乙"), at=NOON + SECOND)


def test_the_same_words_are_decided_together(app: Flask) -> None:
    made = [hand_in(make_fan(name), "这款茶真的绝了，大家快去买！") for name in ("甲", "乙", "丙")]

    decisions = deciding.decide_alike(made[0], Verdict.REFUSE, by=reviewer(), at=NOON, clause="4.2")

    assert len(decisions) == 3
    assert {one.state for one in made} == {State.REFUSED}


def test_the_queue_is_in_the_order_of_urgency_and_waiting_counts(app: Flask) -> None:
    usual = hand_in(make_fan("甲"), "昨天就交上来的一段话", NOON - timedelta(hours=23, minutes=30))
    fresh = hand_in(make_fan("乙"), "今天才交上来的一段话")
    grave = hand_in(make_fan("丙"), "找 13900139000 要优惠")

    order = db.session.scalars(reading.queue(reviewer())).all()

    assert order == [usual, grave, fresh]


def test_what_somebody_else_must_decide_is_not_in_my_queue(app: Flask) -> None:
    first, second = reviewer("甲"), reviewer("乙")
    made = review_order(make_fan(), 1, "漏水，难用。")
    decide(made, Verdict.REFUSE, first, clause="6.1")

    assert (reading.waiting(first), reading.waiting(second)) == (0, 1)
    assert reading.next_after(second) is made


def test_an_appeal_is_decided_by_somebody_else(app: Flask) -> None:
    fan, first, second = make_fan(), reviewer("甲"), reviewer("乙")
    made = refused(fan, first)

    appealing.appeal(made, "这不是刷屏。", by=fan, at=LATER)
    appealing.appeal(made, "真的不是。", by=fan, at=LATER)
    with pytest.raises(NotAllowed):
        deciding.decide(made, Verdict.UPHOLD, by=first, at=LATER)
    decide(made, Verdict.UPHOLD, second, LATER, reason="看错了，抱歉。")

    assert (made.state, made.published_at) == (State.PUBLISHED, LATER)
    assert notices(fan) == ["review.refused", "review.upheld"]


def test_one_appeals_once(app: Flask) -> None:
    fan = make_fan()
    made = refused(fan, reviewer("甲"))
    appealing.appeal(made, "这不是刷屏。", by=fan, at=LATER)
    decide(made, Verdict.DECLINE, reviewer("乙"), LATER, reason="是同样的话。")

    appealing.appeal(made, "再看一次。", by=fan, at=LATER)

    assert (made.state, made.wait) == (State.REFUSED, None)
    assert notices(fan)[-1] == "review.declined"


def test_there_is_nothing_to_appeal_against_before_the_author_is_told(app: Flask) -> None:
    fan = make_fan()
    made = hand_in(fan)
    deciding.decide(made, Verdict.REFUSE, by=reviewer(), at=NOON, clause="4.2")

    with pytest.raises(Conflict):
        appealing.appeal(made, "这不是刷屏。", by=fan, at=NOON)


def test_removal_takes_the_points_and_an_upheld_appeal_brings_them_back(app: Flask) -> None:
    fan, first, second = make_fan(), reviewer("甲"), reviewer("乙")
    make(
        "review.published",
        Words("发布内容", "Published"),
        Terms(growth=7, points=5, cap_per_day=None, cooldown=0, evidence=Evidence.STAFF),
        by=first,
        at=NOON - SECOND,
    )
    made = published(fan, first)
    earned = balance(fan, Currency.POINTS)

    decide(made, Verdict.REMOVE, first, LATER, "5.2")
    taken = balance(fan, Currency.POINTS)
    appealing.appeal(made, "照片是我自己拍的。", by=fan, at=LATER + deciding.UNDO)
    decide(made, Verdict.UPHOLD, second, LATER + 2 * deciding.UNDO)

    assert (earned, taken, balance(fan, Currency.POINTS)) == (5, 0, 5)
    assert balance(fan, Currency.GROWTH) == 7
    assert made.state is State.PUBLISHED


def test_a_report_brings_it_before_a_person_and_it_stands_until_then(app: Flask) -> None:
    fan, witness, boss = make_fan("甲"), make_fan("乙"), reviewer()
    made = published(fan, boss)

    appealing.report(made, "5.2", "这是我的照片", by=witness, at=LATER)
    appealing.report(made, "5.2", "再说一次", by=witness, at=LATER)

    assert (made.state, made.wait, len(made.reports)) == (State.PUBLISHED, Wait.REPORT, 1)
    decide(made, Verdict.KEEP, boss, LATER)
    assert (made.state, made.wait) == (State.PUBLISHED, None)


def test_a_report_cites_a_clause_and_not_ones_own(app: Flask) -> None:
    fan = make_fan("甲")
    made = published(fan, reviewer())

    with pytest.raises(Invalid):
        appealing.report(made, "1.1", "", by=make_fan("乙"), at=LATER)
    with pytest.raises(NotAllowed):
        appealing.report(made, "5.2", "", by=fan, at=LATER)


def test_the_public_counter_counts_by_clause_and_what_was_restored(app: Flask) -> None:
    first, second = reviewer("甲"), reviewer("乙")
    fan = make_fan()
    refused(fan, first, text="第一段不同的话")
    appealed = refused(fan, first, text="第二段不同的话")
    decide(published(fan, first, "第三段不同的话"), Verdict.REMOVE, first, NOON, "5.2")
    appealing.appeal(appealed, "不是刷屏", by=fan, at=LATER)
    decide(appealed, Verdict.UPHOLD, second, LATER)

    counter = counting.count(LATER + deciding.UNDO)

    assert [(line.number, line.refused, line.removed, line.restored) for line in counter.lines] == [
        ("4.2", 2, 0, 1),
        ("5.2", 0, 1, 0),
    ]
    assert (counter.appeals, counter.upheld) == (1, 1)


def test_the_counter_shows_what_became_of_criticism(app: Flask) -> None:
    boss = reviewer()
    for stars in (1, 2, 5, 5):
        decide(review_order(make_fan(), stars, f"给了{stars}颗星的一段话"), Verdict.PUBLISH, boss)

    counter = counting.count(LATER)

    assert (counter.critical.published, counter.critical.decided) == (2, 2)
    assert (counter.others.published, counter.others.decided) == (2, 2)


def test_a_refusal_is_on_record(app: Flask) -> None:
    boss = reviewer()
    made = refused(make_fan(), boss)

    fact = db.session.scalars(select(Event).where(Event.kind == "review.refused")).one()

    assert (fact.actor_id, fact.subject_id, fact.payload["clause"]) == (boss.id, made.id, "4.2")


def test_who_reported_something_learns_what_became_of_it(app: Flask) -> None:
    boss, witness = reviewer(), make_fan("乙")
    kept, removed = published(make_fan("甲"), boss), published(make_fan("丙"), boss, "另外一段不同的话")
    for made in (kept, removed):
        appealing.report(made, "5.2", "", by=witness, at=LATER)

    decide(kept, Verdict.KEEP, boss, LATER)
    decide(removed, Verdict.REMOVE, boss, LATER, "5.2")

    assert notices(witness) == ["review.report_kept", "review.report_removed"]


def test_the_counter_knows_what_was_removed_by_the_rules_of_a_circle(app: Flask) -> None:
    first = reviewer("甲")
    fan, look = make_fan(), Look(Words("茶席", "Tea"), Words("喝茶", "Tea"), Words("好好说话", "Be kind"), "mug")
    circle = circles.open_circle(look, by=first, at=NOON)
    joining.join(circle, fan, NOON)
    post = posting.say(circle, roster.handle_of(fan), "来我的店里看看", NOON, key="formkey1a")
    removal = measures.remove(post, rule=1, reason="理由", by=roster.staff_handle(first, NOON), at=NOON)
    measures.appeal(removal, "我没有骂人", LATER)
    measures.decide(removal, upheld=True, answer="对", by=roster.staff_handle(reviewer("乙"), NOON), at=LATER)

    counter = counting.count(LATER)

    assert [(line.number, line.removed, line.critical, line.restored) for line in counter.lines] == [("", 1, 0, 1)]
    assert (counter.removed, counter.appeals, counter.upheld) == (1, 1, 1)


def test_the_counter_says_how_much_of_what_was_refused_judged_us_badly(app: Flask) -> None:
    made = review_order(make_fan(), 1, "漏水，难用。")
    decide(made, Verdict.REFUSE, reviewer("甲"), NOON, "6.1")
    decide(made, Verdict.REFUSE, reviewer("乙"), LATER, "6.1")
    refused(make_fan("乙"), reviewer("丙"), text="今天天气不错")

    counter = counting.count(LATER + deciding.UNDO)

    assert [(line.number, line.refused, line.critical) for line in counter.lines] == [("4.2", 1, 0), ("6.1", 1, 1)]
