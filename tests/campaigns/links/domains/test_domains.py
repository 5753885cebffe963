"""Domains of the brand's own: shown to lead here, each with its own endings, and nothing else of the house on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import select

from campaigns.links.domains import proving, reading
from campaigns.links.domains.models import LinkDomain
from campaigns.links.door import the_door
from campaigns.links.making import SlugTaken, address_of
from campaigns.links.models import Hit
from campaigns.links.targets import checked_target
from commons.db import db
from commons.errors import Conflict, Invalid
from tests.campaigns.factories import PHONE, a_lead, a_link
from tests.commons.outbound.far_end import far_end, says, sends_on
from tests.factories import make_staff, sign_in

HOST = "go.tea.example"
ON_A_PHONE = {"User-Agent": PHONE, "Accept-Language": "en"}


@pytest.fixture
def domain(app: Flask, at: datetime) -> Iterator[LinkDomain]:
    """A domain that leads here."""
    made = proving.add(HOST, by=a_lead(), at=at)
    proving.note(made, "", by=a_lead(), at=at)
    the_door(app).forget()
    yield made
    the_door(app).forget()


def there(path: str) -> str:
    return f"http://{HOST}{path}"


def test_a_domain_counts_from_its_proof_on(app: Flask, at: datetime) -> None:
    lead = a_lead()
    made = proving.add("Go.Tea.Example.", by=lead, at=at)
    assert (made.host, reading.proven(), reading.usable()) == (HOST, {}, [])
    proving.note(made, "no answer", by=lead, at=at)
    assert (made.proved_at, made.trouble) == (None, "no answer")
    proving.note(made, "", by=lead, at=at)
    assert reading.proven() == {HOST: made.id}
    proving.note(made, "one bad minute", by=lead, at=at)
    assert reading.proven() == {HOST: made.id}


@pytest.mark.parametrize(
    "host",
    [
        "",
        "tea",
        "go tea.example",
        "10.0.0.1",
        "-x.example",
        "a..example",
        "x" * 64 + ".example",
        "*.tea.example",
        "go_tea.example",
    ],
)
def test_what_is_no_name_of_a_domain_is_refused(app: Flask, at: datetime, host: str) -> None:
    with pytest.raises(Invalid):
        proving.add(host, by=a_lead(), at=at)


def test_a_domain_is_named_once_in_whatever_script(app: Flask, at: datetime) -> None:
    made = proving.add("https://茶.例子/x", by=a_lead(), at=at)
    assert (made.host, made.shown_host) == ("xn--cl1a.xn--fsqu00a", "茶.例子")
    with pytest.raises(Conflict):
        proving.add("xn--cl1a.xn--fsqu00a", by=a_lead(), at=at)


def test_the_proof_is_given_under_its_own_name_only(client: FlaskClient, app: Flask, at: datetime) -> None:
    made = proving.add(HOST, by=a_lead(), at=at)
    path = proving.path_of(made.token)
    assert client.get(path, base_url=f"http://{HOST}").text == made.token
    assert client.get(path, base_url="http://other.example").status_code == 404
    assert client.get(proving.path_of("x" * 24), base_url=f"http://{HOST}").status_code == 404


@pytest.mark.parametrize(
    ("behave", "words"),
    [(says(b"thetoken\n"), ""), (says(b"another page"), "something else"), (says(b"", "404 Not Found"), "status 404")],
)
def test_the_proof_is_asked_for_over_the_network(
    app: Flask, at: datetime, behave: Callable[..., None], words: str
) -> None:
    before = app.extensions["outbound"]
    with far_end(behave) as server, force_locale("en"):
        app.extensions["outbound"] = replace(before, allowed=frozenset({("127.0.0.1", server.port)}))
        try:
            found = proving.look(f"127.0.0.1:{server.port}", "thetoken")
        finally:
            app.extensions["outbound"] = before
        assert server.requests[0].startswith("GET /.well-known/quanzi-links/thetoken ")
    assert words in found
    assert bool(words) == bool(found)


def test_a_private_address_proves_nothing(app: Flask, at: datetime) -> None:
    with far_end(sends_on("http://127.0.0.1/")) as server, force_locale("en"):
        assert proving.look(f"127.0.0.1:{server.port}", "token")
        assert server.requests == []


def test_each_domain_has_endings_of_its_own(client: FlaskClient, domain: LinkDomain, drain: Callable[[], int]) -> None:
    house = a_link("https://example.org/house", slug="spring")
    own = a_link("https://example.org/own", slug="spring", domain=domain)
    with pytest.raises(SlugTaken):
        a_link(slug="spring", domain=domain)
    assert address_of(own) == there("/spring")
    assert client.get(there("/spring"), headers=ON_A_PHONE).location == "https://example.org/own"
    assert client.get("/l/spring", headers=ON_A_PHONE).location == "https://example.org/house"
    assert client.get(f"{there('/spring')}".replace(HOST, f"{HOST.upper()}:80"), headers=ON_A_PHONE).status_code == 302
    drain()
    assert [hit.link_id for hit in db.session.scalars(select(Hit).order_by(Hit.id))].count(own.id) == 2
    assert house.id != own.id


@pytest.mark.parametrize(
    "path", ["/", "/staff", "/circle", "/accounts/sign-in", "/l/spring", "/links", "/nothing", "/a/b"]
)
def test_no_page_of_the_house_answers_there(client: FlaskClient, domain: LinkDomain, path: str) -> None:
    a_link(slug="spring")
    sign_in(client, make_staff())
    assert client.get(there(path)).status_code == 404


def test_a_page_of_ours_is_reached_from_there_by_its_whole_address(
    client: FlaskClient, domain: LinkDomain, app: Flask
) -> None:
    link = a_link("/groupbuys?x=1", slug="buy", domain=domain)
    answer = client.get(there("/buy"), headers=ON_A_PHONE)
    assert answer.location == f"{app.config['BASE_URL']}/groupbuys?x=1&came_by={link.public_id}"
    assert "Set-Cookie" not in answer.headers
    client.get(f"/groupbuys?x=1&came_by={link.public_id}")
    remembered = client.get_cookie("came_by")
    assert remembered is not None
    assert remembered.value == link.public_id


@pytest.mark.parametrize("told", ["", "x", "A" * 12, "222222222222%0d%0aX:1", "2" * 13])
def test_an_address_that_tells_nonsense_leaves_no_cookie(client: FlaskClient, at: datetime, told: str) -> None:
    client.get(f"/groupbuys?came_by={told}")
    assert client.get_cookie("came_by") is None


def test_a_password_is_asked_for_there_too(client: FlaskClient, domain: LinkDomain, at: datetime) -> None:
    from tests.campaigns.links.test_opening import with_terms

    with_terms(a_link(slug="secret", domain=domain), password="青山绿水")
    page = client.get(there("/secret"), headers=ON_A_PHONE)
    assert "Whoever gave you this link has set a password" in page.text
    assert client.get(there("/static/css/base.css"), buffered=True).status_code == 200
    assert client.post(there("/secret"), data={"password": "青山绿水"}, headers=ON_A_PHONE).status_code == 303


def test_a_target_on_one_of_our_domains_would_go_round(app: Flask, domain: LinkDomain, at: datetime) -> None:
    proving.add("unproven.example", by=a_lead(), at=at)
    for target in (there("/spring"), "https://GO.tea.example/x", "https://unproven.example/"):
        with force_locale("en"), pytest.raises(Invalid, match="tracked link itself"):
            checked_target(target)


def test_only_a_proven_domain_becomes_the_usual_one(app: Flask, domain: LinkDomain, at: datetime) -> None:
    lead = a_lead()
    other = proving.add("other.example", by=lead, at=at)
    with pytest.raises(Conflict):
        proving.make_default(other, by=lead, at=at)
    proving.make_default(domain, by=lead, at=at)
    assert reading.default() is domain
    proving.make_default(None, by=lead, at=at)
    assert reading.default() is None


def test_a_domain_with_links_stays(app: Flask, domain: LinkDomain, at: datetime) -> None:
    a_link(domain=domain)
    with pytest.raises(Conflict):
        proving.remove(domain, by=a_lead(), at=at)


def test_domains_on_screen(client: FlaskClient, app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, make_staff(language="en"))
    assert client.post("/links/domains", data={"host": "no name"}).status_code == 422
    assert client.post("/links/domains", data={"host": HOST}).status_code == 303
    assert "Not proven yet" in client.get("/links/domains").text
    made = db.session.scalars(select(LinkDomain)).one()
    client.post(f"/links/domains/{made.public_id}/check")
    assert made.trouble
    proving.note(made, "", by=a_lead(), at=at)
    client.post("/links/domains/default", data={"domain": made.public_id})
    assert "Leads here" in client.get("/links/domains").text
    new = client.get("/links/new").text
    assert f'<option selected value="{made.public_id}">{HOST}</option>' in new
    client.post("/links/new", data={"target": "https://example.org", "slug": "tea", "domain": made.public_id})
    assert f"{HOST}/tea" in client.get("/links").text
    client.post(f"/links/domains/{made.public_id}/remove")
    assert db.session.scalars(select(LinkDomain)).all() == [made]


def test_who_only_reads_changes_no_domain(client: FlaskClient, domain: LinkDomain) -> None:
    from commons.permissions import Role

    sign_in(client, make_staff(Role.EXECUTIVE))
    assert client.get("/links/domains").status_code == 200
    assert client.post("/links/domains", data={"host": "x.example"}).status_code == 404
    assert client.post(f"/links/domains/{domain.public_id}/remove").status_code == 404
