"""Moving what stands in the calendar: one or many, with a report, a way back, and nothing moved by mistake."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from campaigns.posts.planner import moves
from campaigns.posts.planner.moves import Seen, carry_out, read_earlier, read_seen, to_day, to_hour
from campaigns.publishing.models import Delivery, DeliveryState
from commons.accounts.models import User
from commons.db import db
from commons.errors import Invalid
from commons.permissions import Role
from community.channels.accounts import circle_account
from tests.campaigns.posts.planner.factories import an_account, planned, planned_on
from tests.factories import make_staff, sign_in

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"
NINTH = datetime(2026, 3, 9, 2, tzinfo=UTC)


@pytest.fixture
def client(client: FlaskClient, author: User) -> FlaskClient:
    """阿岚's browser, in English; she reads times in Shanghai."""
    sign_in(client, author)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def seen(*deliveries: Delivery) -> list[Seen]:
    return [Seen(one.public_id, int(one.due_at.timestamp()) if one.due_at else 0) for one in deliveries]


def item(*deliveries: Delivery) -> str:
    assert deliveries[0].due_at is not None
    return f"{'.'.join(one.public_id for one in deliveries)}@{int(deliveries[0].due_at.timestamp())}"


def backs(page: str) -> list[str]:
    return re.findall(r'name="back" value="([^"]+)"', page)


def clocks(deliveries: Iterable[Delivery]) -> list[str | None]:
    return [one.wall_clock for one in deliveries]


def test_another_day_keeps_the_time_of_day(author: User, at: datetime) -> None:
    delivery = planned(author, at, "茶", NINTH)
    carry_out(to_day(datetime(2026, 3, 31).date(), SHANGHAI), seen(delivery), by=author, at=at)
    assert (delivery.wall_clock, delivery.zone) == ("2026-03-31T10:00:00", SHANGHAI)


def test_the_time_of_day_is_kept_where_it_was_planned_also_over_a_change_of_clocks(author: User, at: datetime) -> None:
    delivery = planned(author, at, "Tee", datetime(2026, 3, 28, 8, tzinfo=UTC), zone=BERLIN)
    assert delivery.wall_clock == "2026-03-28T09:00:00"
    carry_out(to_day(datetime(2026, 3, 30).date(), SHANGHAI), seen(delivery), by=author, at=at)
    assert (delivery.wall_clock, delivery.due_at) == ("2026-03-30T09:00:00", datetime(2026, 3, 30, 7, tzinfo=UTC))


def test_a_day_that_is_another_one_elsewhere_is_the_one_that_was_seen(author: User, at: datetime) -> None:
    delivery = planned(author, at, "Tee", datetime(2026, 3, 9, 18, tzinfo=UTC), zone=BERLIN)
    carry_out(to_day(datetime(2026, 3, 12).date(), SHANGHAI), seen(delivery), by=author, at=at)
    assert delivery.wall_clock == "2026-03-11T19:00:00"
    assert delivery.due_at == datetime(2026, 3, 11, 18, tzinfo=UTC)


def test_another_hour_keeps_the_minutes(author: User, at: datetime) -> None:
    delivery = planned(author, at, "茶", datetime(2026, 3, 9, 2, 25, tzinfo=UTC), zone=BERLIN)
    carry_out(to_hour(datetime(2026, 3, 10).date(), 20, SHANGHAI), seen(delivery), by=author, at=at)
    assert (delivery.wall_clock, delivery.zone) == ("2026-03-10T13:25:00", BERLIN)


def test_an_hour_that_clocks_skip_is_the_next_and_says_so(author: User, at: datetime) -> None:
    delivery = planned(author, at, "Tee", datetime(2026, 3, 29, 8, 30, tzinfo=UTC), zone=BERLIN)
    report = carry_out(to_hour(datetime(2026, 3, 29).date(), 2, BERLIN), seen(delivery), by=author, at=at)
    assert delivery.due_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert len(report.done) == 1


def test_the_last_of_a_month_moves_into_the_next(author: User, at: datetime) -> None:
    delivery = planned(author, at, "茶", datetime(2026, 3, 31, 2, tzinfo=UTC))
    carry_out(moves.by_days(1), seen(delivery), by=author, at=at)
    assert delivery.wall_clock == "2026-04-01T10:00:00"


def test_all_channels_of_an_entry_move_together_or_only_the_chosen(
    client: FlaskClient, author: User, at: datetime
) -> None:
    both = planned_on([an_account(), circle_account()], author, at, "两处", NINTH)
    client.post("/posts/calendar?month=2026-03", data={"item": item(*both), "act": "day", "day": "2026-03-12"})
    assert clocks(both) == ["2026-03-12T10:00:00"] * 2
    client.post("/posts/calendar?month=2026-03", data={"item": item(both[0]), "act": "days", "days": "-1"})
    assert clocks(both) == ["2026-03-11T10:00:00", "2026-03-12T10:00:00"]


def test_every_move_can_be_taken_back(client: FlaskClient, author: User, at: datetime) -> None:
    delivery = planned(author, at, "茶", NINTH)
    page = client.post("/posts/calendar", data={"item": item(delivery), "act": "day", "day": "2026-03-12"}).text
    client.post("/posts/calendar/undo", data={"back": backs(page)})
    assert (delivery.wall_clock, delivery.due_at) == ("2026-03-09T10:00:00", NINTH)


@pytest.mark.parametrize(("act", "state"), [("cancel", DeliveryState.CANCELLED), ("draft", DeliveryState.DRAFT)])
def test_cancelling_and_taking_back_can_be_taken_back(
    client: FlaskClient, author: User, at: datetime, act: str, state: DeliveryState
) -> None:
    delivery = planned(author, at, "茶", NINTH)
    page = client.post("/posts/calendar", data={"item": item(delivery), "act": act}).text
    assert delivery.state is state
    client.post("/posts/calendar/undo", data={"back": backs(page)})
    assert (delivery.state, delivery.due_at) == (DeliveryState.SCHEDULED, NINTH)


def test_what_somebody_else_moved_since_is_left_alone(client: FlaskClient, author: User, at: datetime) -> None:
    delivery = planned(author, at, "茶", NINTH)
    old = item(delivery)
    page = client.post("/posts/calendar", data={"item": old, "act": "day", "day": "2026-03-12"}).text
    again = client.post("/posts/calendar", data={"item": old, "act": "days", "days": "1"})
    assert again.status_code == 422
    assert "Somebody else moved it" in again.text
    client.post("/posts/calendar", data={"item": item(delivery), "act": "days", "days": "1"})
    assert client.post("/posts/calendar/undo", data={"back": backs(page)}).status_code == 422
    assert delivery.wall_clock == "2026-03-13T10:00:00"


def test_many_at_once_give_one_report_of_what_was_done_and_what_was_refused(
    client: FlaskClient, author: User, at: datetime
) -> None:
    soon, later = planned(author, at, "很快", at + timedelta(hours=20)), planned(author, at, "以后", NINTH)
    out = planned(author, at, "已发", NINTH)
    out.state = DeliveryState.PUBLISHED
    db.session.flush()
    answer = client.post(
        "/posts/calendar?month=2026-03",
        data={"item": [item(soon), item(later), item(out)], "act": "days", "days": "-1"},
    )
    assert answer.status_code == 200
    assert clocks([soon, later]) == ["2026-03-02T16:00:00", "2026-03-08T10:00:00"]
    assert "1 post was changed. " not in answer.text
    assert "2 were refused" in answer.text
    assert "This post is already out." in answer.text
    assert len(backs(answer.text)) == 1


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"act": "day", "day": "2026-02-27"}, "That moment has passed"),
        ({"act": "day", "day": "nope"}, "Choose a day and a time."),
        ({"act": "hour", "day": "2026-03-12", "hour": "24"}, "Choose a day and a time."),
        ({"act": "hour", "day": "0001-01-01", "hour": "3"}, "Choose a day and a time."),
        ({"act": "day", "day": "9999-12-31"}, "Choose a day and a time."),
        ({"act": "days", "days": "99999"}, "Choose by how many days"),
        ({"act": "days", "days": "0"}, "Choose by how many days"),
        ({"act": "moment", "when": "2026-03-12T10:00", "zone": "Mars/Olympus"}, "is not a time zone"),
        ({"act": "moment", "when": "x", "zone": SHANGHAI}, "Choose a day and a time."),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    client: FlaskClient, author: User, at: datetime, values: dict[str, str], words: str
) -> None:
    delivery = planned(author, at, "茶", NINTH)
    answer = client.post("/posts/calendar", data={"item": item(delivery), **values})
    assert answer.status_code == 422
    assert words in answer.text
    assert delivery.due_at == NINTH


@pytest.mark.parametrize("state", [DeliveryState.PUBLISHED, DeliveryState.CANCELLED, DeliveryState.UNKNOWN])
def test_only_what_waits_can_be_moved(author: User, at: datetime, state: DeliveryState) -> None:
    delivery = planned(author, at, "茶", NINTH)
    delivery.state = state
    report = carry_out(moves.by_days(1), seen(delivery), by=author, at=at)
    assert (len(report.done), len(report.refused), delivery.due_at) == (0, 1, NINTH)


def test_too_many_at_once_are_refused(author: User, at: datetime) -> None:
    with pytest.raises(Invalid):
        carry_out(moves.by_days(1), [Seen(f"x{number}", 1) for number in range(201)], by=author, at=at)


def test_what_does_not_read_is_left_out() -> None:
    assert read_seen(["", "a@", "@5", "a.b@7", "a@9", "x'y@1", "a@12345678901234"]) == [Seen("a", 9), Seen("b", 7)]
    assert read_earlier(["a@1@nope@UTC", "a@1@2026-03-09T10:00:00@Mars/X", "a@1@2026-03-09T10:00:00+02:00@UTC"]) == []


def test_moving_is_for_those_who_may_schedule(client: FlaskClient, author: User, at: datetime) -> None:
    delivery = planned(author, at, "茶", NINTH)
    sign_in(client, make_staff(Role.APPROVER, "顾安"))
    assert "data-item" in client.get("/posts/calendar?month=2026-03").text
    assert "entry-move" not in client.get("/posts/calendar?month=2026-03").text
    answer = client.post("/posts/calendar", data={"item": item(delivery), "act": "days", "days": "1"})
    assert (answer.status_code, delivery.due_at) == (404, NINTH)


def test_the_page_that_moves_one_entry_works_without_scripts(client: FlaskClient, author: User, at: datetime) -> None:
    both = planned_on([an_account(), circle_account()], author, at, "两处", NINTH)
    page = client.get(f"/posts/calendar/entry?month=2026-03&item={item(*both)}").text
    assert 'value="2026-03-09T10:00"' in page
    ticked = re.findall(r'name="item" value="([^"]+)"', page)
    assert len(ticked) == 2
    data = {"item": ticked, "act": "moment", "when": "2026-03-10T18:30", "zone": SHANGHAI}
    assert client.post("/posts/calendar?month=2026-03", data=data).status_code == 200
    assert clocks(both) == ["2026-03-10T18:30:00"] * 2


def test_the_page_that_moves_one_entry_leaves_out_what_has_no_time_any_more(
    client: FlaskClient, author: User, at: datetime
) -> None:
    both = planned_on([an_account(), circle_account()], author, at, "两处", NINTH)
    old = item(*both)
    carry_out(moves.take_back, seen(both[1]), by=author, at=at)
    page = client.get(f"/posts/calendar/entry?item={old}")
    assert page.status_code == 200
    assert re.findall(r'name="item" value="([^"]+)"', page.text) == [item(both[0])]
    carry_out(moves.take_back, seen(both[0]), by=author, at=at)
    assert client.get(f"/posts/calendar/entry?item={old}").status_code == 404


def test_ticking_is_offered_for_what_can_be_moved(client: FlaskClient, author: User, at: datetime) -> None:
    planned(author, at, "茶", NINTH)
    planned(author, at, "已发", NINTH + timedelta(days=1)).state = DeliveryState.PUBLISHED
    db.session.flush()
    assert "entry-tick" not in client.get("/posts/calendar?month=2026-03").text
    assert client.get("/posts/calendar?month=2026-03&select=1").text.count('class="entry-tick"') == 1
