"""What waits to be sent goes out as a table and comes back with parcel numbers: looked at first, sent once, refused with a reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import select

from campaigns.draws import awarding, sending
from campaigns.draws.models import DrawAward
from campaigns.groupbuys.joining import join
from campaigns.groupbuys.models import Seat
from campaigns.parcels import goods
from campaigns.parcels.importing import parcels_in
from campaigns.parcels.models import ParcelImport, ParcelImportRow
from commons import clock, jobs
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Role
from commons.sheets.models import Outcome, Verdict
from community.members.models import Member
from community.notices.models import Notice
from community.rewards.shop import handing
from community.rewards.shop.models import Handing, Redemption
from tests.campaigns.draws.factories import ADDRESS, LAUNCH, REVEAL, a_drawn, accepted
from tests.campaigns.factories import a_lead, make_offer
from tests.campaigns.posts.exchange.tables import a_csv
from tests.community.rewards.factories import make_reward, rich_fan, take
from tests.factories import make_fan, make_staff, sign_in

HEAD = ["Number of what is sent", "Parcel number"]
EN = {"Accept-Language": "en"}


@dataclass
class Waiting:
    """One of each kind that waits to be sent."""

    award: DrawAward
    redemption: Redemption
    seat: Seat

    @property
    def numbers(self) -> list[str]:
        return [self.award.public_id, self.redemption.public_id, self.seat.public_id]


@pytest.fixture
def by(app: Flask) -> User:
    lead = a_lead()
    lead.language = "en"
    return lead


@pytest.fixture
def waiting(app: Flask, by: User) -> Waiting:
    clock.set_to(LAUNCH)
    offer = make_offer(needed=1, seats=5)
    seat = join(offer, make_fan("谷雨"), LAUNCH)
    award = accepted(a_drawn(), REVEAL)
    sending.give_address(award, ADDRESS, REVEAL)
    redemption = take(make_reward(handing=Handing.PARCEL), rich_fan())
    clock.set_to(offer.deadline_at)
    jobs.drain(offer.deadline_at)
    db.session.refresh(seat)
    return Waiting(award, redemption, seat)


def taken_in(by: User, *rows: Sequence[str], head: Sequence[str] = HEAD) -> ParcelImport:
    return parcels_in.open("parcels.csv", a_csv(head, *rows), by=by, at=clock.now())


def rows_of(found: ParcelImport) -> Sequence[ParcelImportRow]:
    return parcels_in.rows_of(found)


def written(found: ParcelImport, by: User) -> Sequence[Outcome | None]:
    parcels_in.confirm(found, by=by, at=clock.now())
    jobs.drain(clock.now())
    return [row.outcome for row in rows_of(found)]


def told(member: Member) -> list[str]:
    return list(db.session.scalars(select(Notice.kind).where(Notice.member_id == member.id).order_by(Notice.id)))


def test_every_kind_is_sent_by_its_own_room_and_each_fan_is_told(waiting: Waiting, by: User) -> None:
    found = taken_in(by, *([number, f"SF{place}"] for place, number in enumerate(waiting.numbers)))
    assert [row.verdict for row in rows_of(found)] == [Verdict.NEW] * 3
    assert [row.kind for row in rows_of(found)] == list(goods.Kind)
    assert (waiting.award.sent_at, waiting.redemption.handed_at, waiting.seat.delivered_at) == (None, None, None)

    assert written(found, by) == [Outcome.WRITTEN] * 3

    db.session.expire_all()
    assert (waiting.award.state, waiting.award.tracking) == ("sent", "SF0")
    assert (waiting.redemption.handed_at, waiting.redemption.tracking) == (clock.now(), "SF1")
    assert (waiting.seat.delivered_at, waiting.seat.tracking) == (clock.now(), "SF2")
    assert "draw.sent_tracked" in told(waiting.award.entry.member)
    assert "reward.sent" in told(waiting.redemption.member)
    assert "group_buy.delivered" in told(waiting.seat.member)


def test_the_same_table_again_sends_nothing_twice(waiting: Waiting, by: User) -> None:
    table = [[number, "SF1"] for number in waiting.numbers]
    written(taken_in(by, *table), by)
    before = [told(one) for one in (waiting.award.entry.member, waiting.redemption.member, waiting.seat.member)]

    again = taken_in(by, *table)

    assert [row.verdict for row in rows_of(again)] == [Verdict.SAME] * 3
    assert written(again, by) == [Outcome.UNCHANGED] * 3
    assert [told(one) for one in (waiting.award.entry.member, waiting.redemption.member, waiting.seat.member)] == before


def test_a_row_without_a_parcel_number_waits_on(waiting: Waiting, by: User) -> None:
    found = taken_in(by, *([number, " "] for number in waiting.numbers))
    assert [row.verdict for row in rows_of(found)] == [Verdict.SAME] * 3
    written(found, by)
    assert sum(goods.counts(by).values()) == 3


def test_what_was_sent_keeps_the_number_that_its_fan_was_told(waiting: Waiting, by: User) -> None:
    sending.send(waiting.award, tracking="SF1", by=by, at=clock.now())
    handing.hand_over(waiting.redemption, by=by, at=clock.now())

    found = taken_in(by, [waiting.award.public_id, "SF2"], [waiting.redemption.public_id, "SF2"])

    assert [row.verdict for row in rows_of(found)] == [Verdict.BROKEN] * 2
    with force_locale("en"):
        assert [row.wrong for row in rows_of(found)] == [
            [("tracking", "It was sent already, under the number SF1.")],
            [("tracking", "It was sent already, without a number.")],
        ]


def test_what_was_given_up_or_names_nothing_is_refused(waiting: Waiting, by: User) -> None:
    handing.cancel(waiting.redemption, at=clock.now())
    found = taken_in(
        by,
        [waiting.redemption.public_id, "SF1"],
        ["nosuchnumber", "SF1"],
        ["", "SF1"],
        [waiting.seat.public_id, "SF" * 50],
        [waiting.award.public_id.upper(), "SF1"],
        [waiting.award.public_id, "SF2"],
    )
    assert [row.verdict for row in rows_of(found)] == [Verdict.BROKEN] * 4 + [Verdict.NEW, Verdict.BROKEN]
    assert [[column for column, _words in row.problems] for row in rows_of(found)] == [
        ["number"], ["number"], ["number"], ["tracking"], [], ["number"],
    ]  # fmt: skip


def test_what_changes_between_the_look_and_the_writing_is_refused_then(waiting: Waiting, by: User) -> None:
    found = taken_in(by, [waiting.award.public_id, "SF1"])
    awarding.leave(waiting.award.entry.member_id, clock.now())

    assert written(found, by) == [Outcome.REFUSED]

    db.session.expire_all()
    assert waiting.award.sent_at is None


def test_whoever_may_not_send_finds_nothing(waiting: Waiting, client: FlaskClient) -> None:
    agent = make_staff(Role.SERVICE_AGENT)
    sign_in(client, agent)

    assert list(goods.waiting(agent)) == []
    assert goods.named(waiting.numbers, agent) == {}
    assert [client.get(f"/parcels{page}").status_code for page in ("", "/waiting.csv", "/import")] == [404] * 3


def test_the_table_that_goes_out_comes_back_filled_in_and_no_address_is_kept(
    waiting: Waiting, by: User, client: FlaskClient
) -> None:
    sign_in(client, by)
    assert "Nothing waits" not in client.get("/parcels", headers=EN).text
    answer = client.get("/parcels/waiting.csv", headers=EN, buffered=True)
    assert answer.headers["Cache-Control"] == "no-store"
    head, *rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert [row[0] for row in rows] == waiting.numbers
    assert ADDRESS["place"] in rows[0]

    filled = a_csv(head, *([row[0], f"SF{place}", *row[2:]] for place, row in enumerate(rows)))
    sent = client.post("/parcels/import", headers=EN, data={"file": (io.BytesIO(filled), "p.csv")})
    look = client.get(sent.location, headers=EN).text
    client.post(f"{sent.location}/confirm", headers=EN)

    assert "Prize of a draw" in look
    assert "Seat in a group buy" in look
    assert ADDRESS["place"] not in look
    kept = [row.cells for row in db.session.scalars(select(ParcelImportRow))]
    assert ADDRESS["place"] not in str(kept)
    assert "Nothing waits to be sent" in client.get("/parcels", headers=EN).text


def test_the_fan_reads_the_parcel_number_beside_the_seat(waiting: Waiting, by: User, client: FlaskClient) -> None:
    written(taken_in(by, [waiting.seat.public_id, "SF777"]), by)
    clock.set_to(clock.now() + timedelta(minutes=1))
    assert waiting.seat.member.user is not None
    sign_in(client, waiting.seat.member.user)
    assert "SF777" in client.get("/groupbuys/mine", headers=EN).text
