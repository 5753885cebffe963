"""The pages of a delivery and of holds: who sees them, what their buttons do."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from campaigns.publishing import holding
from campaigns.publishing.holding import Hold, Scope
from campaigns.publishing.models import Delivery, DeliveryState
from commons import clock, jobs
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Role
from community.channels.outcomes import Ambiguous, NotSent
from tests.campaigns.publishing.running import run
from tests.campaigns.publishing.scripted import HOUR, Scripted, planned_there
from tests.campaigns.publishing.test_holding import planned
from tests.factories import make_fan, make_staff, sign_in


@pytest.fixture
def unknown(client: FlaskClient, author: User, at: datetime, network: Scripted) -> Delivery:
    network.sends = [Ambiguous("timed out")]
    delivery = planned_there(author, at)
    run(at + HOUR)
    clock.set_to(at + 2 * HOUR)
    sign_in(client, author)
    return delivery


def test_the_page_shows_every_try_in_words_and_the_three_buttons(client: FlaskClient, unknown: Delivery) -> None:
    page = client.get(unknown.url, headers={"Accept-Language": "en"}).text
    for address in ("live", "not-there", "check-again"):
        assert f'action="{unknown.url}/{address}"' in page
    assert page.count("<tr>") == 5


def test_a_wrong_link_is_told_at_its_place_and_kept(client: FlaskClient, unknown: Delivery) -> None:
    answer = client.post(f"{unknown.url}/live", data={"url": "https://elsewhere.example/1"})
    assert answer.status_code == 422
    assert 'value="https://elsewhere.example/1"' in answer.text
    assert unknown.state is DeliveryState.UNKNOWN


def test_a_right_link_publishes_it(client: FlaskClient, unknown: Delivery) -> None:
    answer = client.post(f"{unknown.url}/live", data={"url": "https://far.example/@brand/77"})
    assert answer.headers["Location"] == unknown.url
    assert unknown.state is DeliveryState.PUBLISHED


def test_the_second_of_two_who_decide_is_told(client: FlaskClient, unknown: Delivery) -> None:
    assert client.post(f"{unknown.url}/not-there").status_code == 303
    assert client.post(f"{unknown.url}/not-there").status_code == 409


@pytest.mark.parametrize("act", ["live", "not-there", "check-again", "rest", "leave", "send-now", "let-through"])
def test_who_may_not_schedule_may_not_decide(client: FlaskClient, unknown: Delivery, act: str) -> None:
    sign_in(client, make_staff(Role.EXECUTIVE))
    assert client.get(unknown.url).status_code == 200
    assert client.post(f"{unknown.url}/{act}").status_code == 404


def test_fans_find_nothing_there(client: FlaskClient, unknown: Delivery) -> None:
    fan = make_fan().user
    assert fan is not None
    sign_in(client, fan)
    for address in (unknown.url, f"{unknown.url}/receipt", f"{unknown.url}/receipt.json", "/publishing/holds"):
        assert client.get(address).status_code == 404


def test_the_page_asks_again_by_itself_while_it_goes_out(
    client: FlaskClient, author: User, at: datetime, network: Scripted
) -> None:
    delivery = planned_there(author, at)
    network.sends = [NotSent("no route")]
    run(at + HOUR, 0)
    sign_in(client, author)
    waiting = client.get(f"{delivery.url}/progress", headers={"HX-Request": "true"}).text
    run(at + HOUR)
    done = client.get(f"{delivery.url}/progress", headers={"HX-Request": "true"}).text
    assert 'id="delivery-progress"' in waiting
    assert ("every 2s" in waiting, "every 2s" in done) == (True, False)


def test_checking_now_writes_down_what_it_finds(client: FlaskClient, author: User, at: datetime) -> None:
    delivery = planned(author, at)
    sign_in(client, author)
    assert client.post(f"{delivery.url}/check").headers["Location"] == delivery.url
    assert client.get(delivery.url).status_code == 200


def test_a_hold_begins_on_its_page_and_stands_on_every_staff_page(
    client: FlaskClient, author: User, at: datetime
) -> None:
    sign_in(client, author)
    assert "hold-banner" not in client.get("/staff").text
    form = {"scope": "everything:", "reason": "舆情未明，先停一停", "lasts": "open"}
    assert client.post("/publishing/holds", data=form).status_code == 303
    assert "舆情未明，先停一停" in client.get("/posts").text


@pytest.mark.parametrize(
    "form",
    [
        {"scope": "everything:", "reason": "", "lasts": "open"},
        {"scope": "nothing:", "reason": "why", "lasts": "open"},
        {"scope": "everything:", "reason": "why", "lasts": "time", "until": ""},
        {"scope": "everything:", "reason": "why", "lasts": "time", "until": "2020-01-01T10:00"},
    ],
)
def test_a_hold_that_says_too_little_does_not_begin(
    client: FlaskClient, author: User, at: datetime, form: dict[str, str]
) -> None:
    sign_in(client, author)
    assert client.post("/publishing/holds", data=form).status_code == 422
    assert not db.session.query(Hold).count()


def test_only_who_may_hold_holds(client: FlaskClient, author: User, at: datetime) -> None:
    sign_in(client, make_staff(Role.SERVICE_AGENT))
    form = {"scope": "everything:", "reason": "why", "lasts": "open"}
    assert client.post("/publishing/holds", data=form).status_code == 404


def test_resuming_asks_about_each_post_and_does_what_was_chosen(
    client: FlaskClient, author: User, at: datetime
) -> None:
    now, move, cancel, later = (planned(author, at, text=text) for text in ("一", "二", "三", "四"))
    hold = holding.begin(Scope.EVERYTHING, "舆情", by=author, at=at)
    jobs.drain(at + HOUR)
    clock.set_to(at + 2 * HOUR)
    sign_in(client, author)
    page = client.get(f"/publishing/holds/{hold.public_id}").text
    assert all(f'name="act-{one.public_id}"' in page for one in (now, move, cancel, later))
    form = {
        f"act-{move.public_id}": "move",
        f"when-{move.public_id}": "2026-03-05T10:00",
        f"act-{cancel.public_id}": "cancel",
        f"act-{later.public_id}": "ask",
        "act-all": "now",
    }
    client.post(f"/publishing/holds/{hold.public_id}", data=form)
    jobs.drain(at + 2 * HOUR)
    assert [one.state.value for one in (now, move, cancel, later)] == ["published", "scheduled", "cancelled", "held"]
    assert move.wall_clock == "2026-03-05T10:00:00"
    sign_in(client, author)
    assert later.url in client.get("/staff").text


def test_one_by_one_leaves_between_two_what_it_says(client: FlaskClient, author: User, at: datetime) -> None:
    deliveries = [planned(author, at, text=text) for text in ("一", "二", "三")]
    hold = holding.begin(Scope.EVERYTHING, "舆情", by=author, at=at)
    jobs.drain(at + HOUR)
    clock.set_to(at + 2 * HOUR)
    sign_in(client, author)
    page = client.get(f"/publishing/holds/{hold.public_id}", headers={"Accept-Language": "en"}).text
    assert "Send now, 30 minutes apart on each channel" in page
    client.post(f"/publishing/holds/{hold.public_id}", data={"act-all": "one_by_one"})
    dues = sorted(one.due_at for one in deliveries if one.due_at)
    assert [(due - (at + 2 * HOUR)).total_seconds() / 60 for due in dues] == [0, 30, 60]


def test_a_new_time_that_is_over_leaves_it_held_and_says_why(client: FlaskClient, author: User, at: datetime) -> None:
    delivery = planned(author, at)
    holding.begin(Scope.EVERYTHING, "舆情", by=author, at=at, until=at + 2 * HOUR)
    jobs.drain(at + HOUR)
    clock.set_to(at + 3 * HOUR)
    sign_in(client, author)
    form = {f"act-{delivery.public_id}": "move", f"when-{delivery.public_id}": "2026-02-01T10:00"}
    client.post("/publishing/holds/fallen", data=form)
    assert delivery.state is DeliveryState.HELD
    assert "data-flash" in client.get("/publishing/holds").text


def test_the_statement_goes_out_although_all_else_is_held(client: FlaskClient, author: User, at: datetime) -> None:
    delivery = planned(author, at)
    holding.begin(Scope.EVERYTHING, "舆情", by=author, at=at)
    jobs.drain(at + HOUR)
    clock.set_to(at + 2 * HOUR)
    sign_in(client, author)
    client.post(f"{delivery.url}/let-through")
    jobs.drain(at + 2 * HOUR)
    assert delivery.state is DeliveryState.PUBLISHED
