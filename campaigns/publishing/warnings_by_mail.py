"""The letter about what stands in the way of a post, to whoever planned it, in the language of the reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urljoin

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from campaigns.publishing.finding_words import fix, sentence
from campaigns.publishing.findings import Finding
from campaigns.publishing.models import Delivery
from commons import i18n, mail, zones
from commons.accounts.models import User
from commons.web import absolute_url

EXCERPT = 80


def warn(delivery: Delivery, found: Sequence[Finding], at: datetime) -> None:
    """Tell the owner of a delivery what stands in its way, and what to press. Whoever has left is not written to."""
    owner = owner_of(delivery)
    if not owner.is_active or not owner.email:
        return
    with force_locale(language_of(delivery)):
        mail.send_later(owner.email, _subject(delivery), "\n\n".join(_paragraphs(delivery, owner, found)) + "\n", at)


def owner_of(delivery: Delivery) -> User:
    """Whoever planned it; else whoever wrote it."""
    return delivery.scheduled_by or delivery.post.author


def language_of(delivery: Delivery) -> str:
    """The language of its owner."""
    language = owner_of(delivery).language
    return language if language in i18n.LANGUAGES else i18n.DEFAULT_LANGUAGE


def _subject(delivery: Delivery) -> str:
    text = delivery.post.text[:40]
    return str(_("Look at this before it goes out: %(text)s", text=text))


def _paragraphs(delivery: Delivery, owner: User, found: Sequence[Finding]) -> list[str]:
    when = _time(delivery.due_at, owner) if delivery.due_at else ""
    goes_out = _(
        "It goes out on %(account)s at %(time)s (%(zone)s).", account=delivery.account.name, time=when, zone=owner.zone
    )
    return [
        _("Hello %(name)s,", name=owner.name),
        _("something stands in the way of this post:"),
        f"“{delivery.post.text[:EXCERPT]}”",
        *([goes_out] if when else []),
        *(_line(finding, owner) for finding in found),
        absolute_url("publishing.show", public_id=delivery.public_id),
    ]


def _line(finding: Finding, owner: User) -> str:
    """What was found, and below it what its button does and where it leads: what must be pressed, to the page with the button."""
    words = sentence(finding, lambda moment: _time(moment, owner))
    button = fix(finding)
    address = urljoin(current_app.config["BASE_URL"], button.url or finding.delivery.url)
    return f"- {words}\n  {button.label}: {address}"


def _time(moment: datetime, owner: User) -> str:
    return f"{zones.to_local(moment, owner.zone):%Y-%m-%d %H:%M}"
