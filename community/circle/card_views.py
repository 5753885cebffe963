"""The public card as a picture that can be passed on: as SVG, and as PNG for networks that show nothing else."""

from __future__ import annotations

from flask import Response, make_response, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _

from commons import clock
from commons.admin import brand
from commons.i18n import LANGUAGES, date_words, language
from commons.web import one_or_404, public
from community.circle import card_drawing, cards
from community.circle.card_drawing import Face
from community.circle.views import NO_STORE, bp
from community.loyalty.levels.standing import standing
from community.members.models import Member


@bp.get("/circle/cards/<public_id>/card.svg")
@public
def card_picture(public_id: str) -> Response:
    """Name, level with its ring, and since when; nothing here unless the member shows the card."""
    member = one_or_404(cards.public_cards(), public_id)
    picture = render_template("community/circle/card.svg", member=member, standing=standing(member, clock.now()))
    return make_response(picture, {**NO_STORE, "Content-Type": "image/svg+xml; charset=utf-8"})


@bp.get("/circle/cards/<public_id>/card.png")
@public
def card_png(public_id: str) -> Response:
    """The same as PNG, in the `language` that the address names or else the visitor's.

    Whoever keeps it asks each time whether it still holds, for a card that is taken away is gone at once; it is drawn only when
    it changed.
    """
    member = one_or_404(cards.public_cards(), public_id)
    wanted = request.args.get("language", "")
    with force_locale(wanted if wanted in LANGUAGES else language()):
        face = _face(member)
    answer = make_response()
    answer.mimetype = "image/png"
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # other sites show it: that is what it is for
    answer.set_etag(face.mark)
    if face.mark not in request.if_none_match:
        answer.set_data(card_drawing.drawn(face))
    answer.make_conditional(request)
    return answer


def _face(member: Member) -> Face:
    stands, shown = standing(member, clock.now()), brand.shown()
    return Face(
        name=member.name,
        stand_in=_("Somebody of the circle"),
        circle=_("In the circle of %(brand)s", brand=shown.name),
        rank=stands.level.rank,
        level_word=_("Level"),
        level=str(stands.level.name),
        share=round(min(stands.share, 1), 4),
        since=_("Here since %(day)s", day=date_words(member.joined_at, "long")),
        accent=shown.accent,
    )
