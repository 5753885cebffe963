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
from campaigns.posts import channel_fields, labelling
from campaigns.posts.drafts import ALT_LENGTH, MOST_COMMENT, MOST_NOTES, MOST_STORED, WARNING_LENGTH, Draft
from campaigns.posts.languages import language_choices
from campaigns.posts.models import BrandPost, sells
from commons import clock, zones
from commons.db import db
from commons.forms import Form, WallClockField, ZoneField

MOST_LINKS = 100


class PostForm(Form):
    """Everything on the composer page. What is said otherwise on a channel stands in `channel_fields`."""

    text = TextAreaField(_l("Text"), validators=[Length(max=MOST_STORED)])
    first_comment = TextAreaField(_l("First comment"), validators=[Length(max=MOST_COMMENT)])
    content_warning = StringField(_l("Content warning"), validators=[Length(max=WARNING_LENGTH)])
    language = SelectField(_l("Language of the text"))
    video_alt = TextAreaField(_l("Describe the video"), validators=[Length(max=ALT_LENGTH)])
    link = SelectField(_l("Tracked link"))
    target = StringField(_l("New link to"), validators=[Length(max=2000)])
    campaign = SelectField(_l("Campaign"))
    ad = BooleanField(_l("This is advertising"))
    new_labels = StringField(_l("New labels"), validators=[Length(max=300)])
    notes = TextAreaField(_l("Notes for the team"), validators=[Length(max=MOST_NOTES)])
    revision = HiddenField(default="0")
    when = WallClockField(_l("Goes out at"), validators=[Optional()])
    zone = ZoneField()

    def __init__(self, post: BrandPost, *args: Any, **kwargs: Any) -> None:
        now = {"text": post.text, "ad": post.ad, "revision": str(post.revision)}
        now |= {name: getattr(post, name) or "" for name in ("first_comment", "content_warning", "language")}
        now |= {"notes": post.notes or "", "video_alt": post.video_alt or ""}
        now["link"] = post.link.public_id if post.link else ""
        now["campaign"] = post.campaign.public_id if post.campaign else ""
        self.post = post
        super().__init__(*args, **{**now, **kwargs})
        self.when.flags.optional = False
        for field in (self.text, self.first_comment):  # each channel counts in its own way: see static/js/composer.js
            field.flags.maxlength = False
        if zones.is_zone(self.zone.data or "") and self.zone.data not in zones.names():  # from an imported table
            self.zone.choices = [(name, name.replace("_", " ")) for name in (*zones.names(), self.zone.data)]
        self.link.choices = link_choices(post)
        self.campaign.choices = campaign_choices(current_user, clock.now(), post.campaign)
        self.language.choices = language_choices(post.language or "")

    def validate(self, extra_validators: Any = None) -> bool:
        is_fine: bool = super().validate(extra_validators)
        too_much = channel_fields.problems(request.form)
        self.form_errors: list[str] = too_much
        return is_fine and not too_much

    @property
    def complaints(self) -> list[str]:
        """All that is wrong, each a sentence that names its field."""
        told = [(field.label.text, words) for field in self for words in field.errors]
        return [*self.form_errors, *(_("%(field)s: %(words)s", field=field, words=words) for field, words in told)]

    @property
    def alts(self) -> dict[str, str]:
        """The words of the pictures, by their public ids."""
        return {name[4:]: value for name, value in request.form.items() if name.startswith("alt-")}

    @property
    def files(self) -> Sequence[FileStorage]:
        return [file for file in request.files.getlist("files") if file.filename]

    @property
    def video_file(self) -> FileStorage | None:
        file = request.files.get("video")
        return file if file is not None and file.filename else None

    @property
    def read_revision(self) -> int:
        data = self.revision.data or ""
        return int(data) if data.isdecimal() and len(data) < 9 else -1

    def draft(self) -> Draft:
        """What the writer has in front of him; what the page did not show stays as it is."""
        sent = request.form
        return Draft(
            text=self.text.data or "",
            campaign=db.session.scalar(select(Campaign).where(Campaign.public_id == (self.campaign.data or ""))),
            link=db.session.scalar(select(Link).where(Link.public_id == (self.link.data or ""))),
            ad=bool(self.ad.data),
            alts=self.alts,
            more=channel_fields.parts(sent, "more") if "with_more" in sent else list(self.post.more or []),
            first_comment=self.first_comment.data or "",
            content_warning=self.content_warning.data or "",
            language=self.language.data or "",
            notes=self.notes.data or "",
            video_alt=self.video_alt.data or "",
            labels=labelling.labels_by_id(sent.getlist("label")) if "with_labels" in sent else list(self.post.labels),
            variants=channel_fields.chosen(sent, self.post)
            if "with_channels" in sent
            else channel_fields.as_saved(self.post),
        )


def link_choices(post: BrandPost) -> list[tuple[str, str, dict[str, bool]]]:
    """(public id, words, attributes) of the brand's newest links that still lead somewhere, and of the one that is chosen.

    A link to something for sale says so with `data-sells`: then the counters reckon with the ad label.
    """
    query = select(Link).where(Link.member_id.is_(None), Link.origin_id.is_(None), Link.ended_at.is_(None))
    links = list(db.session.scalars(query.order_by(Link.id.desc()).limit(MOST_LINKS)))
    if post.link is not None and post.link not in links:
        links.insert(0, post.link)
    offered = [(link.public_id, link_words(link), {"data-sells": sells(link.target)}) for link in links]
    return [("", _("No link"), {}), *offered]


def link_words(link: Link) -> str:
    return f"{link.title or link.target} · /l/{link.slug}"[:120]
