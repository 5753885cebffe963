"""Handing rewards over: what waits, one redemption with what becomes of it, and both as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock, i18n
from commons.db import db
from commons.forms import storable
from commons.paging import asked_page, page_of
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404
from commons.zones import to_local
from community.rewards.shop import handing, reading
from community.rewards.shop.forms import HandForm, RefundForm
from community.rewards.shop.models import Handing, Redemption
from community.rewards.shop.reading import Stage
from community.rewards.shop.staff_views import bp
from community.rewards.shop.wording import HANDINGS


@bp.get("/redemptions")
@allow(Permission.REWARD_WRITE)
def queue() -> str:
    stage, sought = _asked()
    page = page_of(reading.queue(current_user, stage, sought=sought), asked_page(), reading.PAGE)
    return render_template(
        "community/rewards/shop/queue.html",
        page=page, stage=stage, sought=sought, counts=reading.counts(), handings=HANDINGS, Stage=Stage,
    )  # fmt: skip


@bp.get("/redemptions.csv")
@allow(Permission.REWARD_WRITE)
def export_redemptions() -> Response:
    """Everything at a stage, as far as it is searched for."""
    stage, sought = _asked()
    answer = csv_answer(list(_redemptions(stage, sought)), f"redemptions-{stage.value}-{clock.now():%Y%m%d}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/redemptions/parcels.csv")
@allow(Permission.REWARD_WRITE)
def export() -> Response:
    """Every parcel that waits, with its address."""
    answer = csv_answer(list(_parcels()), f"parcels-{clock.now():%Y%m%d}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/redemptions/<public_id>")
@allow(Permission.REWARD_WRITE)
def redemption(public_id: str) -> Response:
    return _redemption_page(_redemption(public_id), HandForm(formdata=None), RefundForm(formdata=None))


@bp.post("/redemptions/<public_id>/hand-over")
@allow(Permission.REWARD_WRITE)
def hand_over(public_id: str) -> Response:
    found, form = _redemption(public_id), HandForm()
    if not form.validate_on_submit():
        return _redemption_page(found, form, RefundForm(formdata=None), 422)
    handing.hand_over(found, by=current_user, at=clock.now(), tracking=form.tracking.data or "")
    db.session.commit()
    flash(_("Handed over; the fan has been told.") if form.tracking.data else _("Handed over."), "good")
    return go(url_for("rewards.queue"))


@bp.post("/redemptions/<public_id>/refund")
@allow(Permission.REWARD_WRITE)
def refund(public_id: str) -> Response:
    found, form = _redemption(public_id), RefundForm()
    if not form.validate_on_submit():
        return _redemption_page(found, HandForm(formdata=None), form, 422)
    handing.refund(found, by=current_user, at=clock.now(), note=form.note.data or "")
    db.session.commit()
    flash(_("All points are back with the fan, who has been told why."), "good")
    return go(url_for("rewards.redemption", public_id=public_id))


def _redemption(public_id: str) -> Redemption:
    return one_or_404(Redemption.visible_to(current_user), public_id)


def _asked() -> tuple[Stage, str]:
    chosen = request.args.get("stage", "")
    stage = Stage(chosen) if chosen in list(Stage) else Stage.WAITING
    return stage, storable(request.args.get("sought", "")).strip()[:80]


def _redemptions(stage: Stage, sought: str) -> Iterator[Sequence[object]]:
    yield (
        _("Fan"), _("Reward"), _("Cost in points"), _("How the fan gets it"), _("Redeemed"), _("Handed over"),
        _("Given back"), _("Reason"),
    )  # fmt: skip
    for one in db.session.scalars(reading.queue(current_user, stage, sought=sought)):
        moments = (one.redeemed_at, one.handed_at, one.refunded_at)
        days = (to_local(moment, i18n.zone()).strftime("%Y-%m-%d %H:%M") if moment else "" for moment in moments)
        yield (
            one.member.name,
            str(one.reward.name),
            one.cost,
            str(HANDINGS[one.reward.handing]),
            *days,
            one.refund_note,
        )


def _parcels() -> Iterator[Sequence[object]]:
    yield "redemption", "reward", "recipient", "phone", "address", "redeemed_at"
    waiting = reading.queue(current_user, Stage.WAITING).where(Redemption.address.is_not(None))
    for one in db.session.scalars(waiting):
        address = one.address or {}
        parts = (address.get(part, "") for part in ("name", "phone", "place"))
        yield one.public_id, str(one.reward.name), *parts, one.redeemed_at.isoformat()


def _redemption_page(found: Redemption, hand: HandForm, back: RefundForm, status: int = 200) -> Response:
    page = render_template(
        "community/rewards/shop/handing.html",
        redemption=found,
        hand=hand,
        back=back,
        Handing=Handing,
        handings=HANDINGS,
    )
    return make_response(page, status, {"Cache-Control": "no-store"})
