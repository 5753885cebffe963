"""The fan's status page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from commons import clock
from commons.permissions import Role
from community.circle import status
from community.circle.checking_in import check_in
from community.loyalty import ledger
from community.loyalty.models import Currency
from community.members.models import Member
from tests.community.circle.factories import HTMX, make_comment
from tests.community.loyalty.factories import by_growth_alone
from tests.community.rewards.factories import make_reward
from tests.factories import NOON, make_circle_post, make_fan, make_staff, sign_in


@pytest.fixture
def fan(client: FlaskClient) -> Member:
    """A fan, signed in in `client`, at noon."""
    clock.set_to(NOON)
    fan = make_fan("小满")
    assert fan.user is not None
    sign_in(client, fan.user)
    return fan


def test_a_new_fan_sees_where_he_stands_and_what_to_do(client: FlaskClient, fan: Member) -> None:
    page = client.get("/circle/me").text
    assert "小满" in page
    assert "初见" in page
    assert 'id="check-in"' in page
    assert "level-ring" in page


def test_today_gathers_the_same_things_into_one_line(client: FlaskClient, fan: Member) -> None:
    post = make_circle_post(at=NOON)
    for number in range(3):
        make_comment(post, fan, f"第{number}句", NOON + timedelta(seconds=21 * number))
    make_comment(post, fan, "太快", NOON + timedelta(seconds=45))
    check_in(fan, NOON)
    lines = status.status_of(fan, NOON + timedelta(minutes=1)).today
    earned = {(line.count, line.points, bool(line.why_not)) for line in lines}
    assert earned == {(3, 15, False), (1, 0, True), (1, 2, False)}


def test_the_page_asks_again_and_hears_nothing_until_something_happens(client: FlaskClient, fan: Member) -> None:
    mark = status.status_of(fan, NOON).mark
    live = f"/circle/me/live?mark={mark}&level=1"
    assert client.get(live, headers=HTMX).status_code == 204
    check_in(fan, NOON)
    answer = client.get(live, headers=HTMX).text
    assert 'id="points">2<' in answer
    assert "level-up" not in answer


def test_what_others_do_shows_after_a_while_too(client: FlaskClient, fan: Member) -> None:
    mark = status.status_of(fan, NOON).mark
    clock.advance(seconds=status.REDRAW_SECONDS)
    assert client.get(f"/circle/me/live?mark={mark}&level=1", headers=HTMX).status_code == 200


def test_a_new_level_is_announced_once(client: FlaskClient, fan: Member) -> None:
    ledger.earn(fan, Currency.GROWTH, 60, key="test", at=NOON)
    answer = client.get("/circle/me/live?mark=old&level=1", headers=HTMX).text
    assert "level-up" in answer
    assert "常客" in answer
    assert "level-up" not in client.get("/circle/me/live?mark=old&level=2", headers=HTMX).text


def test_at_the_top_there_is_no_next_level(client: FlaskClient, fan: Member) -> None:
    by_growth_alone()
    ledger.earn(fan, Currency.GROWTH, 9000, key="test", at=NOON)
    page = client.get("/circle/me").text
    assert "同路人" in page
    assert status.status_of(fan, NOON).next_perks == []


def test_at_the_top_it_says_what_is_left(client: FlaskClient, fan: Member) -> None:
    assert fan.user is not None
    fan.user.language = "en"
    by_growth_alone()
    assert "There is no higher level" not in client.get("/circle/me").text

    ledger.earn(fan, Currency.GROWTH, 9000, key="test", at=NOON)

    level = client.get("/circle/me").text.partition('id="level"')[2].partition("</section>")[0]
    assert "There is no higher level" in level
    assert 'href="/circle/me/badges"' in level
    assert 'href="/circle/board"' in level


@pytest.mark.parametrize(
    "address",
    [
        "/me/points", "/me/held", "/me/penalties", "/me/submissions", "/me/profile", "/me/notices/preferences", "/accounts#data",
        "/circle/me/badges", "/circle/board", "/circle/me/profile", "/me/shop", "/me/handles", "/me/selves", "/me/invitations",
    ],
)  # fmt: skip
def test_everything_about_a_fan_is_one_step_away(client: FlaskClient, fan: Member, address: str) -> None:
    make_reward()

    assert f'href="{address}"' in client.get("/circle/me").text
    assert client.get(address).status_code == 200


def test_the_history_has_pages(client: FlaskClient, fan: Member) -> None:
    for number in range(25):
        check_in(fan, NOON - timedelta(days=number))
    assert "page=2" in client.get("/circle/me").text
    second = client.get("/circle/me?page=2").text
    assert 'data-page="2"' in second
    assert client.get("/circle/me?page=none").status_code == 200


def test_staff_learn_that_this_is_not_theirs(client: FlaskClient) -> None:
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD))
    page = client.get("/circle/me")
    assert page.status_code == 200
    assert "level-ring" not in page.text
    assert client.get("/circle/me/live").status_code == 404


def test_strangers_are_led_to_sign_in_and_back(client: FlaskClient) -> None:
    answer = client.get("/circle/me")
    assert answer.status_code == 303
    assert "next=/circle/me" in answer.headers["Location"].replace("%2F", "/")
