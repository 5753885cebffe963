"""The pages of approval, as people with different roles meet them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from campaigns.approval import deciding, reading, reviewing
from campaigns.approval.models import ApprovalRoute, DecisionKind, RequestState
from campaigns.publishing.models import DeliveryState
from commons import clock
from commons.accounts.models import User
from commons.db import db
from commons.errors import Gone, NotAllowed
from commons.permissions import Role
from tests.campaigns.approval.factories import a_route, asked, delivery_of, edit
from tests.factories import NOON, make_fan, make_staff, sign_in

LATER = NOON + timedelta(days=2)
ENGLISH = {"Accept-Language": "en"}


def test_the_queue_says_what_waits_for_whom(client: FlaskClient, author: User, approver: User) -> None:
    a_route()
    request = asked(author)
    sign_in(client, approver)
    page = client.get("/approval", headers={"Accept-Language": "en"}).text
    mine = page[page.index("Waits for you") :]
    assert request.public_id in mine.split("</section>")[0]
    assert "side-count" in page

    sign_in(client, author)
    assert "side-count" not in client.get("/approval").text


def test_a_decision_on_the_page_counts_once(client: FlaskClient, author: User, approver: User) -> None:
    a_route()
    request = asked(author)
    sign_in(client, approver)
    page = client.get(f"/approval/{request.public_id}").text
    assert request.post.text in page

    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen is not None
    again = {"seen": seen[1], "note": ""}
    assert client.post(f"/approval/{request.public_id}/approve", data=again).status_code == 303
    assert client.post(f"/approval/{request.public_id}/approve", data=again).status_code == 409
    assert delivery_of(request).state is DeliveryState.SCHEDULED
    assert client.post(f"/approval/{request.public_id}/undo").status_code == 303
    assert delivery_of(request).state is DeliveryState.IN_REVIEW


def test_a_no_without_a_reason_keeps_the_page(client: FlaskClient, author: User, approver: User) -> None:
    a_route()
    request = asked(author)
    sign_in(client, approver)
    assert client.post(f"/approval/{request.public_id}/reject", data={"seen": request.seen}).status_code == 422
    noted = {"seen": request.seen, "note": "日期不对"}
    assert client.post(f"/approval/{request.public_id}/changes", data=noted).status_code == 303
    assert "日期不对" in client.get(f"/approval/{request.public_id}").text
    sign_in(client, author)
    assert client.post(f"/approval/posts/{request.post.public_id}/ask-again").status_code == 303


def test_what_changed_since_is_shown_with_marks(client: FlaskClient, author: User, approver: User) -> None:
    a_route()
    request = asked(author, "旧价 98 元")
    deciding.approve(request, by=approver, seen=request.seen, at=NOON)
    edit(request.post, "新价 98 元", author, NOON)
    sign_in(client, approver)
    page = client.get(client.get("/approval").text.split('class="ask-link" href="')[1].split('"')[0]).text
    assert "<del>旧</del><ins>新</ins>" in page


def test_others_find_nothing_or_no_buttons(client: FlaskClient, author: User, approver: User) -> None:
    a_route()
    request = asked(author)
    fan = make_fan().user
    assert fan is not None
    sign_in(client, fan)
    assert client.get(f"/approval/{request.public_id}").status_code == 404
    sign_in(client, author)
    assert "data-approves" not in client.get(f"/approval/{request.public_id}").text
    assert client.post(f"/approval/{request.public_id}/approve", data={"seen": request.seen}).status_code == 404
    assert client.get("/approval/routes").status_code == 404


def test_an_administrator_sets_a_route_by_form(client: FlaskClient, author: User, approver: User) -> None:
    sign_in(client, make_staff(Role.ADMINISTRATOR, "何田"))
    data = {
        "campaign": "", "account": "", "tolerance": "30", "lasts": "7", "remind": "2",
        "steps-0-who": "campaign_lead", "steps-1-who": "people", "steps-1-people": approver.public_id, "steps-2-who": "",
    }  # fmt: skip
    assert client.post("/approval/routes/new", data=data).status_code == 303
    route = db.session.query(ApprovalRoute).one()
    assert (route.steps, route.tolerance_minutes) == ([{"role": "campaign_lead"}, {"people": [approver.id]}], 30)
    assert client.post("/approval/routes/new", data=data).status_code == 409
    assert approver.name in client.get("/approval/routes").text
    assert client.get(f"/approval/routes/{route.public_id}").text.count("checked") >= 1
    del data["steps-1-people"]
    assert client.post(f"/approval/routes/{route.public_id}", data=data).status_code == 422
    assert client.post(f"/approval/routes/{route.public_id}/remove").status_code == 303
    assert db.session.query(ApprovalRoute).count() == 0


def test_a_reviewer_outside_reads_and_decides_without_an_account(
    client: FlaskClient, author: User, approver: User
) -> None:
    a_route()
    request = asked(author)
    token = reviewing.invite(request, "品牌方王总", "", LATER, by=approver, at=NOON)

    page = client.get(f"/review/{token}")
    assert request.post.text in page.text
    assert (page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == ("same-origin", "no-store")
    assert client.post(f"/review/{token}", data={"seen": request.seen, "act": "reject"}).status_code == 422
    told = client.post(f"/review/{token}", data={"seen": request.seen, "act": "approve", "note": "很好"})
    assert told.status_code == 200
    assert (request.state, request.decisions[0].who) == (RequestState.APPROVED, "品牌方王总")
    assert client.get(f"/review/{token}").status_code == 410


@pytest.mark.parametrize("ending", ["expired", "withdrawn", "voided", "changed roles", "unknown"])
def test_a_link_that_is_over_says_so_and_nothing_else(
    client: FlaskClient, author: User, approver: User, ending: str
) -> None:
    a_route()
    request = asked(author, "这句话不能外泄")
    token = reviewing.invite(request, "品牌方王总", "", LATER, by=approver, at=NOON)
    if ending == "expired":
        clock.set_to(LATER)
    elif ending == "withdrawn":
        reviewing.withdraw(request.links[0], by=author, at=NOON)
    elif ending == "voided":
        deciding.withdraw(request, by=author, at=NOON)
    elif ending == "changed roles":
        approver.role = Role.EXECUTIVE
    else:
        token = token[::-1]
    db.session.flush()

    page = client.get(f"/review/{token}")
    assert page.status_code == 410
    assert "外泄" not in page.text
    assert "王总" not in page.text
    with pytest.raises(Gone):
        reviewing.decide(token, DecisionKind.APPROVE, seen=request.seen, note="", at=clock.now())
    assert not request.decisions


def test_only_who_could_decide_hands_the_step_on(author: User, approver: User) -> None:
    a_route({"role": "campaign_lead"})
    request = asked(author)
    for person in (author, approver):
        with pytest.raises(NotAllowed):
            reviewing.invite(request, "王总", "", LATER, by=person, at=NOON)


def test_links_are_kept_as_hashes_and_asked_for_in_measure(client: FlaskClient, author: User, approver: User) -> None:
    a_route()
    request = asked(author)
    sign_in(client, approver)
    data = {"name": "王总", "email": "wang@example.org", "until": "2026-03-03T18:00", "zone": "Asia/Shanghai"}
    page = client.post(f"/approval/{request.public_id}/reviewers", data=data).text
    token = page.split("/review/")[1][:43]
    assert token not in request.links[0].token_hash
    answers = [client.get(f"/review/{token}").status_code for _time in range(61)]
    assert (answers[0], answers[-1]) == (200, 429)


def test_a_link_that_ends_too_late_is_not_made_and_what_was_typed_stays(
    client: FlaskClient, author: User, approver: User
) -> None:
    a_route()
    request = asked(author)
    sign_in(client, approver)
    for until in ("2026-02-01T18:00", "2026-12-31T18:00"):
        data = {"name": "品牌方王总", "email": "", "until": until, "zone": "Asia/Shanghai"}
        answer = client.post(f"/approval/{request.public_id}/reviewers", data=data, headers=ENGLISH)
        assert answer.status_code == 422
        assert "within 30 days" in answer.text
        assert re.search(r'class="new-reviewer" open', answer.text)
        assert "品牌方王总" in answer.text
    assert not request.links


def test_a_step_that_nobody_can_decide_is_said_where_people_wait_for_it(client: FlaskClient, approver: User) -> None:
    a_route({"people": [approver.id]}, {"people": [approver.id]})
    request = asked(make_staff())
    sign_in(client, approver)
    assert "Nobody can decide" not in client.get(f"/approval/{request.public_id}", headers=ENGLISH).text
    deciding.approve(request, by=approver, seen=request.seen, at=NOON)
    for address in (f"/approval/{request.public_id}", request.post.url):
        assert "Nobody can decide this step" in client.get(address, headers=ENGLISH).text


def test_the_page_says_when_it_ends_and_warns_when_that_is_too_early(
    client: FlaskClient, author: User, approver: User
) -> None:
    a_route(lasts_days=2)
    soon, far = asked(author), asked(author, hours=24 * 5)
    sign_in(client, approver)
    pages = [client.get(f"/approval/{request.public_id}", headers=ENGLISH).text for request in (soon, far)]
    assert ["It ends before the post goes out" in page for page in pages] == [False, True]
    assert all("If nobody decides, it ends by itself" in page for page in pages)
    deciding.approve(far, by=approver, seen=far.seen, at=NOON)
    assert "It has to be asked for again then." in client.get(f"/approval/{far.public_id}", headers=ENGLISH).text


def test_what_was_decided_goes_on_page_by_page(
    client: FlaskClient, author: User, approver: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 1)
    a_route()
    for number, text in enumerate(("先决定的", "后决定的")):
        request = asked(author, text)
        deciding.approve(request, by=approver, seen=request.seen, at=NOON + timedelta(minutes=number))
    sign_in(client, approver)
    first, second = client.get("/approval").text, client.get("/approval?page=2").text
    assert ["后决定的" in first, "先决定的" in first] == [True, False]
    assert ["后决定的" in second, "先决定的" in second] == [False, True]
