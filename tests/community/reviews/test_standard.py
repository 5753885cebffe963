"""The content standard: what is in force, how a new version comes about, and its public page."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons import clock
from commons.errors import Conflict, Invalid
from commons.i18n import Words
from commons.permissions import Role
from community.circle.interests import measures
from community.members.roster import staff_handle
from community.reviews import standard
from community.reviews.models import StandardVersion
from community.reviews.standard import Wording
from tests.community.circle.interests.factories import make_circle, make_joined, make_post
from tests.community.reviews.factories import refused, reviewer
from tests.factories import NOON, make_fan, make_staff, sign_in

CLAUSE = {
    "number": "2.3", "title_zh": "不剧透", "title_en": "No spoilers", "text_zh": "新品公布前不剧透。",
    "text_en": "No spoilers before the day.", "grounds": "y",
}  # fmt: skip


def wording(number: str, title: str = "新的", grounds: bool = True) -> Wording:
    return Wording(number, Words(title, "New"), Words("说明", "Text"), grounds)


def draft() -> StandardVersion:
    return standard.begin(NOON)


def test_there_is_a_standard_from_the_beginning(app: Flask) -> None:
    clause = standard.clause_named("2.1")

    assert clause is not None
    assert clause.title.zh == "不辱骂他人"
    assert standard.clause_named("9.9") is None
    standard.prepare(NOON)
    assert len(standard.versions()) == 1


def test_our_promises_cannot_be_cited_against_anybody(app: Flask) -> None:
    with pytest.raises(Invalid):
        standard.ground_named("1.1")

    assert "1.1" not in {clause.number for clause in standard.grounds()}


def test_a_draft_changes_nothing_until_it_is_published(app: Flask) -> None:
    version = draft()
    standard.write(version, wording("2.3"))

    assert standard.clause_named("2.3") is None
    standard.publish(version, Words("新的一条", "One more"), by=reviewer(), at=NOON)

    assert standard.current().number == 2
    assert standard.clause_named("2.3") is not None


def test_a_number_means_what_it_meant_at_the_time(app: Flask) -> None:
    before = NOON + timedelta(days=400)
    version = standard.begin(before)
    standard.write(version, wording("2.1", "改了"), next(one for one in version.clauses if one.number == "2.1"))
    standard.publish(version, Words("改", "Changed"), by=reviewer(), at=before)

    now, then = standard.clause_named("2.1"), standard.clause_named("2.1", before - timedelta(seconds=1))

    assert now is not None
    assert now.title.zh == "改了"
    assert then is not None
    assert then.title.zh == "不辱骂他人"
    assert standard.clause_named("2.1", NOON - timedelta(days=9999)) is None


def test_there_is_one_draft_however_often_it_is_begun(app: Flask) -> None:
    assert draft() is draft()


def test_clauses_stand_in_the_order_of_their_numbers(app: Flask) -> None:
    version = draft()
    for number in ("2.10", "2.9", "2.1.5"):
        standard.write(version, wording(number))

    numbers = [clause.number for clause in version.clauses]

    assert [one for one in numbers if one.startswith("2.")] == ["2.1", "2.1.5", "2.2", "2.9", "2.10"]


@pytest.mark.parametrize("number", ["2.1", "x", "0.1", "1.2.3.4", "2.100", "", "２.１"])
def test_a_number_that_is_taken_or_is_none_is_refused(app: Flask, number: str) -> None:
    with pytest.raises(Invalid):
        standard.write(draft(), wording(number))


def test_what_is_in_force_no_longer_changes(app: Flask) -> None:
    with pytest.raises(Conflict):
        standard.write(standard.current(), wording("2.3"))
    with pytest.raises(Conflict):
        standard.strike(standard.current().clauses[0])


def test_a_standard_without_grounds_is_refused(app: Flask) -> None:
    version = draft()
    for clause in [one for one in version.clauses if one.grounds]:
        standard.strike(clause)

    with pytest.raises(Invalid):
        standard.publish(version, Words("空", "Empty"), by=reviewer(), at=NOON)


def test_a_draft_can_be_thrown_away(app: Flask) -> None:
    standard.discard(draft())

    assert standard.draft() is None
    assert standard.current().number == 1


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "批评照登"), ("en", "Criticism stays")])
def test_everybody_reads_the_standard_in_either_language(client: FlaskClient, language: str, words: str) -> None:
    page = client.get("/circle/standard", headers={"Accept-Language": language})

    assert page.status_code == 200
    assert words in page.text


def test_the_counter_stands_also_for_clauses_that_were_struck_since_and_for_the_rules_of_circles(
    client: FlaskClient, app: Flask, at: datetime
) -> None:
    refused(make_fan(), reviewer())
    version = draft()
    standard.strike(next(clause for clause in version.clauses if clause.number == "4.2"))
    standard.publish(version, Words("少一条", "One less"), by=reviewer(), at=NOON)
    circle, house = make_circle(), staff_handle(make_staff(), NOON)
    measures.remove(make_post(circle, make_joined(circle)), rule=1, reason="理由", by=house, at=NOON)
    clock.set_to(NOON + timedelta(hours=1))

    page = client.get("/circle/standard", headers={"Accept-Language": "en"})

    assert page.status_code == 200
    assert ">4.2</td>" in page.text
    assert "Rules of the circles, by their hosts" in page.text


def test_an_older_version_stays_readable_and_says_so(client: FlaskClient, app: Flask) -> None:
    version = draft()
    standard.write(version, wording("2.3"))
    standard.publish(version, Words("新", "New"), by=reviewer(), at=NOON)

    old = client.get("/circle/standard/1", headers={"Accept-Language": "en"})

    assert "This version is no longer in force" in old.text
    assert "clause-2.3" not in old.text
    assert client.get("/circle/standard/7").status_code == 404


def test_a_new_version_is_written_and_published_in_the_browser(client: FlaskClient, app: Flask, at: object) -> None:
    sign_in(client, make_staff(Role.SOCIAL_MANAGER, language="en"))

    client.post("/reviews/standard")
    added = client.post("/reviews/standard/clauses/new", data=CLAUSE)
    published = client.post("/reviews/standard/publish", data={"note_zh": "加一条", "note_en": "One more"})

    assert (added.status_code, published.status_code) == (303, 303)
    assert "No spoilers" in client.get("/circle/standard").text


def test_what_is_wrong_with_a_clause_is_said_beside_it(client: FlaskClient, app: Flask, at: object) -> None:
    sign_in(client, make_staff(Role.SOCIAL_MANAGER, language="en"))
    client.post("/reviews/standard")

    answer = client.post("/reviews/standard/clauses/new", data=CLAUSE | {"number": "2.1"})

    assert answer.status_code == 422
    assert "There is a clause 2.1 already." in answer.text


def test_a_clause_is_changed_and_struck_only_in_the_draft(client: FlaskClient, app: Flask, at: object) -> None:
    sign_in(client, make_staff(Role.SOCIAL_MANAGER, language="en"))
    in_force = standard.current().clauses[0].public_id
    client.post("/reviews/standard")
    mine = next(one for one in draft().clauses if one.number == "6.2").public_id

    changed = client.post(f"/reviews/standard/clauses/{mine}", data=CLAUSE | {"number": "6.3"})
    struck = client.post(f"/reviews/standard/clauses/{in_force}/strike")

    assert (changed.status_code, struck.status_code) == (303, 404)
    assert {"6.3"} <= {one.number for one in draft().clauses}
    client.post("/reviews/standard/discard")
    assert standard.draft() is None


@pytest.mark.parametrize("role", [Role.SERVICE_AGENT, Role.EXECUTIVE])
def test_only_who_may_changes_it(client: FlaskClient, app: Flask, role: Role) -> None:
    sign_in(client, make_staff(role))

    assert client.get("/reviews/standard").status_code == 404
    assert client.post("/reviews/standard").status_code == 404


def test_a_fan_does_not_find_the_queue(client: FlaskClient, app: Flask) -> None:
    fan = make_fan()
    assert fan.user is not None
    sign_in(client, fan.user)

    assert client.get("/reviews").status_code == 404
