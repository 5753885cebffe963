"""Weekly slots and best times over HTTP, and the next free slot for the composer."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from wtforms import SelectField, SelectMultipleField, TimeField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from campaigns.posts import composing
from campaigns.posts.planner import best_times, entries, slots
from campaigns.posts.planner.best_times import Advice
from campaigns.posts.planner.public_holidays import country_choices, country_of
from campaigns.posts.planner.slots import FreeSlot
from campaigns.posts.views import bp
from commons import clock, i18n
from commons.db import db
from commons.errors import Invalid
from commons.forms import CountField, Form, ZoneField, required
from commons.permissions import Permission
from commons.web import allow, go, one_or_404, region
from community.channels.accounts import circle_account, open_accounts
from community.channels.models import ChannelAccount

PAGE = "campaigns/posts/planner/slots.html"
WEEKDAYS = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)


class SlotForm(Form):
    """A time, on some days of the week."""

    weekdays = SelectMultipleField(
        _l("Days"), coerce=int, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    moment = TimeField(_l("Time"), validators=[required()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weekdays.choices = list(enumerate(WEEKDAYS))


class RulesForm(Form):
    apart = CountField(
        _l("Minutes between two posts on one channel"), validators=[InputRequired(), NumberRange(0, 24 * 60)]
    )
    country = SelectField(_l("Holidays of"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = [("", _("The country of my time zone")), *country_choices(i18n.language())]


class ZoneForm(Form):
    zone = ZoneField()


@bp.get("/slots", endpoint="slots")
@allow(Permission.POST_READ)
def show() -> Response:
    return _page()


@bp.post("/slots/rules")
@allow(Permission.POST_SCHEDULE)
def set_rules() -> Response:
    form = RulesForm()
    if not form.validate_on_submit():
        return _page(422, rules_form=form)
    slots.set_rules(form.apart.data or 0, form.country.data or "", by=current_user, at=clock.now())
    db.session.commit()
    flash(_("Saved."), "good")
    return go(url_for("posts.slots"))


@bp.post("/slots/<public_id>")
@allow(Permission.POST_SCHEDULE)
def add_slots(public_id: str) -> Response:
    account = one_or_404(_accounts(), public_id)
    form = SlotForm(prefix=public_id)
    if not form.validate_on_submit() or form.moment.data is None:
        return _page(422, account_id=account.id, slot_form=form)
    try:
        count = slots.add_slots(account, form.weekdays.data or [], form.moment.data, by=current_user, at=clock.now())
    except Invalid as refusal:
        form.weekdays.errors = [str(refusal.message)]
        return _page(422, account_id=account.id, slot_form=form)
    db.session.commit()
    flash(_("Added.") if count else _("The account has these slots already."), "good")
    return go(url_for("posts.slots", _anchor=f"account-{public_id}"))


@bp.post("/slots/<public_id>/remove")
@allow(Permission.POST_SCHEDULE)
def remove_slot(public_id: str) -> Response:
    account = one_or_404(_accounts(), public_id)
    weekday, minute = (request.form.get(name, "") for name in ("weekday", "minute"))
    if weekday.isdecimal() and minute.isdecimal() and len(weekday + minute) < 8:
        slots.remove_slot(account, int(weekday), int(minute), by=current_user, at=clock.now())
        db.session.commit()
    return go(url_for("posts.slots", _anchor=f"account-{public_id}"))


@bp.post("/slots/<public_id>/zone")
@allow(Permission.POST_SCHEDULE)
def set_zone(public_id: str) -> Response:
    account = one_or_404(_accounts(), public_id)
    slots.set_zone(account, request.form.get("zone", ""), by=current_user, at=clock.now())
    db.session.commit()
    flash(_("Saved. What is planned stays where it is."), "good")
    return go(url_for("posts.slots", _anchor=f"account-{public_id}"))


@bp.get("/<public_id>/next-slot")
@allow(Permission.POST_WRITE)
def next_slot(public_id: str) -> Response:
    """When the accounts of a post have their next free slot, and when people answered best, to choose from."""
    post = composing.opened(public_id, current_user)
    accounts = [variant.account for variant in post.variants] if post else [circle_account()]
    at, own = clock.now(), post.id if post else None
    return region(
        "campaigns/posts/planner/_next_slot_choices.html",
        page="campaigns/posts/planner/next_slot.html",
        post_id=public_id,
        offers=[(account, slots.next_free_slot(account, at, own)) for account in accounts],
        for_all=slots.next_free_for_all(accounts, at, own) if len(accounts) > 1 else None,
        advice=[_advice(account, at, own) for account in accounts],
        places=entries.accounts(),
        weekdays=WEEKDAYS,
        least=best_times.LEAST_POSTS,
    )


def _advice(
    account: ChannelAccount, at: datetime, own: int | None
) -> tuple[ChannelAccount, Advice, list[FreeSlot | None]]:
    """The hours in which people answered best on an account, and when each of them is next free there."""
    advice = best_times.best_times(account, account.zone, at)
    coming = [slots.next_free_at(account, hour.weekday, time(hour.hour), at, own) for hour in advice.hours]
    return account, advice, coming


def _page(
    status: int = 200,
    *,
    account_id: int | None = None,
    slot_form: SlotForm | None = None,
    rules_form: RulesForm | None = None,
) -> Response:
    at, agreed = clock.now(), slots.rules()
    accounts = open_accounts()
    forms = {account.id: _slot_form(account) for account in accounts}
    if slot_form is not None and account_id is not None:
        forms[account_id] = slot_form
    context = {
        "accounts": accounts,
        "places": entries.accounts(),
        "weeks": {account.id: slots.slots_by_day(account) for account in accounts},
        "next_free": {account.id: slots.next_free_slot(account, at) for account in accounts},
        "advice": {account.id: best_times.best_times(account, account.zone, at) for account in accounts},
        "least": best_times.LEAST_POSTS,
        "weekdays": WEEKDAYS,
        "forms": forms,
        "zone_forms": {account.id: ZoneForm(formdata=None, zone=account.zone) for account in accounts},
        "rules_form": rules_form or RulesForm(formdata=None, apart=agreed.apart_minutes, country=agreed.country),
        "own_country": country_of(i18n.zone()),
        "may_edit": current_user.can(Permission.POST_SCHEDULE),
    }
    return make_response(render_template(PAGE, **context), status)


def _slot_form(account: ChannelAccount) -> SlotForm:
    return SlotForm(formdata=None, prefix=account.public_id, moment=time(10), weekdays=[0, 1, 2, 3, 4])


def _accounts() -> Any:
    """The accounts that can have slots."""
    return select(ChannelAccount).where(ChannelAccount.disconnected_at.is_(None))
