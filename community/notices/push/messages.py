"""What a push service is handed: sealed so that only the browser can read it, and signed so that it knows who sends."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import current_app
from pydantic import AnyHttpUrl
from webpush import WebPush, WebPushSubscription
from webpush.types import WebPushKeys
from webpush.vapid import VAPID

from commons.config import Settings
from community.notices.push import keys
from community.notices.push.addresses import Address

# How long a push service keeps a message for a browser that is not there; afterwards the page of notices is enough.
KEPT_FOR = timedelta(days=1)
VOUCHED_FOR = timedelta(hours=12)


@dataclass(frozen=True)
class Message:
    """What the browser shows: no more than fits on a locked screen. `path` is where a tap leads."""

    title: str
    body: str
    path: str
    language: str
    tag: str

    def content(self) -> bytes:
        return json.dumps(vars(self), ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Sealed:
    """A request to a push service."""

    body: bytes
    headers: dict[str, str]


def seal(message: Message, address: Address, at: datetime) -> Sealed:
    """The message for one browser; every call seals it with a fresh key."""
    ours = keys.keys(at)
    push = WebPush(
        ours.private, ours.public, _contact(), int(KEPT_FOR.total_seconds()), int(VOUCHED_FOR.total_seconds())
    )
    push.vapid = _Voucher(ours.private, ours.public)
    subscription = WebPushSubscription(
        endpoint=AnyHttpUrl(address.endpoint), keys=WebPushKeys(auth=address.auth, p256dh=address.p256dh)
    )
    made = push.get(message.content(), subscription)
    headers = {name.title(): str(value) for name, value in made.headers.items()}
    return Sealed(made.encrypted, {**headers, "Content-Type": "application/octet-stream", "Urgency": "normal"})


class _Origin(NamedTuple):
    scheme: str
    host: str


class _Voucher(VAPID):  # type: ignore[misc]
    """The token names the origin of the push service (RFC 8292, 2), and an unusual port is part of that."""

    def get_authorization_header(self, endpoint: AnyHttpUrl, subscriber: str, expiration: int) -> str:
        parts = urlsplit(str(endpoint))
        return str(super().get_authorization_header(_Origin(parts.scheme, parts.netloc), subscriber, expiration))


def _contact() -> str:
    """Whom a push service may write to about what we send: the address of our mails."""
    settings: Settings = current_app.extensions["settings"]
    return parseaddr(settings.mail_from)[1]
