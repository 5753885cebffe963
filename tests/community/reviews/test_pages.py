"""The pages of fans and of staff, in both languages."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from commons import clock
from commons.db import db
from commons.permissions import Role
from community.members.models import Member
from community.reviews import appealing, deciding, slots
from community.reviews.checks import Terms
from community.reviews.models import Kind, State, Submission, Verdict, Wait
from tests.community.reviews.factories import KETTLE, decide, hand_in, published, refused, review_order, reviewer
from tests.factories import NOON, make_fan, make_staff, sign_in

LATER = NOON + timedelta(hours=1)
CRITICAL = "\n".join(Terms().critical_words)


@pytest.fixture
def fan(app: Flask, client: FlaskClient) -> Member:
    """The signed-in fan, whose pages are in English, at noon."""
    clock.set_to(NOON)
    member = make_fan("小满", language="en")
    assert member.user is not None
    sign_in(client, member.user)
    return member


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    """A signed-in social manager, at noon."""
    clock.set_to(NOON)
    sign_in(client, make_staff(Role.SOCIAL_MANAGER, "林夏", language="en"))
    return client


def form(**changes: object) -> dict[str, object]:
    return {"text": "今天的茶很香，配了一块饼。", "key": "formkey1a", **changes}


def picture() -> tuple[BytesIO, str]:
    data = BytesIO()
    Image.new("RGB", (640, 480), "#8a5").save(data, "JPEG")
    data.seek(0)
    return data, "tea.jpg"


def only() -> Submission:
    return db.session.scalars(select(Submission)).one()


def test_a_fan_hands_in_words_and_sees_that_somebody_looks(client: FlaskClient, fan: Member) -> None:
    answer = client.post("/circle/submit?kind=post", data=form())

    assert answer.location == only().url
    assert "Somebody looks at this" in client.get(only().url).text
    assert only().state is State.WAITING


def test_until_it_is_published_nobody_else_finds_it(client: FlaskClient, fan: Member) -> None:
    made = hand_in(make_fan("乙"))

    assert client.get(made.url).status_code == 404
    assert made.text not in client.get("/circle/shares").text


def test_pictures_are_taken_in_with_their_descriptions(client: FlaskClient, fan: Member) -> None:
    data = form(text="", files=[picture()], alt="一杯茶")

    answer = client.post("/circle/submit?kind=pictures", data=data, content_type="multipart/form-data")

    assert answer.status_code == 303
    assert [(shown.alt, shown.picture.width) for shown in only().pictures] == [("一杯茶", 640)]


def test_what_is_no_picture_is_refused_and_the_words_stay(client: FlaskClient, fan: Member) -> None:
    data = form(text="写了很久的一段话", files=[(BytesIO(b"not a picture"), "a.jpg")])

    answer = client.post("/circle/submit?kind=pictures", data=data, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert "写了很久的一段话" in answer.text
    assert db.session.scalars(select(Submission)).first() is None


def test_an_order_is_reviewed_with_stars_and_aspects(client: FlaskClient, fan: Member) -> None:
    def orders(_member: Member, _at: object) -> list[slots.Order]:
        return [KETTLE]

    slots.orders.plug(orders)
    try:
        page = client.get("/circle/submit?kind=order_review")
        data = form(order=KETTLE.ref, stars="2", quality="1", value="")
        answer = client.post("/circle/submit?kind=order_review", data=data)
        again = client.get("/circle/submit?kind=order_review")
    finally:
        slots.orders._plugs.remove(orders)

    assert "冷泡壶" in page.text
    assert answer.status_code == 303
    assert (only().stars, only().aspects, only().critical) == (2, {"quality": 1}, True)
    assert "Nothing to review" in again.text


def test_an_order_of_somebody_else_is_not_taken(client: FlaskClient, fan: Member) -> None:
    answer = client.post("/circle/submit?kind=order_review", data=form(order="seat.foreign", stars="5"))

    assert answer.status_code == 422
    assert db.session.scalars(select(Submission)).first() is None


def test_markup_in_words_is_shown_as_words(client: FlaskClient, fan: Member) -> None:
    made = published(fan, reviewer(), "<script>alert(1)</script> 好茶 <b>")

    page = client.get(made.url)

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(
    "path", ["/circle/shares", "/circle/shares?kind=order_review", "/circle/shares?about=group_buy.kettle"]
)
def test_the_wall_is_for_everybody(app: Flask, client: FlaskClient, language: str, path: str) -> None:
    decide(review_order(make_fan(), 1, "漏水，失望。"), Verdict.PUBLISH, reviewer())

    page = client.get(path, headers={"Accept-Language": language})

    assert page.status_code == 200
    assert "漏水，失望。" in page.text


def test_a_refused_author_reads_the_clause_and_appeals(client: FlaskClient, fan: Member) -> None:
    made = refused(fan, reviewer())

    page = client.get(made.url)
    client.post(f"{made.url}/appeal", data={"text": "这不是刷屏。"})

    assert "No flooding" in page.text
    assert "Somebody who has not decided before looks at it." in client.get(made.url).text
    assert only().wait is Wait.APPEAL


def test_nobody_else_appeals_or_withdraws(client: FlaskClient, fan: Member) -> None:
    made = published(make_fan("乙"), reviewer())

    assert client.post(f"{made.url}/appeal", data={"text": "x"}).status_code == 404
    assert client.post(f"{made.url}/withdraw").status_code == 404


def test_a_fan_reports_with_a_clause(client: FlaskClient, fan: Member) -> None:
    made = published(make_fan("乙"), reviewer())

    client.post(f"{made.url}/report", data={"clause": "5.2", "text": "盗图"})

    assert "You have reported this" in client.get(made.url).text
    assert only().wait is Wait.REPORT


def test_my_list_shows_how_everything_stands(client: FlaskClient, fan: Member) -> None:
    published(fan, reviewer(), "第一段不同的话")
    hand_in(fan, "第二段不同的话")

    page = client.get("/me/submissions")

    assert "Published" in page.text
    assert "Is being looked at" in page.text


def test_the_queue_leads_from_one_to_the_next(desk: FlaskClient) -> None:
    grave = hand_in(make_fan("甲"), "找 13900139000 要优惠")
    usual = hand_in(make_fan("乙"))

    page = desk.get("/reviews")
    answer = desk.post(f"/reviews/{grave.public_id}", data={"verdict": "refuse", "clause": "3.1"})

    assert page.text.index(grave.public_id) < page.text.index(usual.public_id)
    assert answer.location == f"/reviews/{usual.public_id}"
    assert grave.state is State.REFUSED
    last = desk.post(f"/reviews/{usual.public_id}", data={"verdict": "publish"})
    assert last.location == "/reviews"


def test_the_last_decision_can_be_undone_from_the_next_page(desk: FlaskClient) -> None:
    first, second = hand_in(make_fan("甲")), hand_in(make_fan("乙"), "另外一段不同的话")
    desk.post(f"/reviews/{first.public_id}", data={"verdict": "publish"})

    page = desk.get(f"/reviews/{second.public_id}")
    decision = first.decisions[0]
    assert f"/reviews/decisions/{decision.public_id}/undo" in page.text
    desk.post(f"/reviews/decisions/{decision.public_id}/undo")

    assert first.state is State.WAITING


def test_a_refusal_without_a_clause_is_asked_for_one(desk: FlaskClient) -> None:
    made = hand_in(make_fan())

    answer = desk.post(f"/reviews/{made.public_id}", data={"verdict": "refuse"})

    assert answer.status_code == 422
    assert "Name the clause" in answer.text
    assert made.state is State.WAITING


def test_who_comes_second_is_told_on_the_page(desk: FlaskClient) -> None:
    made = hand_in(make_fan())
    deciding.decide(made, Verdict.PUBLISH, by=reviewer("别人"), at=NOON)

    answer = desk.post(f"/reviews/{made.public_id}", data={"verdict": "refuse", "clause": "4.2"})

    assert answer.status_code == 409
    assert "decided meanwhile" in answer.text


def test_the_page_says_what_the_rules_saw_and_that_criticism_stays(desk: FlaskClient) -> None:
    made = review_order(make_fan(), 1, "漏水，打 13900139000 说说吧")

    page = desk.get(f"/reviews/{made.public_id}")

    assert "13900139000" in page.text
    assert "This may be criticism" in page.text
    assert "Propose to refuse" in page.text


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
@pytest.mark.parametrize(
    "path", ["/reviews", "/reviews/decided", "/reviews/thresholds", "/reviews/featured", "/reviews/standard"]
)
def test_every_staff_page_opens_empty_and_filled(app: Flask, client: FlaskClient, language: str, path: str) -> None:
    clock.set_to(NOON)
    sign_in(client, make_staff(Role.SOCIAL_MANAGER, language=language))

    assert client.get(path).status_code == 200
    refused(make_fan(), reviewer())
    hand_in(make_fan("丙"), "另外一段不同的话")
    assert client.get(path).status_code == 200


def test_thresholds_are_changed_in_the_form(desk: FlaskClient) -> None:
    page = desk.get("/reviews/thresholds")
    assert page.status_code == 200
    data = {
        "since": "0", "most_links": "0", "same_by_author": "2", "same_by_many": "3", "same_within_hours": "72",
        "most_an_hour": "5", "most_repeats": "8", "least_characters": "4", "trusted_after": "3", "trusted_days": "90",
        "spot_check_share": "10", "critical_stars": "2", "insults": "笨\n笨\n ", "contacts": "", "critical_words": CRITICAL + "\n差",
    }  # fmt: skip

    changed = desk.post("/reviews/thresholds", data=data)
    wrong = desk.post("/reviews/thresholds", data=data | {"since": "1", "same_by_many": "1"})

    assert changed.status_code == 303
    assert wrong.status_code == 422
    assert [row["sight"] for row in hand_in(make_fan(), "你真笨呀这个人").findings] == ["insult"]


def test_something_is_featured_and_stands_on_the_wall_and_beside_the_feed(desk: FlaskClient, app: Flask) -> None:
    made = published(make_fan("甲"), reviewer(), "值得放在最上面的一段话")
    data = {
        "place": "circle",
        "starts": "2026-03-01T20:00",
        "ends": "2026-03-08T20:00",
        "zone": "Asia/Shanghai",
        "note": "好看",
    }

    for place in ("circle", "shares"):
        answer = desk.post(f"/reviews/{made.public_id}/feature", data=data | {"place": place})
        assert answer.status_code == 303
    taken = desk.post(f"/reviews/{made.public_id}/feature", data=data)

    assert taken.status_code == 409
    assert "值得放在最上面的一段话" in desk.get("/circle").text
    assert "好看" in desk.get("/circle/shares").text
    assert "值得放在最上面的一段话" in desk.get("/reviews/featured").text


def test_executives_do_not_decide(app: Flask, client: FlaskClient) -> None:
    made = hand_in(make_fan())
    sign_in(client, make_staff(Role.EXECUTIVE))

    assert client.get("/reviews").status_code == 404
    assert client.post(f"/reviews/{made.public_id}", data={"verdict": "publish"}).status_code == 404
    assert made.kind is Kind.POST


def test_what_a_picture_is_said_to_show_is_looked_at_and_read_by_the_reviewer(
    client: FlaskClient, fan: Member, app: Flask
) -> None:
    data = form(text="一杯茶", files=[picture()], alt="加微信 laocha88 便宜卖")
    client.post("/circle/submit?kind=pictures", data=data, content_type="multipart/form-data")
    assert [row["sight"] for row in only().findings] == ["contact"]

    desk = app.test_client()
    sign_in(desk, make_staff(Role.SOCIAL_MANAGER, language="en"))

    assert desk.get(f"/reviews/{only().public_id}").text.count("laocha88") >= 2


def test_an_author_who_was_right_reads_so(client: FlaskClient, fan: Member) -> None:
    made = refused(fan, reviewer("甲"))
    appealing.appeal(made, "这不是刷屏。", by=fan, at=LATER)
    decide(made, Verdict.UPHOLD, reviewer("乙"), LATER, reason="看错了，抱歉。")

    page = client.get(made.url).text

    assert "You were right." in page
    assert "看错了，抱歉。" in page


def test_a_post_of_a_circle_is_not_put_into_a_slot(desk: FlaskClient) -> None:
    made = published(make_fan("甲"), reviewer())
    made.kind = Kind.FOREIGN

    assert desk.get(f"/reviews/{made.public_id}/feature").status_code == 404


@pytest.mark.parametrize(
    ("path", "words"), [("/reviews/decided.csv", "请去掉微信号"), ("/circle/standard/counter.csv", "4.3")]
)
def test_what_was_decided_and_the_counter_are_files_too(desk: FlaskClient, path: str, words: str) -> None:
    decide(hand_in(make_fan()), Verdict.REFUSE, reviewer(), clause="4.3", reason="请去掉微信号。")
    clock.set_to(LATER)

    answer = desk.get(path, buffered=True)

    assert answer.mimetype == "text/csv"
    assert words in answer.text


def test_who_reviews_gets_from_what_stands_to_its_review_and_to_the_slots(desk: FlaskClient) -> None:
    made = published(make_fan("甲"), reviewer())

    page = desk.get(made.url).text

    assert f'href="/reviews/{made.public_id}"' in page
    assert f'href="/reviews/{made.public_id}/feature"' in page
