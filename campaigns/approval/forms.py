"""The forms of this room."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import FieldList, FormField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.form import Form as PlainForm
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from campaigns.approval.deciding import NOTE_LENGTH
from campaigns.approval.models import LASTS_DAYS, REMIND_HOURS, TOLERANCE_MINUTES, ApprovalRoute
from campaigns.approval.reviewing import NAME_LENGTH
from campaigns.approval.routing import MOST_STEPS, Rules, approvers, approving_roles
from campaigns.planning.models import Campaign
from campaigns.planning.reading import campaign_choices
from commons import clock
from commons.accounts import addresses
from commons.db import db
from commons.forms import CountField, Form, StorableMeta, WallClockField, ZoneField, required
from community.channels.accounts import open_accounts
from community.channels.models import ChannelAccount

NOBODY, ANYBODY, PEOPLE = "", "anybody", "people"


class DecisionForm(Form):
    """What was seen, and what is said about it."""

    seen = HiddenField()
    note = TextAreaField(_l("Note"), validators=[Length(max=NOTE_LENGTH)])


class ReviewerForm(Form):
    """Whom a link is for, and until when."""

    name = StringField(_l("Name of the reviewer"), validators=[required(), Length(max=NAME_LENGTH)])
    email = StringField(_l("Email address"), validators=[Optional(), Length(max=254)])
    until = WallClockField(_l("The link ends"), validators=[InputRequired()])
    zone = ZoneField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.until.flags.optional = False

    def validate_email(self, field: StringField) -> None:
        if field.data and not addresses.is_address(field.data.strip()):
            raise ValidationError(_l("This is not an email address."))


class StepForm(PlainForm):
    """One step: nobody (there is no such step), a role, anybody, or people by name."""

    Meta = StorableMeta

    who = SelectField(_l("Who agrees"))
    people = SelectMultipleField(
        _l("These people"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(role.value, role.label) for role in approving_roles()]
        self.who.choices = [
            (NOBODY, _("no such step")),
            (ANYBODY, _("anybody who may approve")),
            *roles,
            (PEOPLE, _("people by name")),
        ]
        self.people.choices = [(user.public_id, user.name) for user in approvers()]

    def step(self) -> dict[str, Any] | None:
        """As a route keeps it; None for no step."""
        if self.who.data in {NOBODY, None}:
            return None
        if self.who.data == PEOPLE:
            chosen = set(self.people.data or [])
            return {"people": [user.id for user in approvers() if user.public_id in chosen]}
        return {} if self.who.data == ANYBODY else {"role": self.who.data}


class RouteForm(Form):
    """A route, all of it on one page. What is over since (a campaign, a channel) stays what it is for."""

    campaign = SelectField(_l("Campaign"))
    account = SelectField(_l("Channel"))
    steps = FieldList(FormField(StepForm), min_entries=MOST_STEPS, max_entries=MOST_STEPS)
    tolerance = CountField(_l("Minutes by which it may be moved"), validators=[InputRequired(), NumberRange(0, 10080)])
    lasts = CountField(_l("Days that it lasts"), validators=[InputRequired(), NumberRange(1, 365)])
    remind = CountField(_l("Hours between reminders"), validators=[InputRequired(), NumberRange(1, 168)])

    def __init__(self, route: ApprovalRoute | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        campaigns = campaign_choices(current_user, clock.now(), route.campaign if route else None)
        self.campaign.choices = list((campaigns | {"": str(_("All campaigns, and posts without one"))}).items())
        accounts = {account.public_id: account.name for account in open_accounts()}
        if route is not None and route.account is not None:
            accounts[route.account.public_id] = route.account.name
        self.account.choices = [("", _("All channels")), *accounts.items()]

    @classmethod
    def of(cls, route: ApprovalRoute | None) -> RouteForm:
        """The form as it stands for a route, or for a new one: one step, anybody."""
        steps = [_step_data(step) for step in route.steps] if route else [{"who": ANYBODY}]
        steps += [{"who": NOBODY}] * (MOST_STEPS - len(steps))
        return cls(
            route,
            campaign=route.campaign.public_id if route and route.campaign else "",
            account=route.account.public_id if route and route.account else "",
            steps=steps,
            tolerance=route.tolerance_minutes if route else TOLERANCE_MINUTES,
            lasts=route.lasts_days if route else LASTS_DAYS,
            remind=route.remind_hours if route else REMIND_HOURS,
        )

    def validate_steps(self, field: Any) -> None:
        steps = [line.form.step() for line in field]
        if any(step is not None and step.get("people") == [] for step in steps):
            raise ValidationError(_l("Choose at least one person."))

    def rules(self) -> Rules:
        """What stands in the form."""
        steps = [line.form.step() for line in self.steps]
        return Rules(
            campaign=db.session.query(Campaign).filter_by(public_id=self.campaign.data or "").one_or_none(),
            account=db.session.query(ChannelAccount).filter_by(public_id=self.account.data or "").one_or_none(),
            steps=[step for step in steps if step is not None],
            tolerance_minutes=self.tolerance.data or 0,
            lasts_days=self.lasts.data or LASTS_DAYS,
            remind_hours=self.remind.data or REMIND_HOURS,
        )


def _step_data(step: dict[str, Any]) -> dict[str, Any]:
    if step.get("people"):
        return {"who": PEOPLE, "people": [user.public_id for user in approvers() if user.id in step["people"]]}
    return {"who": step.get("role") or ANYBODY}
