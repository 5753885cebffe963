"""The public card as a picture that can be passed on."""

from __future__ import annotations

from flask import Response, make_response, render_template

from commons.web import one_or_404, public
from community.circle import cards
from community.circle.views import NO_STORE, bp
from community.loyalty.standing import standing


@bp.get("/circle/cards/<public_id>/card.svg")
@public
def card_picture(public_id: str) -> Response:
    """Name, level with its ring, and since when; nothing here unless the member shows the card."""
    member = one_or_404(cards.public_cards(), public_id)
    picture = render_template("community/circle/card.svg", member=member, standing=standing(member))
    return make_response(picture, {**NO_STORE, "Content-Type": "image/svg+xml; charset=utf-8"})
