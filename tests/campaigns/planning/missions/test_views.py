"""The missions of a campaign on screen."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from campaigns.planning.models import MissionKind
from commons.permissions import Role
from community.circle.checking_in import check_in
from tests.campaigns.factories import make_campaign, make_plan, mission
from tests.factories import make_fan, make_staff, sign_in


def filled(**changes: str) -> dict[str, str]:
    return {"title": "说三次话", "title_en": "Say three things", "needed": "3", "evidence": "network", **changes}


def test_every_kind_is_offered_and_its_form_opens(lead: FlaskClient) -> None:
    campaign = make_campaign()
    page = lead.get(f"/planning/{campaign.public_id}/missions").text

    for kind in MissionKind:
        address = f"/planning/{campaign.public_id}/missions/new/{kind.value}"
        assert address in page
        assert lead.get(address).status_code == 200
    assert lead.get(f"/planning/{campaign.public_id}/missions/new/riot").status_code == 404


def test_a_mission_is_added_with_words_in_both_languages(lead: FlaskClient) -> None:
    campaign = make_plan(missions=[])

    answer = lead.post(f"/planning/{campaign.public_id}/missions/new/comment", data=filled())

    assert answer.location == f"/planning/{campaign.public_id}/missions"
    (one,) = campaign.missions
    assert (one.kind, one.title, one.title_en, one.needed) == ("comment", "说三次话", "Say three things", 3)
    assert "Say three things" in lead.get(answer.location).text


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("comment", {"title": " "}, "Please fill this in"),
        ("comment", {"needed": "0"}, "between 1 and 100"),
        ("comment", {"evidence": "self_declared"}, "Not a valid choice"),
        ("comment", {"opens": "2026-03-04T09:00", "closes": "2026-03-04T08:00"}, "must close after it opens"),
        ("comment", {"closes": "2029-03-04T08:00"}, "within its campaign"),
        ("answer", {"settings-question": ""}, "Please fill this in"),
        ("answer", {"settings-question": "?", "settings-choices": "一"}, "at least two answers"),
        ("answer", {"settings-question": "?", "settings-choices": "一\n二", "settings-right": "3"}, "by their numbers"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_added(
    lead: FlaskClient, kind: str, changes: dict[str, str], words: str
) -> None:
    campaign = make_plan(missions=[])

    answer = lead.post(f"/planning/{campaign.public_id}/missions/new/{kind}", data=filled(**changes))

    assert answer.status_code == 422
    assert words in answer.text
    assert campaign.missions == []


def test_the_order_changes_by_buttons_and_by_dragging(lead: FlaskClient) -> None:
    campaign = make_campaign(mission(MissionKind.COMMENT), mission(MissionKind.CHECK_IN))
    first, second = (one.public_id for one in campaign.missions)

    lead.post(f"/planning/missions/{second}/move", data={"to": "up"})
    assert [one.public_id for one in campaign.missions] == [second, first]

    region = lead.post(
        f"/planning/{campaign.public_id}/missions/order",
        data={"mission": [first, second]},
        headers={"HX-Request": "true"},
    )
    assert [one.public_id for one in campaign.missions] == [first, second]
    assert region.text.lstrip().startswith('<div id="missions"')


def test_a_used_mission_offers_to_be_closed_and_not_to_be_removed(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN))
    one = campaign.missions[0]
    check_in(make_fan(), at)
    page = lead.get(f"/planning/{campaign.public_id}/missions").text
    assert f"/planning/missions/{one.public_id}/close" in page
    assert f"/planning/missions/{one.public_id}/remove" not in page

    lead.post(f"/planning/missions/{one.public_id}/remove")
    assert campaign.missions == [one]
    lead.post(f"/planning/missions/{one.public_id}/close")
    assert one.closed_at == at


def test_a_promised_mission_keeps_what_it_asks_for_and_the_form_says_so(lead: FlaskClient) -> None:
    campaign = make_campaign(mission(MissionKind.COMMENT))
    address = f"/planning/missions/{campaign.missions[0].public_id}"
    assert "have been promised" in lead.get(address).text

    answer = lead.post(address, data=filled(needed="9"))

    assert answer.status_code == 409
    assert "what it asks for stays" in answer.text


def test_the_words_of_a_promised_question_can_be_mended(lead: FlaskClient) -> None:
    asks = {"question": "哪一棵？", "question_en": "", "choices": "桂花\n柚子", "right": "2"}
    (one,) = make_campaign(mission(MissionKind.ANSWER, settings=asks)).missions
    form = {f"settings-{name}": words.replace("\n", "\r\n") for name, words in asks.items()}

    answer = lead.post(f"/planning/missions/{one.public_id}", data=filled(title="答一题", needed="1", **form))

    assert answer.status_code == 303
    assert (one.title, one.settings) == ("答一题", asks)


def test_who_only_reads_sees_them_and_changes_nothing(client: FlaskClient, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.COMMENT))
    sign_in(client, make_staff(Role.SOCIAL_MANAGER, language="en"))

    assert "comment × 1" in client.get(f"/planning/{campaign.public_id}/missions").text
    for address in (f"missions/{campaign.missions[0].public_id}/close", f"{campaign.public_id}/missions/order"):
        assert client.post(f"/planning/{address}").status_code == 404
    assert campaign.missions[0].closed_at is None
