"""Public profiles: what is shown, to whom, and what happens to one that is reported."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from commons.accounts import leaving
from commons.accounts.models import User
from commons.errors import NotAllowed
from commons.permissions import Role
from community.circle import commenting
from community.circle.interests.models import Reason
from community.circle.people import profiles, reporting
from community.circle.people.models import Part
from community.members.models import Member
from community.members.roster import staff_handle
from community.notices import reading
from community.notices.saying import say
from tests.community.circle.factories import HTMX, make_comment
from tests.factories import NOON, make_circle_post, make_fan, make_staff, sign_in

MINE = "/circle/me/profile"
DESK = "/people"
EVERYTHING = [part.value for part in Part]


@pytest.fixture
def fan(app: Flask, at: datetime) -> Member:
    return make_fan("小满", NOON, language="en")


@pytest.fixture
def browser(app: Flask, fan: Member) -> FlaskClient:
    return come_in(app, fan.user)


@pytest.fixture
def reviewer(app: Flask, fan: Member) -> FlaskClient:
    return come_in(app, make_staff(Role.SOCIAL_MANAGER, language="en"))


def come_in(app: Flask, user: User | None) -> FlaskClient:
    assert user is not None
    client: FlaskClient = app.test_client()
    sign_in(client, user)
    return client


def show(fan: Member, *parts: Part, findable: bool = False) -> str:
    profiles.change(fan, on=True, parts=parts, findable=findable, at=NOON)
    return address_of(fan)


def address_of(fan: Member) -> str:
    return f"/circle/people/{fan.public_id}"


def test_a_profile_is_nowhere_until_its_owner_shows_it(client: FlaskClient, browser: FlaskClient, fan: Member) -> None:
    assert client.get(address_of(fan)).status_code == 404
    assert browser.get(MINE).status_code == 200
    assert client.get(address_of(fan)).status_code == 404
    browser.post(MINE, data={"on": "y", "parts": ["level"]})
    assert client.get(address_of(fan)).status_code == 200
    browser.post(MINE, data={"parts": ["level"]})
    assert client.get(address_of(fan)).status_code == 404


def test_little_is_ticked_at_first(browser: FlaskClient) -> None:
    page = browser.get(MINE).text

    assert re.findall(r'<input checked [^>]*value="(\w+)"', page) == ["level"]


def test_only_what_was_chosen_is_shown(client: FlaskClient, fan: Member) -> None:
    english = {"Accept-Language": "en"}
    show(fan)
    bare = client.get(address_of(fan), headers=english).text
    show(fan, *Part)
    whole = client.get(address_of(fan), headers=english).text

    for words in ("Newcomer", "Here since", "Badges", "Interest circles", "Featured", "Newest posts"):
        assert words not in bare.partition("<main")[2]
        assert words in whole.partition("<main")[2]
    assert fan.user is not None
    assert str(fan.user.email) not in whole


def test_search_engines_are_asked_to_stay_away_unless_the_fan_wants_them(client: FlaskClient, fan: Member) -> None:
    assert 'content="noindex"' in client.get(show(fan)).text
    assert 'content="noindex"' not in client.get(show(fan, findable=True)).text


def test_networks_get_a_picture_only_of_a_card_that_is_shown(client: FlaskClient, fan: Member) -> None:
    show(fan)
    assert "og:image" not in client.get(address_of(fan)).text
    fan.card_public = True
    assert f"/circle/cards/{fan.public_id}/card.png" in client.get(address_of(fan)).text


def test_names_under_posts_lead_to_profiles_that_are_shown(client: FlaskClient, fan: Member) -> None:
    post, other = make_circle_post(), make_fan("阿木")
    make_comment(post, fan)
    make_comment(post, other)
    commenting.say(post, staff_handle(make_staff(), NOON), "谢谢", NOON, key="formkey-house")
    show(fan)

    page = client.get(f"/circle/posts/{post.public_id}").text

    assert f'href="{address_of(fan)}"' in page
    assert address_of(other) not in page
    assert page.count('href="/circle/people/') == 2


def test_who_speaks_for_the_brand_has_a_page_that_says_so_and_nothing_personal(
    client: FlaskClient, fan: Member
) -> None:
    staff = make_staff(name="周砚")
    handle = staff_handle(staff, NOON)

    page = client.get(f"/circle/people/{handle.public_id}", headers={"Accept-Language": "en"})

    assert "Administrator of" in page.text
    assert "Official" in page.text
    assert "周砚" not in page.text
    assert client.get(f"/circle/people/{staff.public_id}").status_code == 404


@pytest.mark.parametrize("how", ["erased", "ended"])
def test_the_profile_of_somebody_who_is_gone_is_gone(client: FlaskClient, fan: Member, how: str) -> None:
    show(fan)
    assert fan.user is not None
    if how == "ended":
        fan.user.ended_at = NOON
    else:
        leaving.erase(fan.user, NOON)

    assert client.get(address_of(fan)).status_code == 404
    if how == "erased":
        assert profiles.profile_of(fan) is None


def test_a_hostile_name_is_only_a_name(client: FlaskClient, fan: Member) -> None:
    fan.name = '"><script>alert(1)</script>\u202e'
    fan.card_public = True

    assert "<script>alert" not in client.get(show(fan)).text


def test_a_report_waits_for_staff_once(app: Flask, fan: Member, reviewer: FlaskClient) -> None:
    show(fan)
    other = come_in(app, make_fan("阿木", language="en").user)

    for _twice in range(2):
        other.post(f"{address_of(fan)}/report", data={"reason": "abuse", "note": "<b>rude</b>"})

    desk = reviewer.get(DESK).text
    assert "Attacks or insults somebody × 1" in desk
    assert "&lt;b&gt;rude" in desk
    assert reporting.waiting() == 1
    assert "You have reported it" in other.get(address_of(fan)).text


def test_nobody_reports_himself_and_strangers_sign_in_first(
    client: FlaskClient, browser: FlaskClient, fan: Member
) -> None:
    show(fan)

    assert browser.post(f"{address_of(fan)}/report", data={"reason": "abuse"}).status_code == 403
    assert client.post(f"{address_of(fan)}/report", data={"reason": "abuse"}).status_code == 303
    assert reporting.waiting() == 0


def test_left_as_it_is_nothing_happens_to_it(client: FlaskClient, fan: Member, reviewer: FlaskClient) -> None:
    show(fan)
    report(fan)

    reviewer.post(f"{DESK}/{fan.public_id}/leave-it")

    assert client.get(address_of(fan)).status_code == 200
    assert reporting.waiting() == 0


def test_taken_away_its_owner_reads_why_and_may_ask_again(
    client: FlaskClient, fan: Member, browser: FlaskClient, reviewer: FlaskClient
) -> None:
    show(fan)
    report(fan)

    assert reviewer.post(f"{DESK}/{fan.public_id}/take-away", data={"reason": ""}).status_code == 422
    reviewer.post(f"{DESK}/{fan.public_id}/take-away", data={"reason": "Rule 3: somebody else's name"})
    assert client.get(address_of(fan)).status_code == 404
    assert "Rule 3: somebody else&#39;s name" in browser.get(MINE).text
    with force_locale("en"):
        assert "taken away" in say(reading.page(fan, 1).notices[0])
    with pytest.raises(NotAllowed):
        profiles.change(fan, on=True, parts=[], findable=False, at=NOON)

    browser.post(f"{MINE}/again")
    assert reporting.waiting() == 1
    assert "Somebody will look again" in browser.get(MINE).text
    reviewer.post(f"{DESK}/{fan.public_id}/give-back")
    assert client.get(address_of(fan)).status_code == 200
    assert reporting.waiting() == 0


def test_another_look_may_change_nothing(fan: Member, browser: FlaskClient, reviewer: FlaskClient) -> None:
    show(fan)
    reviewer.post(f"{DESK}/{fan.public_id}/take-away", data={"reason": "Rule 3"})
    browser.post(f"{MINE}/again")

    reviewer.post(f"{DESK}/{fan.public_id}/leave-it")

    assert reporting.waiting() == 0
    profile = profiles.profile_of(fan)
    assert profile is not None
    assert profile.hidden_at is not None
    assert reading.unseen(fan) == 2


def test_fans_do_not_find_the_desk(browser: FlaskClient, client: FlaskClient) -> None:
    assert browser.get(DESK).status_code == 404
    assert client.get(DESK).status_code == 303


def test_ones_data_hold_the_profile(fan: Member) -> None:
    show(fan, Part.LEVEL)
    assert fan.user is not None

    assert leaving.export(fan.user, NOON)["public_profile"]["parts"] == ["level"]


def test_the_switches_work_with_htmx_and_without(browser: FlaskClient, fan: Member) -> None:
    assert browser.post(MINE, data={"on": "y", "parts": EVERYTHING}).status_code == 303
    assert browser.post(MINE, data={"on": "y", "parts": EVERYTHING}, headers=HTMX).status_code == 204
    assert browser.post(MINE, data={"on": "y", "parts": ["nonsense"]}).status_code == 422


def report(fan: Member) -> None:
    profile = profiles.profile_of(fan)
    assert profile is not None

    reporting.report(profile, make_fan("阿木"), Reason.OTHER, NOON)
