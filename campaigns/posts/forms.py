"""The composer's form. It carries the schedule too, so that what is scheduled is what stands in the form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from campaigns.links.models import Link
from campaigns.planning.models import Campaign
from campaigns.planning.reading import campaign_choices
from campaigns.posts.models import BrandPost
from campaigns.posts.writing import Draft
from commons import clock
from commons.db import db
from commons.forms import Form, WallClockField, ZoneField

MOST_LINKS = 100


class PostForm(Form):
    """Everything on the composer page. `alts` are the words of the pictures, by their public ids."""

    text = TextAreaField(_l("Text"))
    link = SelectField(_l("Tracked link"))
    target = StringField(_l("New link to"), validators=[Length(max=2000)])
    campaign = SelectField(_l("Campaign"))
    ad = BooleanField(_l("This is advertising"))
    revision = HiddenField(default="0")
    when = WallClockField(_l("Goes out at"), validators=[Optional()])
    zone = ZoneField()

    def __init__(self, post: BrandPost, *args: Any, **kwargs: Any) -> None:
        now = {"text": post.text, "ad": post.ad, "revision": str(post.revision)}
        now["link"] = post.link.public_id if post.link else ""
        now["campaign"] = post.campaign.public_id if post.campaign else ""
        super().__init__(*args, **{**now, **kwargs})
        self.when.flags.optional = False
        self.link.choices = link_choices(post)
        self.campaign.choices = campaign_choices(current_user, clock.now(), post.campaign)

    @property
    def alts(self) -> dict[str, str]:
        return {name[4:]: value for name, value in request.form.items() if name.startswith("alt-")}

    @property
    def files(self) -> Sequence[FileStorage]:
        return [file for file in request.files.getlist("files") if file.filename]

    @property
    def read_revision(self) -> int:
        data = self.revision.data or ""
        return int(data) if data.isdecimal() and len(data) < 9 else -1

    def draft(self) -> Draft:
        """What the writer has in front of him."""
        link = db.session.scalar(select(Link).where(Link.public_id == (self.link.data or "")))
        campaign = db.session.scalar(select(Campaign).where(Campaign.public_id == (self.campaign.data or "")))
        return Draft(self.text.data or "", campaign, link, bool(self.ad.data), self.alts)


def link_choices(post: BrandPost) -> list[tuple[str, str]]:
    """(public id, words) of the brand's newest links that still lead somewhere, and of the one that is chosen."""
    query = select(Link).where(Link.member_id.is_(None), Link.ended_at.is_(None)).order_by(Link.id.desc())
    links = list(db.session.scalars(query.limit(MOST_LINKS)))
    if post.link is not None and post.link not in links:
        links.insert(0, post.link)
    return [("", _("No link")), *((link.public_id, link_words(link)) for link in links)]


def link_words(link: Link) -> str:
    return f"{link.title or link.target} · /l/{link.slug}"[:120]
