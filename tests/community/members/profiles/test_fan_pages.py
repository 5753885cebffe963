"""The fan's own profile page, with and without scripts."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons.accounts import leaving
from commons.errors import Gone
from community.members.models import Member
from community.members.profiles import answers, asking, consents, deciding
from community.members.profiles.models import Field, Purpose
from tests.community.circle.factories import HTMX
from tests.community.members.profiles.factories import (
    PARENT,
    allow,
    guardianship_of,
    make_asked,
    make_young,
    tell,
    values,
)
from tests.factories import NOON, make_fan, make_staff, sign_in

PAGE = "/me/profile"


def given(fan: Member, purpose: Purpose = Purpose.PROFILE) -> bool:
    return consents.given(fan.id, purpose)


def test_at_first_the_page_asks_for_consent_and_for_nothing_else(phone: FlaskClient) -> None:
    page = phone.get(PAGE).text

    assert "It is kept only with your consent." in page
    assert 'name="region"' not in page
    assert page.count("not allowed") == 5


def test_consent_is_one_click_either_way_on_the_same_page(phone: FlaskClient, fan: Member) -> None:
    allowed = phone.post(f"{PAGE}/consents/profile/give", headers=HTMX).text
    assert given(fan)
    assert 'name="region"' in allowed
    assert f'action="{PAGE}/consents/profile/withdraw"' in allowed

    answer = phone.post(f"{PAGE}/consents/profile/withdraw")
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert not given(fan)
    assert "What was allowed, and until when" in phone.get(PAGE).text


def test_the_fan_fills_in_changes_and_clears_the_record(phone: FlaskClient, fan: Member) -> None:
    allow(fan)
    told = {"region": "ZJ", "age_band": "25_34", "education": "", "interest": ["tea", "music"]}

    saved = phone.post(PAGE, data=told, headers=HTMX).text
    assert values(fan) == {"region": ["ZJ"], "age_band": ["25_34"], "interest": ["tea", "music"]}
    assert "Told by you" in saved
    assert "Zhejiang" in saved

    phone.post(f"{PAGE}/clear/interest")
    assert "interest" not in values(fan)
    phone.post(PAGE, data={"region": "", "age_band": "25_34", "education": ""})
    assert values(fan) == {"age_band": ["25_34"]}


def test_what_is_not_on_the_lists_comes_back_with_a_word(phone: FlaskClient, fan: Member) -> None:
    allow(fan)

    answer = phone.post(PAGE, data={"region": "<script>", "age_band": "", "education": ""}, headers=HTMX)

    assert answer.status_code == 422
    assert "Please check these points" in answer.text
    assert "<script>" not in answer.text
    assert values(fan) == {}


def test_without_consent_a_form_that_was_left_open_keeps_nothing_and_says_why(phone: FlaskClient, fan: Member) -> None:
    answer = phone.post(PAGE, data={"region": "ZJ", "age_band": "", "education": ""})

    assert answer.status_code == 403
    assert "Nothing may be kept without consent." in answer.text
    assert values(fan) == {}


def test_what_staff_entered_names_them_and_the_basis_as_plain_words(phone: FlaskClient, fan: Member) -> None:
    allow(fan)
    agent = make_staff(name="何田")
    answers.enter(fan, {Field.REGION: ["FJ"]}, basis="<b>said so</b>", by=agent, at=NOON)

    page = phone.get(PAGE).text

    assert "Entered by the team (<bdi>何田</bdi>)" in page
    assert "&lt;b&gt;said so&lt;/b&gt;" in page
    phone.post(f"{PAGE}/clear/region")
    assert values(fan) == {}


@pytest.mark.parametrize("address", ["consents/nothing/give", "clear/nothing", "consents/mail/steal"])
def test_what_is_none_of_ours_is_not_there(phone: FlaskClient, address: str) -> None:
    assert phone.post(f"{PAGE}/{address}").status_code == 404


def test_strangers_sign_in_and_staff_have_no_such_page(client: FlaskClient, desk: FlaskClient) -> None:
    assert client.get(PAGE).status_code == 303
    assert desk.get(PAGE).status_code == 404
    assert desk.post(f"{PAGE}/consents/profile/give").status_code == 404


def test_nobody_reaches_the_profile_of_another_fan(app: Flask, phone: FlaskClient, fan: Member) -> None:
    other = make_fan("阿木")
    allow(other)
    tell(other, region="XZ", interest=["games"])

    assert "Xizang" not in phone.get(PAGE).text.split("Tell or change it")[0]
    phone.post(f"{PAGE}/clear/region")
    phone.post(f"{PAGE}/consents/profile/withdraw")
    assert phone.get(f"/members/{other.public_id}").status_code == 404
    assert phone.get(f"/members/{other.public_id}/profile").status_code == 404
    assert phone.post(f"/members/{other.public_id}/profile", data={"region": "ZJ", "basis": "x"}).status_code == 404
    assert values(other) == {"region": ["XZ"], "interest": ["games"]}
    assert "XZ" not in phone.post("/accounts/export").text


def test_the_menu_leads_to_the_page_and_the_page_to_ones_data(phone: FlaskClient) -> None:
    assert f'href="{PAGE}"' in phone.get("/circle").text
    assert "#data" in phone.get(PAGE).text


def test_a_child_sees_that_a_guardian_has_to_agree_and_names_one(phone: FlaskClient, fan: Member) -> None:
    allow(fan)
    answer = phone.post(PAGE, data={"region": "ZJ", "age_band": "under_14", "education": ""}, headers=HTMX).text
    assert "A guardian has to agree first. Nothing was kept." in answer
    assert 'name="guardian-email"' in answer
    assert 'name="region"' not in answer

    asked = phone.post(f"{PAGE}/guardian", data={"guardian-email": PARENT}, headers=HTMX).text
    assert guardianship_of(fan).email == PARENT
    assert PARENT not in asked
    assert "p…t@example.net" in asked
    assert "Send the mail again" in asked


def test_an_own_address_is_refused_with_a_word(phone: FlaskClient, fan: Member) -> None:
    make_young(fan)
    assert fan.user is not None

    answer = phone.post(f"{PAGE}/guardian", data={"guardian-email": fan.user.email})

    assert answer.status_code == 422
    assert "That is your own address" in answer.text


def test_the_page_of_notices_says_that_the_guardian_is_asked(phone: FlaskClient, fan: Member) -> None:
    make_young(fan)

    answer = phone.post("/me/notices/preferences", data={"about_level": "mail"}, headers=HTMX).text

    assert "A guardian has to agree first" in answer
    assert Purpose.MAIL in guardianship_of(fan).purposes


def test_after_the_guardian_agreed_the_child_fills_in_and_may_ask_for_more(phone: FlaskClient, fan: Member) -> None:
    deciding.agree(make_asked(fan), [Purpose.PROFILE], NOON)

    page = phone.get(PAGE).text
    assert "The guardian has agreed" in page
    assert 'name="region"' in page
    assert re.search(r"Ask my guardian<span[^>]*> Being counted", page)

    asked = phone.post(f"{PAGE}/consents/statistics/give", headers=HTMX).text
    assert "your guardian is asked" in asked
    assert not given(fan, Purpose.STATISTICS)


def test_ones_data_hold_all_of_it_and_erasing_takes_all_of_it(fan: Member) -> None:
    deciding.agree(make_asked(fan), [Purpose.PROFILE], NOON)
    tell(fan, region="ZJ")
    user = fan.user
    assert user is not None

    whole = leaving.export(user, NOON)
    token = asking.token_of(guardianship_of(fan))
    leaving.erase(user, NOON)

    assert [(one["field"], one["value"]) for one in whole["profile"]] == [("age_band", "under_14"), ("region", "ZJ")]
    assert [one["withdrawn"] for one in whole["consents"]] == ["too_young", None]
    assert whole["guardians"][0]["email"] == PARENT
    assert values(fan) == {}
    assert consents.history(fan.id) == []
    with pytest.raises(Gone):
        asking.look(token, NOON)


def test_another_fans_data_are_not_in_ones_export(app: Flask, fan: Member) -> None:
    other = make_fan("阿木")
    allow(other)
    tell(other, region="XZ")
    client = app.test_client()
    assert fan.user is not None
    sign_in(client, fan.user)

    assert client.post("/accounts/export").get_json()["profile"] == []
