"""The letter that gathers what a fan has not seen, and the key by which a reader stops such letters without signing in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from commons import mail
from commons.accounts.models import User
from commons.accounts.slots import brand_name
from commons.crypto import derived_key
from commons.db import db
from commons.i18n import speaking
from commons.web import absolute_url
from community.members.models import Member
from community.notices.models import Notice
from community.notices.saying import say


def news(user: User, member: Member, notices: Sequence[Notice], total: int, at: datetime) -> None:
    """Write the letter into the outbox; `notices` are shown of `total`."""
    if user.email is None:
        return
    with speaking(user.language):
        subject = ngettext(
            "%(brand)s: %(num)s thing is new for you",
            "%(brand)s: %(num)s things are new for you",
            total,
            brand=_brand(),
        )
        paragraphs = [
            _("Hello %(name)s,", name=user.name),
            "\n\n".join(_line(notice) for notice in notices),
            _("All of it stands here:"),
            absolute_url("notices.index"),
            _("You asked for these mails. To have no more of them, open this page and press the button:"),
            absolute_url("notices.stop", token=stop_token(member)),
        ]
        mail.send_later(user.email, subject, "\n\n".join(paragraphs) + "\n", at)


def stop_token(member: Member) -> str:
    """What names the member in the address that stops the mails; nobody else can make it."""
    return str(_signer().dumps(member.public_id))


def member_of(token: str) -> Member | None:
    """Whom a token names; None for one that we did not make, or of somebody who is gone."""
    try:
        public_id = _signer().loads(token)
    except BadSignature:
        return None
    query = select(Member).where(Member.public_id == str(public_id), Member.erased_at.is_(None))
    return db.session.scalars(query).one_or_none()


def _line(notice: Notice) -> str:
    words = f"· {say(notice)}"
    return f"{words}\n  {current_app.config['BASE_URL']}{notice.url}" if notice.url else words


def _brand() -> str:
    return next((str(name()) for name in brand_name), "Quanzi")


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(derived_key("notices that are mailed"))
