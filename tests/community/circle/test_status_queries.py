"""The status page of somebody with a full life in the circle takes as many queries as that of a newcomer, and few."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient

from campaigns.groupbuys.joining import join
from campaigns.planning.models import MissionKind
from commons import clock
from community.circle.checking_in import check_in
from community.circle.interests import joining
from community.loyalty import ledger
from community.loyalty.models import Currency
from community.members.models import Member
from tests.campaigns.factories import make_campaign, make_offer, mission, signed_in_fan
from tests.community.circle.factories import counted_queries, make_comment
from tests.community.circle.interests.factories import make_circle
from tests.community.rewards.factories import make_reward, take
from tests.factories import NOON, make_circle_post

# Four know who looks and for which brand, five the level, nine the history with its reasons; each panel takes one to three. Every
# one costs about a millisecond of two processors on which twenty fans look at once.
MOST = 34


def test_the_page_takes_few_queries_however_much_there_is_on_it(client: FlaskClient) -> None:
    clock.set_to(NOON)
    fan = signed_in_fan(client)
    client.get("/circle/me")
    _lives_fully(fan, 2)
    little = _queries(client)
    _lives_fully(fan, 9)
    much = _queries(client)

    assert len(much) == len(little)
    assert len(much) <= MOST, "\n".join(much)


def test_asking_what_is_new_takes_next_to_nothing(client: FlaskClient) -> None:
    clock.set_to(NOON)
    fan = signed_in_fan(client)
    check_in(fan, NOON)
    page = client.get("/circle/me").text
    address = page.split('hx-get="/circle/me/live?')[1].split('"')[0].replace("&amp;", "&")

    with counted_queries() as seen:
        answer = client.get(f"/circle/me/live?{address}", headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert len([statement for statement in seen if statement.startswith("SELECT")]) <= 4


def _queries(client: FlaskClient) -> list[str]:
    with counted_queries() as seen:
        assert client.get("/circle/me").status_code == 200
    asked = [statement for statement in seen if statement.startswith(("SELECT", "WITH"))]
    return [statement for statement in asked if "FROM link_domain" not in statement]  # once a second for all pages


def _lives_fully(fan: Member, times: int) -> None:
    """A part in everything that the page shows, so many times."""
    post = make_circle_post(at=NOON)
    make_campaign(mission(MissionKind.COMMENT, 20), mission(MissionKind.CHECK_IN, 20))
    ledger.earn(fan, Currency.GROWTH, 100 * times, key=f"grown:{times}", at=NOON)
    ledger.earn(fan, Currency.POINTS, 300, key=f"rich:{times}", at=NOON)
    take(make_reward(cost=20, stock=50), fan, f"token{times:07}")
    join(make_offer(), fan, NOON)
    joining.join(make_circle(f"茶友{times}", f"Tea friends {times}"), fan, NOON)
    for number in range(times):
        check_in(fan, NOON - timedelta(days=number + 10 * times))
        make_comment(post, fan, f"第{number}句", NOON + timedelta(seconds=25 * number + 300 * times))
