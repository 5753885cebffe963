"""The check of a campaign, what it discloses, and the list of all rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.compliance import checking
from campaigns.compliance.forms import DisclosureForm
from campaigns.compliance.models import Preset
from campaigns.compliance.rules import RULES
from campaigns.compliance.subject import disclosure_of, preset_of
from campaigns.compliance.wording import PRESETS, WEIGHTS
from campaigns.planning.models import Campaign
from commons import clock
from commons.db import db
from commons.errors import Invalid
from commons.forms import storable
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404

bp = Blueprint("compliance", __name__, url_prefix="/compliance")


@bp.get("/rules")
@allow(Permission.CAMPAIGN_READ)
def rules() -> str:
    """Every rule of a preset, with where it is written."""
    asked = request.args.get("preset", "")
    preset = Preset(asked) if asked in list(Preset) else Preset.CHINA
    held = [(rule, rule.laws[preset]) for rule in RULES if preset in rule.laws]
    return render_template(
        "campaigns/compliance/rules.html", preset=preset, presets=PRESETS, held=held, weights=WEIGHTS
    )


@bp.get("/<public_id>")
@allow(Permission.CAMPAIGN_READ)
def show(public_id: str) -> Response:
    campaign = _visible(public_id)
    return _page(campaign, DisclosureForm.of(disclosure_of(campaign), preset_of(campaign)))


@bp.get("/<public_id>/findings.csv")
@allow(Permission.CAMPAIGN_READ)
def export(public_id: str) -> Response:
    campaign = _visible(public_id)
    return csv_answer(list(_rows(campaign)), f"compliance-{campaign.public_id}")


@bp.post("/<public_id>")
@allow(Permission.CAMPAIGN_WRITE)
def disclose(public_id: str) -> Response:
    campaign, form = _visible(public_id), DisclosureForm()
    if not form.validate_on_submit():
        return _page(campaign, form, status=422)
    checking.disclose(campaign, form.wanted(), by=current_user, at=clock.now())
    db.session.commit()
    flash(_("Saved, and checked again."), "success")
    return go(url_for("compliance.show", public_id=campaign.public_id))


@bp.post("/<public_id>/acknowledge")
@allow(Permission.CAMPAIGN_WRITE)
def acknowledge(public_id: str) -> Response:
    campaign = _visible(public_id)
    rule, mark = request.form.get("rule", ""), request.form.get("mark", "")
    reason = storable(request.form.get("reason", ""))[:500]
    try:
        checking.acknowledge(campaign, rule, mark, reason, by=current_user, at=clock.now())
        db.session.commit()
    except Invalid as refusal:
        db.session.rollback()
        flash(str(refusal), "error")
    return go(url_for("compliance.show", public_id=campaign.public_id))


def _visible(public_id: str) -> Campaign:
    return one_or_404(Campaign.visible_to(current_user, clock.now()), public_id)


def _page(campaign: Campaign, form: DisclosureForm, *, status: int = 200) -> Response:
    page = render_template(
        "campaigns/compliance/show.html",
        campaign=campaign,
        preset=preset_of(campaign),
        presets=PRESETS,
        found=checking.check(campaign),
        kept=checking.kept(campaign),
        weights=WEIGHTS,
        form=form,
    )
    return make_response(page, status)


def _rows(campaign: Campaign) -> Iterator[Sequence[Any]]:
    yield _("Rule"), _("What was found"), _("Severity"), _("Reference"), _("Let stand because"), _("By")
    for result in checking.check(campaign):
        known = result.acknowledged
        because = (known.reason, known.by.name) if known else ("", "")
        yield str(result.rule.words), result.words, str(WEIGHTS[result.weight][1]), result.reference, *because
