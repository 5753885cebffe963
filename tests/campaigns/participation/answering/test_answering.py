"""Questions: answered once, in time, right or wrong or simply told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.participation.answering import answering
from campaigns.participation.answering.answering import AnsweredBefore
from campaigns.participation.barring import Late
from campaigns.planning.models import Mission, MissionKind
from commons.errors import Invalid
from tests.campaigns.factories import make_campaign, mission, signed_in_fan
from tests.campaigns.participation.factories import a_mission, counted, is_fulfilled
from tests.factories import make_fan

CHOICE = {"question": "水温几度？", "question_en": "How hot?", "choices": "80 | Eighty\n100 | A hundred", "right": "2"}
WORDS = {"question": "山叫什么？", "question_en": "", "choices": "", "right": "武夷山\nWuyi"}


def asking(settings: dict[str, str]) -> Mission:
    return a_mission(MissionKind.ANSWER, settings=settings)


@pytest.mark.parametrize(
    ("settings", "given", "is_right"),
    [
        (CHOICE, "2", True),
        (CHOICE, "1", False),
        (WORDS, " 武夷山 ", True),
        (WORDS, "ｗｕｙｉ", True),
        (WORDS, "黄山", False),
        ({**WORDS, "right": ""}, "黄山", None),
    ],
)
def test_only_what_is_not_wrong_counts(
    app: Flask, at: datetime, settings: dict[str, str], given: str, is_right: bool | None
) -> None:
    fan, one = make_fan(), asking(settings)

    kept = answering.answer(one, fan, given, at)

    assert kept.is_right is is_right
    assert is_fulfilled(one, fan) is (is_right is not False)


def test_an_answer_counts_for_its_own_question(app: Flask, at: datetime) -> None:
    asks = [mission(MissionKind.ANSWER, settings=settings) for settings in (CHOICE, WORDS)]
    fan, (first, second) = make_fan(), make_campaign(*asks).missions

    answering.answer(first, fan, "02", at)

    assert (counted(first, fan), counted(second, fan)) == (1, 0)
    assert answering.answer(first, fan, "2", at).is_right


def test_a_mission_that_asks_nothing_takes_no_answer(client: FlaskClient, at: datetime) -> None:
    signed_in_fan(client)
    address = f"/participation/missions/{a_mission(MissionKind.CHECK_IN).public_id}"

    for form in ("answer", "works", "proofs", "link"):
        assert client.post(f"{address}/{form}", data={"answer": "2"}).status_code == 404


def test_a_question_is_answered_once(app: Flask, at: datetime) -> None:
    fan, one = make_fan(), asking(CHOICE)
    answering.answer(one, fan, "1", at)

    assert answering.answer(one, fan, "1", at).choice == 1
    with pytest.raises(AnsweredBefore):
        answering.answer(one, fan, "2", at)
    assert counted(one, fan) == 0


@pytest.mark.parametrize("given", ["", "3", "0", "-1", "９", "x", "1" * 600])
def test_what_is_no_answer_is_refused(app: Flask, at: datetime, given: str) -> None:
    with pytest.raises(Invalid):
        answering.answer(asking(CHOICE), make_fan(), given, at)


def test_a_late_answer_is_refused(app: Flask, at: datetime) -> None:
    one = asking(CHOICE)

    with pytest.raises(Late):
        answering.answer(one, make_fan(), "2", one.over_at)
    with pytest.raises(Late):
        answering.answer(one, make_fan(), "2", one.begins_at - timedelta(seconds=1))


def test_a_fan_answers_on_the_page_of_the_mission(client: FlaskClient, at: datetime) -> None:
    one, fan = asking(CHOICE), signed_in_fan(client)
    address = f"/participation/missions/{one.public_id}"
    page = client.get(address).text
    assert "How hot?" in page
    assert "A hundred" in page

    assert client.post(f"{address}/answer", data={}).status_code == 422
    answer = client.post(f"{address}/answer", data={"answer": "2"})

    assert answer.location == address
    assert "Right" in client.get(address).text
    assert is_fulfilled(one, fan)


def test_a_wrong_answer_is_told_and_does_not_count(client: FlaskClient, at: datetime) -> None:
    one, fan = asking(CHOICE), signed_in_fan(client)
    address = f"/participation/missions/{one.public_id}"

    client.post(f"{address}/answer", data={"answer": "1"})

    assert "this one does not count" in client.get(address).text
    assert not is_fulfilled(one, fan)
    assert client.post(f"{address}/answer", data={"answer": "2"}).status_code == 409


def test_the_team_sees_how_fans_answered(lead: FlaskClient, at: datetime) -> None:
    one = asking(CHOICE)
    assert "Nobody has answered yet" in lead.get(f"/participation/missions/{one.public_id}/answers").text
    for given in ("1", "2", "2"):
        answering.answer(one, make_fan(), given, at)

    assert [(number, is_right) for _words, number, is_right in answering.tally(one)] == [(2, True), (1, False)]
    address = f"/participation/missions/{one.public_id}/answers"
    assert "A hundred" in lead.get(address).text
    lines = lead.get(f"{address}.csv", buffered=True).text.splitlines()
    assert [line.split(",")[2:4] for line in lines[1:]] == [
        ["Eighty", "False"],
        ["A hundred", "True"],
        ["A hundred", "True"],
    ]
