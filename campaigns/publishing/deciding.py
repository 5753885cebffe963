"""What a person does about a delivery that cannot go on by itself: nobody knows whether it is out, or half of it is.

Each act asks for the state it is meant for, under a lock: whoever comes second finds it done.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from flask_babel import gettext as _

from campaigns.publishing import rows, sending
from campaigns.publishing.models import (
    LEFT,
    AttemptKind,
    AttemptOutcome,
    Delivery,
    DeliveryPart,
    DeliveryState,
)
from campaigns.publishing.telling import tell
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, Invalid
from community.channels.models import ChannelAccount
from community.channels.protocol import Recognizing, Sent, channel_named, facts_of

LONGEST = 500


class NotThere(Invalid):
    """The address cannot be that of a post on this account."""


class Decided(Conflict):
    """Somebody else was faster, or it has sorted itself out."""


def it_is_live(delivery: Delivery, url: str, *, by: User, at: datetime) -> None:
    """The part in doubt stands at `url`; what is left of the post goes on. Raises `NotThere`, `Decided`."""
    part = _in_doubt(delivery)
    sent = _recognized(delivery.account, url.strip())
    _note(delivery, part, AttemptOutcome.FOUND, f"{by.name}: {sent.url}", at)
    since = _since(delivery, part, at)
    sending.note_standing(part, sent, since)
    _tell("post.said_live", delivery, by, at, url=sent.url)
    parts = rows.parts_of(delivery)
    if all(one.external_id is not None for one in parts):
        sending.all_stands(delivery, parts, at, since)
    else:
        sending.try_again(delivery, at)


def it_is_not_there(delivery: Delivery, *, by: User, at: datetime) -> None:
    """A person has looked: the part in doubt is not there, and is sent again. Raises `Decided`."""
    part = _in_doubt(delivery)
    _note(delivery, part, AttemptOutcome.DENIED, by.name, at)
    _tell("post.said_not_there", delivery, by, at)
    sending.try_again(delivery, at)


def check_again(delivery: Delivery, *, by: User, at: datetime) -> None:
    """Look for it on the channel once more; nothing is sent by this. Raises `Decided`."""
    _in_doubt(delivery)
    _tell("post.check_again", delivery, by, at)
    sending.try_again(delivery, at)


def send_the_rest(delivery: Delivery, *, by: User, at: datetime) -> None:
    """What is missing of a post that stands half is sent. Raises `Decided`."""
    _locked(delivery, DeliveryState.PARTIAL)
    _tell("post.rest_sent", delivery, by, at)
    sending.try_again(delivery, at)


def leave_it_so(delivery: Delivery, *, by: User, at: datetime) -> None:
    """The half that stands is enough. Safe to call twice. Raises `Decided`."""
    _locked(delivery, DeliveryState.PARTIAL)
    if delivery.reason == LEFT:
        return
    parts = rows.parts_of(delivery)
    delivery.reason, delivery.published_at = LEFT, parts[0].sent_at
    delivery.channel_post = sending.channel_post(delivery, parts, at)
    db.session.flush()
    _tell("post.left_so", delivery, by, at)


def _in_doubt(delivery: Delivery) -> DeliveryPart:
    """The part that nobody knows about."""
    _locked(delivery, DeliveryState.UNKNOWN)
    part = rows.waiting_among(rows.parts_of(delivery))
    if part is None:
        raise _decided()
    return part


def _since(delivery: Delivery, part: DeliveryPart, at: datetime) -> datetime:
    """When it must have come to stand there: with the last try that may have arrived; by hand, as far as we know, now."""
    sends = [one.started_at for one in rows.tries_of(delivery, part) if one.kind is AttemptKind.SEND]
    return at if facts_of(delivery.account).by_person or not sends else sends[-1]


def _locked(delivery: Delivery, state: DeliveryState) -> None:
    rows.locked(delivery.id)
    if delivery.state is not state:
        raise _decided()


def _decided() -> Decided:
    return Decided(_("This has been settled meanwhile."), _("Reload the page to see how it stands now."))


def _note(delivery: Delivery, part: DeliveryPart, outcome: AttemptOutcome, answer: str, at: datetime) -> None:
    """A person's word is a try like any other: verdicts go by it, the receipt shows it."""
    rows.note(delivery, AttemptKind.FIND, outcome, answer, at, part=part.number)


def _recognized(account: ChannelAccount, url: str) -> Sent:
    """The post behind an address that a person pasted."""
    host = _host(url)
    if host is None or len(url) > LONGEST:
        raise NotThere(_("“%(url)s” is not an address.", url=url[:80]), _("Open the post there and copy its address."))
    own = (urlsplit(account.address).hostname or "").removeprefix("www.")
    channel = channel_named(account.channel)
    known = channel.recognize(account, url) if isinstance(channel, Recognizing) else None
    if known is None and own and not _same_house(host, own):
        words = _("This address does not lead to %(place)s, where %(name)s is.", place=own, name=account.name)
        raise NotThere(words, _("Open the post there and copy its address."))
    if known is None and isinstance(channel, Recognizing):
        words = _("This address is not that of a post by %(name)s.", name=account.name)
        raise NotThere(words, _("Open the post there and copy its address."))
    return known or Sent(url[:200], url=url)


def _host(url: str) -> str | None:
    """The host of an http(s) address; None for anything else."""
    try:
        parts = urlsplit(url)
        has_port = parts.port != 0
    except ValueError:
        return None
    is_web = parts.scheme in {"http", "https"} and has_port and "@" not in parts.netloc and url.isprintable()
    return parts.hostname if is_web and " " not in url else None


def _same_house(host: str, own: str) -> bool:
    """`m.example.com` and `example.com` are one house, `example.com.evil.net` is another."""
    return host == own or host.endswith("." + own) or own.endswith("." + host)


def _tell(kind: str, delivery: Delivery, by: User, at: datetime, **more: str) -> None:
    tell(kind, delivery, at, by=by, account=delivery.account.name, **more)
