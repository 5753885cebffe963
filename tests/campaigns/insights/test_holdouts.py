"""Hold-out groups: the lot, that it is honoured, and what is said of a campaign's lift."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaigns.insights.holdouts import casting, drawing, keeping, lift
from campaigns.insights.models import Holdout, HoldoutMember
from campaigns.participation import reading
from campaigns.planning import addressing
from campaigns.planning.models import Campaign
from campaigns.planning.reading import running
from commons import clock, events, jobs
from commons.db import db
from commons.errors import Conflict
from commons.permissions import Role
from community.members.models import Member
from tests.campaigns.factories import a_lead, make_campaign, make_offer
from tests.campaigns.insights.factories import order
from tests.community.circle.factories import make_comment
from tests.factories import make_circle_post, make_fan, make_staff, sign_in

DAY = timedelta(days=1)


@pytest.fixture
def campaign(app: Flask, at: datetime) -> Campaign:
    """One that begins tomorrow."""
    begin = datetime.fromisoformat("2026-03-02T20:00")
    return make_campaign(starts=begin, ends=begin + 10 * DAY)


def drawn(
    campaign: Campaign, at: datetime, fans: int = 10, share: int = 50
) -> tuple[Holdout, list[Member], list[Member]]:
    """A draw among new fans: the holdout, who is kept out, and who is addressed."""
    people = [make_fan(f"茶友{number}", at) for number in range(fans)]
    holdout = keeping.draw(campaign, None, share, by=a_lead(), at=at)
    out = set(db.session.scalars(select(HoldoutMember.member_id).where(HoldoutMember.is_kept_out)))
    return holdout, [fan for fan in people if fan.id in out], [fan for fan in people if fan.id not in out]


def test_who_has_the_seed_and_the_list_finds_the_same(app: Flask, campaign: Campaign, at: datetime) -> None:
    holdout, out, others = drawn(campaign, at, share=30)
    places = sorted(
        (sha256(f"{holdout.seed}:{fan.public_id}".encode()).hexdigest(), fan.public_id) for fan in [*out, *others]
    )

    assert {public_id for _place, public_id in places[:3]} == {fan.public_id for fan in out}
    assert (holdout.people, holdout.kept_out) == (10, 3)


@pytest.mark.parametrize(
    ("people", "share", "wanted"), [(10, 50, 5), (3, 50, 2), (1, 49, 0), (1000, 1, 10), (0, 10, 0)]
)
def test_a_share_is_rounded_to_whole_people(people: int, share: int, wanted: int) -> None:
    assert len(drawing.kept_out("seed", [f"p{number}" for number in range(people)], share)) == wanted


def test_the_order_of_the_list_makes_no_difference() -> None:
    people = [f"p{number}" for number in range(50)]

    assert drawing.kept_out("s", people, 20) == drawing.kept_out("s", people[::-1], 20)
    assert drawing.kept_out("s", people, 20) != drawing.kept_out("t", people, 20)


def test_a_lot_is_cast_once_and_only_before_the_start(campaign: Campaign, at: datetime) -> None:
    drawn(campaign, at)
    with pytest.raises(Conflict):
        keeping.draw(campaign, None, 10, by=a_lead(), at=at)
    with pytest.raises(Conflict):
        keeping.draw(make_campaign(), None, 10, by=a_lead(), at=at)
    assert db.session.scalar(select(func.count()).select_from(Holdout)) == 1


def test_who_is_kept_out_is_not_addressed_anywhere(client: FlaskClient, campaign: Campaign, at: datetime) -> None:
    _holdout, out, others = drawn(campaign, at)
    offer = make_offer(campaign=campaign, title="只给活动的人", deadline=datetime.fromisoformat("2026-03-09T20:00"))
    clock.set_to(at + 2 * DAY)
    for fan, is_addressed in ((out[0], False), (others[0], True)):
        assert fan.user is not None
        sign_in(client, fan.user)

        assert addressing.may_address(fan.id, campaign.id) is is_addressed
        assert (campaign in running(clock.now(), fan.id)) is is_addressed
        assert bool(reading.open_now(fan, clock.now())) is is_addressed
        for page in ("/circle", "/circle/me"):
            text = client.get(page).text
            assert (campaign.title in text) is is_addressed
            assert (offer.title in text) is is_addressed
        assert client.get(f"/participation/{campaign.public_id}").status_code == 200


def test_strangers_and_campaigns_without_a_lot_are_as_usual(
    client: FlaskClient, campaign: Campaign, at: datetime
) -> None:
    _holdout, out, _others = drawn(campaign, at)
    other = make_campaign(title="另一个活动")
    clock.set_to(at + 2 * DAY)

    assert campaign in running(clock.now())
    assert addressing.may_address(out[0].id, other.id)
    assert campaign.title in client.get("/circle").text


def test_lift_is_the_difference_of_rates_with_newcombes_interval(campaign: Campaign, at: datetime) -> None:
    holdout, out, others = drawn(campaign, at, fans=80)
    clock.set_to(at + 2 * DAY)
    post = make_circle_post(campaign_id=campaign.id, at=clock.now())
    for fan in [*others[:20], *out[:4]]:
        make_comment(post, fan, "来了", clock.now())
    order(others[0].public_id, at)  # before the start
    order(others[1].public_id, clock.now())
    clock.set_to(at + 3 * DAY)

    took_part, ordered, active = lift.outcomes(holdout, clock.now())

    assert (took_part.addressed.hits, took_part.addressed.trials) == (20, 40)
    assert (took_part.kept_out.hits, took_part.kept_out.trials) == (4, 40)
    assert took_part.lift.value == pytest.approx(0.4)
    assert took_part.lift.low == pytest.approx(0.2027, abs=0.0005)
    assert took_part.lift.high == pytest.approx(0.5598, abs=0.0005)
    assert took_part.lift.is_settled
    assert (ordered.addressed.hits, ordered.kept_out.hits) == (1, 0)
    assert not ordered.lift.is_settled
    assert active.addressed.hits == 20


def test_a_few_people_prove_nothing_and_the_page_says_so(client: FlaskClient, campaign: Campaign, at: datetime) -> None:
    holdout, _out, _others = drawn(campaign, at, fans=10)
    clock.set_to(at + 2 * DAY)
    sign_in(client, make_staff(Role.EXECUTIVE, language="en"))

    page = client.get(f"/insights/holdouts/{holdout.public_id}").text

    assert page.count("Not enough people yet") == 3
    assert "Newcombe (1998" in page
    assert holdout.seed in page


def test_a_lead_casts_the_lot_on_the_page(client: FlaskClient, campaign: Campaign, at: datetime) -> None:
    fans = [make_fan(f"茶友{number}", at) for number in range(10)]
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD, language="en"))
    form = {"campaign": campaign.public_id, "segment": "everybody", "share": "20"}

    assert campaign.title in client.get("/insights/holdouts/new").text
    assert client.post("/insights/holdouts/new", data=form | {"share": "60"}).status_code == 422
    answer = client.post("/insights/holdouts/new", data=form)

    assert answer.status_code == 303
    holdout = db.session.scalars(select(Holdout)).one()
    assert (holdout.people, holdout.kept_out) == (len(fans), 2)
    rows = client.get(f"/insights/holdouts/{holdout.public_id}/people.csv?group=kept-out", buffered=True).text
    assert len(rows.splitlines()) == 3


def test_the_list_of_a_large_circle_is_written_in_the_background_and_then_the_lot_is_cast_once(
    client: FlaskClient, campaign: Campaign, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request writes the first piece and waits for no more; nobody is kept out before all of it is there."""
    monkeypatch.setattr(casting, "CHUNK", 4)
    fans = [make_fan(f"茶友{number}", at) for number in range(10)]
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD, language="en"))
    form = {"campaign": campaign.public_id, "segment": "everybody", "share": "20"}
    address = client.post("/insights/holdouts/new", data=form).location
    holdout = db.session.scalars(select(Holdout)).one()
    assert (holdout.people, holdout.wanted, holdout.drawn_at) == (4, len(fans), None)
    assert "4 of 10 members are on the list" in client.get(address).text
    assert "Is being cast" in client.get("/insights/holdouts").text
    assert client.get(f"{address}/people").status_code == client.get(f"{address}/people.csv").status_code == 404
    assert all(addressing.may_address(fan.id, campaign.id) for fan in fans)

    jobs.drain(at)

    db.session.refresh(holdout)
    assert (holdout.people, holdout.kept_out, holdout.drawn_at) == (10, 2, at)
    out = drawing.kept_out(holdout.seed, [fan.public_id for fan in fans], 20)
    assert {fan.public_id for fan in fans if not addressing.may_address(fan.id, campaign.id)} == out
    assert [fact.kind for fact in events.of_subject(holdout)] == ["holdout.drawn"]
    assert client.get(f"{address}/progress").location == address
    assert not casting.step(holdout.id, at)


def test_a_lot_that_is_not_cast_before_the_start_keeps_nobody_out(
    client: FlaskClient, campaign: Campaign, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casting, "CHUNK", 4)
    holdout, out, others = drawn(campaign, at)
    assert (out, len(others)) == ([], 10)
    clock.set_to(campaign.starts_at)
    jobs.drain(campaign.starts_at)
    db.session.refresh(holdout)
    assert (holdout.people, holdout.drawn_at) == (4, None)
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD, language="en"))
    assert "began before the lot was cast" in client.get(f"/insights/holdouts/{holdout.public_id}").text
    assert "Too late" in client.get("/insights/holdouts").text


def test_an_executive_reads_and_casts_nothing(client: FlaskClient, campaign: Campaign, at: datetime) -> None:
    sign_in(client, make_staff(Role.EXECUTIVE))

    assert client.get("/insights/holdouts").status_code == 200
    assert client.get("/insights/holdouts/new").status_code == 404
    assert client.post("/insights/holdouts/new", data={"campaign": campaign.public_id}).status_code == 404
