"""The form of a hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import Length, Optional

from campaigns.planning.models import Campaign
from campaigns.planning.reading import campaign_choices
from campaigns.publishing.holding import Scope
from commons import clock, i18n, zones
from commons.db import db
from commons.forms import Form, WallClockField, required
from community.channels.accounts import open_accounts
from community.channels.models import ChannelAccount


class HoldForm(Form):
    """What is held, why, and until when."""

    scope = SelectField(_l("What to hold"))
    reason = StringField(_l("Reason of the hold"), validators=[required(), Length(max=300)])
    lasts = RadioField(_l("How long"), default="open")
    until = WallClockField(_l("Ends at"), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = {f"account:{account.public_id}": account.name for account in open_accounts()}
        running = campaign_choices(current_user, clock.now())
        campaigns = {f"campaign:{public_id}": title for public_id, title in running.items() if public_id}
        groups = {
            str(_("All")): {"everything:": str(_("Everything that is planned"))},
            str(_("A channel")): accounts,
            str(_("A campaign")): campaigns,
        }
        self.scope.choices = {name: choices for name, choices in groups.items() if choices}
        self.lasts.choices = {"open": str(_("Until somebody resumes")), "time": str(_("Until a time"))}

    @property
    def what(self) -> Scope:
        return Scope(str(self.scope.data).partition(":")[0])

    @property
    def account(self) -> ChannelAccount | None:
        query = select(ChannelAccount).where(ChannelAccount.public_id == self._chosen)
        return db.session.scalar(query) if self.what is Scope.ACCOUNT else None

    @property
    def campaign(self) -> Campaign | None:
        query = select(Campaign).where(Campaign.public_id == self._chosen)
        return db.session.scalar(query) if self.what is Scope.CAMPAIGN else None

    @property
    def end(self) -> datetime | None:
        """None: until somebody resumes."""
        if self.lasts.data != "time" or self.until.data is None:
            return None
        return zones.to_utc(self.until.data, i18n.zone())

    def validate(self, extra_validators: Any = None) -> bool:
        """As usual; and whoever wants it to end at a time says at which."""
        is_valid = bool(super().validate(extra_validators))
        if self.lasts.data == "time" and self.until.data is None and not self.until.errors:
            self.until.errors = [_("Choose a time.")]
            return False
        return is_valid

    @property
    def _chosen(self) -> str:
        return str(self.scope.data).partition(":")[2]
