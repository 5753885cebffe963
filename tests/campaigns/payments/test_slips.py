"""The picture that proves a payment is for the payer and for whoever sees payments, and for nobody else."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaigns.pages import media
from campaigns.pages.blocks import Block
from campaigns.payments import leaving, manual
from campaigns.payments.models import Receipt
from campaigns.posts.applying import apply
from campaigns.posts.drafts import content_of
from campaigns.posts.library import listing
from commons.db import db
from commons.media.keeping import keep
from commons.media.models import THUMBNAILS, Picture
from commons.permissions import Role
from community.members.models import Member
from tests.campaigns.factories import a_lead
from tests.campaigns.payments.factories import PRICE, asked
from tests.campaigns.posts.factories import make_post
from tests.commons.media.pictures import a_picture
from tests.factories import make_fan, make_staff, sign_in

HERE = "/payments/receipts/{}/slip"
AT_THE_DESK = "/payments/desk/receipts/{}/slip"


@pytest.fixture
def fan(app: Flask, at: datetime) -> Member:
    return make_fan("小满", at, language="en")


@pytest.fixture
def receipt(fan: Member, at: datetime) -> Receipt:
    """Marked as paid by hand, with the picture of a slip."""
    slip = keep(BytesIO(a_picture(size=(1200, 900))), "slip.png", by=None, at=at, private=True)
    payment = asked(at, fan, provider="manual")
    marked = manual.mark_paid(payment, "B-77", PRICE, at, picture=slip, by=a_lead(), at=at)
    assert marked is not None
    return marked


def slip_of(receipt: Receipt) -> Picture:
    assert receipt.proof_picture is not None
    return receipt.proof_picture


def test_the_payer_opens_it_from_the_payment_and_nothing_keeps_a_copy(
    client: FlaskClient, fan: Member, receipt: Receipt
) -> None:
    assert fan.user is not None
    sign_in(client, fan.user)
    address = HERE.format(receipt.public_id)

    assert f'href="{address}"' in client.get(f"/payments/{receipt.payment.public_id}").text
    with client.get(address) as answer:
        assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_staff_who_see_payments_open_it_at_the_desk(client: FlaskClient, receipt: Receipt) -> None:
    sign_in(client, make_staff(Role.SERVICE_AGENT, language="en"))
    address = AT_THE_DESK.format(receipt.public_id)

    assert f'href="{address}"' in client.get(f"/payments/desk/{receipt.payment.public_id}").text
    with client.get(address) as answer:
        assert answer.status_code == 200


def test_nobody_else_opens_it_by_any_address(client: FlaskClient, receipt: Receipt, at: datetime) -> None:
    public = [slip_of(receipt).url(width) for width in (*THUMBNAILS, 2560)]
    guarded = [HERE.format(receipt.public_id), AT_THE_DESK.format(receipt.public_id)]
    other = make_fan("阿木", at)
    assert other.user is not None

    assert [client.get(address).status_code for address in public + guarded] == [404, 404, 404, 303, 303]
    for stranger in (other.user, make_staff(Role.SOCIAL_MANAGER)):
        sign_in(client, stranger)
        assert {client.get(address).status_code for address in public + guarded} == {404}


def test_a_receipt_without_a_slip_has_nothing_to_open(client: FlaskClient, fan: Member, at: datetime) -> None:
    receipt = manual.mark_paid(asked(at, fan), "B-78", PRICE, at, picture=None, by=a_lead(), at=at)
    assert receipt is not None
    assert fan.user is not None
    sign_in(client, fan.user)

    assert client.get(HERE.format(receipt.public_id)).status_code == 404
    assert "Picture of the slip" not in client.get(f"/payments/{receipt.payment.public_id}").text


def test_it_is_not_among_the_pictures_that_the_team_publishes(
    client: FlaskClient, receipt: Receipt, at: datetime
) -> None:
    slip, author = slip_of(receipt), make_staff()
    post = make_post(author)
    block = Block("a", "picture", {"picture": slip.public_id})
    sign_in(client, author)

    apply(post, content_of(post), {**content_of(post), "pictures": [[slip.public_id, ""]]}, at)

    assert listing.listed(listing.Filter()).rows == []
    assert listing.counts(listing.Filter())["all"] == 0
    assert client.post(f"/posts/library/picture/{slip.public_id}/delete").status_code == 404
    assert (post.pictures, media.pictures_of([block])) == ([], {})


def test_the_own_data_name_its_address_and_who_is_erased_leaves_none(
    fan: Member, receipt: Receipt, at: datetime
) -> None:
    assert fan.user is not None
    (one,) = leaving.export(fan.user)["payments"]
    assert one["paid"][0]["proof_picture"].endswith(HERE.format(receipt.public_id))

    leaving.erase(fan.user, at)

    assert db.session.scalar(select(func.count()).select_from(Picture)) == 0
