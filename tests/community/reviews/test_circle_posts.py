"""What fans write in interest circles goes through the same rules and the same queue."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db
from commons.events import Evidence
from commons.i18n import Words
from commons.permissions import Role
from community.circle.interests import circles, joining, measures, posting, reading, reporting, tending
from community.circle.interests.models import CirclePost, Reason
from community.loyalty.accounts import balance
from community.loyalty.models import Currency
from community.loyalty.rules import versions as rules
from community.loyalty.rules.verdicts import Terms
from community.members import roster
from community.members.models import Member
from community.notices.models import Notice
from community.reviews import appealing, deciding, leaving, submitting, thresholds
from community.reviews.models import Kind, State, Submission, Verdict, Wait
from tests.community.reviews.factories import decide, hand_in, published, reviewer
from tests.factories import NOON, make_fan, make_staff, sign_in

LATER = NOON + timedelta(minutes=9)


def write(fan: Member, text: str, number: int = 1) -> CirclePost:
    look = circles.Look(Words("茶席", "Tea table"), Words("喝茶", "Tea"), Words("好好说话", "Be kind"), "mug")
    circle = circles.open_circle(look, by=make_staff(Role.SOCIAL_MANAGER), at=NOON)
    joining.join(circle, fan, NOON)
    return posting.say(circle, roster.handle_of(fan), text, NOON, key=f"formkey{number}a")


def submission_of(post: CirclePost) -> Submission:
    return db.session.scalars(select(Submission).where(Submission.subject_id == post.id)).one()


def test_clean_words_stand_at_once(app: Flask) -> None:
    post = write(make_fan(), "好。")

    assert post.stands
    assert (submission_of(post).kind, submission_of(post).state) == (Kind.FOREIGN, State.PUBLISHED)


@pytest.mark.parametrize(("verdict", "clause", "stands"), [(Verdict.PUBLISH, "", True), (Verdict.REFUSE, "2.1", False)])
def test_what_a_rule_points_at_waits_and_then_follows_the_decision(
    app: Flask, verdict: Verdict, clause: str, stands: bool
) -> None:
    post = write(make_fan(), "你这个废物。")
    waiting = submission_of(post)
    assert (post.stands, waiting.wait) == (False, Wait.FLAGGED)

    decide(waiting, verdict, reviewer(), LATER, clause)

    assert post.stands is stands


def test_the_reviewer_finds_the_post_in_its_circle(app: Flask, client: FlaskClient) -> None:
    post = write(make_fan(), "你这个废物。")
    sign_in(client, make_staff(Role.SOCIAL_MANAGER))

    page = client.get(f"/reviews/{submission_of(post).public_id}")

    assert f"/circle/interests/posts/{post.public_id}" in page.text


def test_undoing_a_decision_takes_the_post_back_too(app: Flask) -> None:
    boss = reviewer()
    post = write(make_fan(), "你这个废物。")
    decision = deciding.decide(submission_of(post), Verdict.PUBLISH, by=boss, at=LATER)
    assert post.stands

    deciding.undo(decision, by=boss, at=LATER)

    assert not post.stands


def test_what_its_author_takes_back_leaves_the_queue(app: Flask) -> None:
    fan = make_fan()
    post = write(fan, "你这个废物。")

    posting.withdraw(post, roster.handle_of(fan), LATER)

    waiting = submission_of(post)
    assert (waiting.state, waiting.due_at, waiting.text) == (State.WITHDRAWN, None, "")


def test_the_export_holds_what_was_handed_in_and_what_was_decided(app: Flask) -> None:
    fan = make_fan()
    published(fan, reviewer(), "我写过的一段话")
    assert fan.user is not None

    exported = leaving.export(fan.user)["submissions"]

    assert [(one["text"], one["decisions"][0]["verdict"]) for one in exported] == [("我写过的一段话", "publish")]


def test_erasing_a_person_erases_the_words(app: Flask) -> None:
    fan = make_fan()
    made = hand_in(fan, "我写过的一段话")
    assert fan.user is not None

    leaving.erase(fan.user, LATER)

    assert (made.text, made.state) == ("", State.WITHDRAWN)
    assert not submitting.is_trusted(fan, thresholds.terms(), LATER)


def points_for_posts() -> None:
    terms = Terms(growth=10, points=10, cap_per_day=None, cooldown=0, evidence=Evidence.SELF_DECLARED)
    rules.make("circle.posted", Words("发帖", "A post"), terms, by=make_staff(), at=NOON - timedelta(days=1))


def test_what_a_host_removed_stays_removed_whatever_the_queue_says_of_it(app: Flask) -> None:
    boss = reviewer()
    post = write(make_fan(), "好。")
    removal = measures.remove(post, rule=1, reason="理由", by=roster.staff_handle(boss, NOON), at=NOON)
    waiting = submission_of(post)
    waiting.wait, waiting.due_at = Wait.SPOT_CHECK, LATER

    decide(waiting, Verdict.KEEP, boss, LATER)
    assert not post.stands

    measures.lift(removal, roster.staff_handle(boss, NOON), LATER)
    assert post.stands


def test_what_the_queue_removed_stays_removed_when_a_host_lifts_his_own_removal(app: Flask) -> None:
    boss = reviewer()
    house = roster.staff_handle(boss, NOON)
    post = write(make_fan(), "好。")
    removal = measures.remove(post, rule=1, reason="理由", by=house, at=NOON)
    decide(submission_of(post), Verdict.REMOVE, boss, LATER, "4.2")

    measures.lift(removal, house, LATER)

    assert not post.stands


def test_words_withdrawn_where_they_were_handed_in_are_gone_from_the_circle(app: Flask) -> None:
    fan = make_fan()
    post = write(fan, "好。")

    submitting.withdraw(submission_of(post), fan, LATER)

    assert (post.text, post.withdrawn_at, post.stands) == ("", LATER, False)


def test_a_post_is_read_in_its_circle_and_not_where_shares_stand(app: Flask, client: FlaskClient) -> None:
    fan = make_fan()
    post = write(fan, "好。")
    address = submission_of(post).url
    assert fan.user is not None

    assert client.get(address).status_code == 404
    sign_in(client, fan.user)
    assert f"/circle/interests/posts/{post.public_id}" in client.get(address).text


def test_the_author_of_what_waits_or_was_refused_finds_it_and_the_way_to_appeal(
    app: Flask, client: FlaskClient
) -> None:
    fan = make_fan()
    post = write(fan, "你这个废物。")
    waiting = submission_of(post)
    assert fan.user is not None
    sign_in(client, fan.user)

    for _ in range(2):
        assert waiting.url in client.get(f"/circle/interests/posts/{post.public_id}").text
        assert waiting.url in client.get("/me/submissions").text
        if waiting.due_at is not None:
            decide(waiting, Verdict.REFUSE, reviewer(), LATER, "2.1")
    assert f"{waiting.url}/appeal" in client.get(waiting.url).text


def test_a_refused_post_that_stands_after_an_appeal_earns_once(app: Flask) -> None:
    points_for_posts()
    fan = make_fan()
    post = write(fan, "你这个废物。")
    decide(submission_of(post), Verdict.REFUSE, reviewer("甲"), NOON, "2.1")
    appealing.appeal(submission_of(post), "我说的是我自己", by=fan, at=LATER)

    decide(submission_of(post), Verdict.UPHOLD, reviewer("乙"), LATER)

    assert (post.stands, balance(fan, Currency.POINTS)) == (True, 10)


def test_a_post_whose_publication_was_undone_and_that_is_refused_keeps_nothing(app: Flask) -> None:
    points_for_posts()
    fan, boss = make_fan(), reviewer()
    post = write(fan, "你这个废物。")
    deciding.undo(deciding.decide(submission_of(post), Verdict.PUBLISH, by=boss, at=NOON), by=boss, at=NOON)

    decide(submission_of(post), Verdict.REFUSE, boss, NOON, "2.1")
    assert balance(fan, Currency.POINTS) == 0

    appealing.appeal(submission_of(post), "我说的是我自己", by=fan, at=LATER)
    decide(submission_of(post), Verdict.UPHOLD, reviewer("乙"), LATER)
    assert balance(fan, Currency.POINTS) == 10


def test_what_the_queue_removed_and_restored_earns_again_and_is_pinned_again(app: Flask) -> None:
    points_for_posts()
    fan, first = make_fan(), reviewer("甲")
    post = write(fan, "好。")
    tending.pin(post, roster.staff_handle(first, NOON), NOON)
    decide(submission_of(post), Verdict.REMOVE, first, NOON, "4.2")
    assert (reading.page(post.circle).pinned, balance(fan, Currency.POINTS)) == ([], 0)

    appealing.appeal(submission_of(post), "这不是广告", by=fan, at=LATER)
    decide(submission_of(post), Verdict.UPHOLD, reviewer("乙"), LATER)

    assert [card.post for card in reading.page(post.circle).pinned] == [post]
    assert balance(fan, Currency.POINTS) == 10


def test_a_removal_from_the_queue_answers_the_reports_in_the_circle(app: Flask) -> None:
    post, reader = write(make_fan(), "好。"), make_fan("老周")
    reporting.report(post, reader, Reason.OTHER, NOON)

    decide(submission_of(post), Verdict.REMOVE, reviewer(), LATER, "4.2")

    assert reporting.open_reports() == []
    assert "circle.report_removed" in db.session.scalars(select(Notice.kind).where(Notice.member_id == reader.id)).all()


def test_criticism_of_us_stands_in_a_circle_at_once(app: Flask) -> None:
    assert write(make_fan(), "这次的茶太差了，漏水，退款也拖了两个星期，很失望。").stands


def test_talk_makes_nobody_trusted(app: Flask) -> None:
    fan = make_fan()
    for number in range(3):
        write(fan, f"第{number}天的茶很香。", number)

    assert not submitting.is_trusted(fan, thresholds.terms(), NOON)


def test_a_mass_of_the_same_text_in_circles_waits_for_a_person_and_is_decided_at_once(app: Flask) -> None:
    text = "这款茶真的绝了，大家快去旗舰店买！"
    posts = [write(make_fan(f"粉丝{number}"), text, number) for number in range(6)]
    kept_back = [post for post in posts if not post.stands]
    assert [submission_of(post).wait for post in kept_back] == [Wait.FLAGGED] * 4

    deciding.decide_alike(
        submission_of(kept_back[0]), Verdict.REFUSE, by=reviewer(), at=LATER, clause="4.2", reason="同一段话"
    )

    assert [submission_of(post).state for post in posts] == [State.PUBLISHED] * 2 + [State.REFUSED] * 4


def test_criticism_in_a_circle_is_removed_by_nobody_alone(app: Flask) -> None:
    first = reviewer("甲")
    post = write(make_fan(), "这次的茶太差了，很失望。")

    with pytest.raises(measures.Criticism):
        measures.remove(post, rule=1, reason="影响气氛", by=roster.staff_handle(first, NOON), at=NOON)
    for _ in range(2):
        measures.hand_on(post, NOON)
    waiting = submission_of(post)
    assert (post.stands, waiting.wait, waiting.due_at) == (True, Wait.REPORT, NOON + timedelta(hours=2))

    decide(waiting, Verdict.REMOVE, first, NOON, "6.1")
    assert (post.stands, waiting.wait) == (True, Wait.SECOND)
    measures.hand_on(post, LATER)
    assert waiting.wait is Wait.SECOND


def test_a_host_who_would_remove_criticism_hands_it_on_and_is_told_so(
    app: Flask, client: FlaskClient, at: datetime
) -> None:
    post, host = write(make_fan(), "这次的茶太差了，很失望。"), make_fan("圈主")
    joining.join(post.circle, host, NOON)
    circles.name_host(post.circle, host, by=make_staff(), at=NOON)
    assert host.user is not None
    sign_in(client, host.user)

    page = f"/circle/interests/posts/{post.public_id}"
    english = {"Accept-Language": "en"}
    answer = client.post(f"{page}/remove", data={"rule": "1", "reason": "影响气氛"}, headers=english)

    assert answer.location == page
    assert post.stands
    assert submission_of(post).wait is Wait.REPORT
    assert "criticism" in client.get(page, headers=english).text
