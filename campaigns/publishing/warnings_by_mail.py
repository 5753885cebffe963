"""The letter about what stands in the way of a post, to whoever planned it, in the language of the reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from campaigns.publishing.finding_words import sentence
from campaigns.publishing.findings import Finding
from campaigns.publishing.models import Delivery
from commons import i18n, mail, zones
from commons.accounts.models import User
from commons.web import absolute_url

EXCERPT = 80


def warn(delivery: Delivery, fresh: Sequence[Finding], at: datetime) -> None:
    """Tell the owner of a delivery what was found just now. Whoever has left is not written to."""
    owner = delivery.scheduled_by or delivery.post.author
    if not owner.is_active or not owner.email:
        return
    with force_locale(_language(owner)):
        mail.send_later(owner.email, _subject(delivery), "\n\n".join(_paragraphs(delivery, owner, fresh)) + "\n", at)


def _subject(delivery: Delivery) -> str:
    text = delivery.post.text[:40]
    return str(_("Look at this before it goes out: %(text)s", text=text))


def _paragraphs(delivery: Delivery, owner: User, fresh: Sequence[Finding]) -> list[str]:
    moment = zones.to_local(delivery.due_at, owner.zone) if delivery.due_at else None
    when = f"{moment:%Y-%m-%d %H:%M}" if moment else ""
    goes_out = _(
        "It goes out on %(account)s at %(time)s (%(zone)s).", account=delivery.account.name, time=when, zone=owner.zone
    )
    return [
        _("Hello %(name)s,", name=owner.name),
        _("something stands in the way of this post:"),
        f"“{delivery.post.text[:EXCERPT]}”",
        *([goes_out] if moment else []),
        "\n".join(f"- {sentence(finding)}" for finding in fresh),
        absolute_url("publishing.show", public_id=delivery.public_id),
    ]


def _language(user: User) -> str:
    known = user.language if user.language in i18n.LANGUAGES else None
    return known or i18n.DEFAULT_LANGUAGE
