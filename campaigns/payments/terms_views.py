"""What payers are told, for all offers or for one."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from campaigns.payments import manual, shop, terms
from campaigns.payments.forms import TermsForm
from campaigns.payments.slots import Provider, offered, open_providers
from campaigns.payments.terms import Told
from commons import clock
from commons.accounts.current import the_user
from commons.db import db
from commons.permissions import Permission
from commons.web import allow, go

bp = Blueprint("payment_terms", __name__, url_prefix="/payments/terms")
LONGEST_OFFER = 60


@bp.get("")
@allow(Permission.PAYMENT_WRITE)
def edit() -> Response:
    """The form for all offers, or for the one that `offer` names."""
    offer = _asked()
    by_hand, in_shop = terms.entered(manual.NAME, offer), terms.entered(shop.NAME, offer)
    form = TermsForm(formdata=None, manual=by_hand.instructions, shop_url=in_shop.shop_url, shop=in_shop.instructions)
    return _page(offer, form)


@bp.post("")
@allow(Permission.PAYMENT_WRITE)
def save() -> Response:
    offer, form, at = _asked(), TermsForm(), clock.now()
    if not form.validate_on_submit():
        return _page(offer, form, 422)
    by = the_user()
    terms.write(manual.NAME, offer, Told(form.manual.data or ""), by=by, at=at)
    terms.write(shop.NAME, offer, Told(form.shop.data or "", form.shop_url.data or ""), by=by, at=at)
    db.session.commit()
    flash(_("Payers are told this from now on."), "good")
    return go(url_for("payment_terms.edit", offer=offer or None))


def _asked() -> str:
    return request.args.get("offer", "").replace("\0", "")[:LONGEST_OFFER]


def _page(offer: str, form: TermsForm, status: int = 200) -> Response:
    open_ones: list[Provider] = list(open_providers())
    page = render_template(
        "campaigns/payments/terms.html", form=form, offer=offer, about=offered(offer), providers=open_ones
    )
    return make_response(page, status)
