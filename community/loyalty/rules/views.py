"""Earning rules for staff: made and changed in a form, tried out on past facts before they hold."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock
from commons.db import db
from commons.errors import DomainError, Invalid
from commons.paging import page_number
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404, region
from community.loyalty.levels.climbing import levels
from community.loyalty.models import EarningRule
from community.loyalty.rules import changes, details, fairness
from community.loyalty.rules import versions as rules
from community.loyalty.rules.forms import NewRuleForm, RuleForm
from community.loyalty.rules.limits import limits
from community.loyalty.rules.trying import DryRun, dry_run
from community.loyalty.words import SHORT_VERDICTS
from community.members import facts
from community.members.facts import evidence_words, name_of

bp = Blueprint("earning", __name__, url_prefix="/loyalty/rules")
PAGE = 10
UNSENT = {"csrf_token", "preview", "look", "page"}


@bp.get("/new")
@allow(Permission.LOYALTY_WRITE)
def choose_kind() -> str:
    """Which facts shall be rewarded: the first step of a new rule."""
    return render_template("community/loyalty/kinds.html", kinds=details.kinds())


@bp.get("/new/<kind>")
@allow(Permission.LOYALTY_WRITE)
def new_rule(kind: str) -> Response:
    return _new_page(kind, _new_form(kind))


@bp.post("/new/<kind>")
@allow(Permission.LOYALTY_WRITE)
def make_rule(kind: str) -> Response:
    """Try the new rule out (`preview`), or let it hold from now on."""
    form = _new_form(kind)
    if not form.validate_on_submit():
        return _new_page(kind, form, status=422)
    try:
        fairness.check(kind, form.terms.only)
        if "preview" in request.form:
            return _new_page(kind, form, tried=dry_run(kind, form.terms, form.span))
        rule = rules.make(kind, form.name, form.terms, by=current_user, at=clock.now())
    except Invalid as refusal:
        return _new_page(kind, _refused(form, refusal), status=422)
    db.session.commit()
    flash(_("The rule holds from now on."), "good")
    return go(url_for("earning.rule", public_id=rule.public_id))


@bp.get("/<public_id>")
@allow(Permission.LOYALTY_READ)
def rule(public_id: str) -> Response:
    found = one_or_404(EarningRule.visible_to(current_user), public_id)
    at = clock.now()
    return _rule_page(found, RuleForm.of(found.event_kind, at, rules.current(found, at)))


@bp.post("/<public_id>")
@allow(Permission.LOYALTY_WRITE)
def change_rule(public_id: str) -> Response:
    """Try the terms out on past facts (`preview`), or let them hold from now on."""
    found = one_or_404(EarningRule.visible_to(current_user), public_id)
    form = _form(found.event_kind, found)
    if not form.validate_on_submit():
        return _rule_page(found, form, status=422)
    try:
        fairness.check(found.event_kind, form.terms.only)
        if "preview" in request.form:
            return _rule_page(found, form, tried=dry_run(found.event_kind, form.terms, form.span, found))
        version = rules.change(found, form.terms, by=current_user, at=clock.now(), based_on=form.based_on.data)
    except (Invalid, rules.Changed) as refusal:
        form.base_on(max(version.number for version in found.versions))
        return _rule_page(found, _refused(form, refusal), status=refusal.status)
    db.session.commit()
    words = _("From now on version %(number)s holds.", number=version.number) if version else _("Nothing changed.")
    flash(words, "good")
    return go(url_for("earning.rule", public_id=found.public_id))


@bp.post("/try.csv")
@allow(Permission.LOYALTY_WRITE)
def export_try() -> Response:
    """Everybody for whom something would change, as a file: the form as it was tried, of `rule` or about `kind`."""
    found = db.session.scalars(
        EarningRule.visible_to(current_user).where(EarningRule.public_id == request.form.get("rule", ""))
    ).one_or_none()
    kind = found.event_kind if found is not None else _known(request.form.get("kind", ""))
    form = _form(kind, found)
    if not form.validate_on_submit():
        raise Invalid(_("The terms cannot be tried as they are."), _("Go back and check the form."))
    fairness.check(kind, form.terms.only)
    return csv_answer(changes.table(dry_run(kind, form.terms, form.span, found)), f"dry-run-{clock.now():%Y%m%d}")


def _form(kind: str, rule: EarningRule | None) -> RuleForm:
    now = rules.current(rule, clock.now()) if rule is not None else None
    return RuleForm(kind=kind, at=clock.now(), known=now.only if now is not None else ())


def _new_form(kind: str) -> NewRuleForm:
    return NewRuleForm(kind=_known(kind), at=clock.now())


def _known(kind: str) -> str:
    """The kind, if there are facts that are called so."""
    if kind not in facts.kinds():
        raise Invalid(_("There are no facts of this kind."), _("Choose one from the list."))
    return kind


def _refused(form: Any, refusal: DomainError) -> Any:
    form.form_errors.append(refusal.in_full)
    return form


def _new_page(kind: str, form: NewRuleForm, tried: DryRun | None = None, status: int = 200) -> Response:
    return region(
        "community/loyalty/_new_rule.html",
        page="community/loyalty/new_rule.html",
        status=status,
        kind=kind,
        form=form,
        action=url_for("earning.make_rule", kind=kind),
        objection=fairness.objection(kind, {}),
        **_shown(kind, tried),
    )


def _rule_page(rule: EarningRule, form: RuleForm, tried: DryRun | None = None, status: int = 200) -> Response:
    return region(
        "community/loyalty/_rule.html",
        page="community/loyalty/rule.html",
        status=status,
        rule=rule,
        now_in_force=rules.current(rule, clock.now()),
        form=form,
        action=url_for("earning.change_rule", public_id=rule.public_id),
        authors=rules.authors(rule),
        levels=levels(),
        may_change=current_user.can(Permission.LOYALTY_WRITE),
        **_shown(rule.event_kind, tried, rule),
    )


def _shown(kind: str, tried: DryRun | None, rule: EarningRule | None = None) -> dict[str, Any]:
    """What both pages need to show a dry run, and the words for terms."""
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in UNSENT]
    found = {"rule": rule.public_id} if rule is not None else {"kind": kind}
    look = "lose" if request.form.get("look") == "lose" else "gain"
    number = page_number(request.form.get("page"))
    chosen = (tried.losers if look == "lose" else tried.gainers) if tried is not None else []
    some = chosen[(number - 1) * PAGE : number * PAGE]
    return {
        "tried": tried,
        "look": look,
        "number": number,
        "has_more": number * PAGE < len(chosen),
        "changes": some,
        "people": changes.people_of(some),
        "sent": sent,
        "exported": [*sent, *found.items()],
        "limits": limits,
        "verdict_words": SHORT_VERDICTS,
        "evidence_words": evidence_words,
        "name_of": name_of,
    }
