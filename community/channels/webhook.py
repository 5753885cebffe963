"""A webhook: each post as signed JSON to an address of the brand's choice, for whatever else there is.

Signed as Standard Webhooks are (https://www.standardwebhooks.com): `webhook-id`, `webhook-timestamp` and
`webhook-signature` = `v1,` and the base64 HMAC-SHA256 over `id.timestamp.body`. docs/channels/webhook.md tells receivers.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.outbound import Answer, BadAnswer, Failure, fetch
from community.channels.addresses import base_address, web_address
from community.channels.models import ChannelAccount
from community.channels.outcomes import (
    Ambiguous,
    CannotTell,
    RateLimited,
    Rejected,
    SignIn,
    Trouble,
    excerpt,
    of_failure,
)
from community.channels.protocol import FOR_EVER, Call, Connection, Facts, Field, Limits, Media, Outgoing, Part, Sent
from community.channels.wording import text_sent

SECRET_BYTES = 32
PREFIX = "whsec_"
LONGEST_WAIT = timedelta(hours=1)
LONGEST_ID = 200


class Webhook:
    """`send` is safe to repeat only where the receiver promises to drop repeats: that is asked for each account."""

    name = "webhook"
    facts = Facts(
        labels_ads=True,
        label=_l("Webhook"),
        icon="webhook",
        can_find=False,
        threads=True,
        first_comment=True,
        content_warning=True,
    )
    fields = (
        Field("name", _l("Name, for the team")),
        Field("url", _l("Address that takes the posts"), _l("It gets a POST with signed JSON."), kind="url"),
        Field(
            "drops_repeats",
            _l("The receiver drops repeats"),
            _l(
                "It takes each Idempotency-Key once, however often it comes. Then a post whose arrival is unclear is sent again by itself."
            ),
            kind="yes",
            optional=True,
        ),
    )

    def facts_of(self, account: ChannelAccount) -> Facts:
        return replace(self.facts, safe_retry=FOR_EVER) if account.facts.get("drops_repeats") else self.facts

    def limits(self, account: ChannelAccount) -> Limits:
        return Limits(characters=20_000, pictures=18, videos=1)

    def freeze(self, account: ChannelAccount, outgoing: Outgoing, at: datetime) -> list[dict[str, Any]]:
        texts = [text_sent(part.text, outgoing.link_url, number == 0) for number, part in enumerate(outgoing.parts)]
        parts = [_part(text, part) for text, part in zip(texts, outgoing.parts, strict=True)]
        if outgoing.first_comment:
            comment = Part(text_sent(outgoing.first_comment, outgoing.link_url, is_first=False))
            parts.append({**_part(comment.text, comment), "comment": True})
        about = _about(outgoing)
        return [
            _request({**about, **part, "part": number, "of": len(parts)}, f"{outgoing.key}-{number}")
            for number, part in enumerate(parts, start=1)
        ]

    def send(self, account: ChannelAccount, call: Call, at: datetime) -> Sent:
        earlier = [{"id": sent.details.get("id") or sent.external_id, "url": sent.url} for sent in call.earlier]
        key = str(call.request["key"])
        answer = _deliver(account, key, {**call.request["body"], "earlier": earlier}, at)
        if not answer.ok:
            raise _refusal(answer, at)
        named = _named(answer)
        # Known here by our own key: what a receiver calls its posts need not differ from post to post.
        return Sent(key, named.pop("url", ""), answer=excerpt(answer), details=named)

    def find(self, account: ChannelAccount, call: Call, at: datetime) -> Sent | None:
        raise CannotTell(_("A webhook cannot be asked what it has taken."))

    def look(self, account: ChannelAccount, sent: Sent) -> str | None:
        raise CannotTell(_("A webhook cannot be asked what it has taken."))

    def refresh(self, account: ChannelAccount, at: datetime) -> Connection:
        """Send a signed `ping`, which a receiver that knows the secret answers with 2xx."""
        answer = _ping(account, at)
        if answer.status in {401, 403}:
            raise SignIn(_("The receiver does not accept our signature. Give it the secret, or connect anew."))
        if not answer.ok:
            raise _refusal(answer, at)
        credentials = dict(account.credentials or {})
        return Connection(account.external_id, account.name, credentials, account.facts, account.address)

    def connect(self, values: Mapping[str, str], at: datetime) -> Connection:
        """Make a secret, and see that somebody listens there: a receiver cannot know our signature yet."""
        base_address(values["url"])
        url = _with_scheme(values["url"].strip())
        secret = PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
        facts = {"drops_repeats": values.get("drops_repeats") == "yes"}
        external_id = hashlib.sha256(url.encode()).hexdigest()[:32]
        account = ChannelAccount(external_id=external_id, credentials={"url": url, "secret": secret})
        answer = _ping(account, at)
        if answer.status >= 500 or 300 <= answer.status < 400 or answer.status in {404, 405, 410}:
            raise Rejected(
                _("Nothing takes posts there (HTTP %(status)s).", status=str(answer.status)), excerpt(answer)
            )
        return Connection(
            external_id, values["name"], {"url": url, "secret": secret}, facts, _without_query(url), reveal=secret
        )


def signature(secret: str, key: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`."""
    signed = f"{key}.{timestamp}.".encode() + body
    digest = hmac.new(base64.b64decode(secret.removeprefix(PREFIX)), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _request(body: dict[str, Any], key: str) -> dict[str, Any]:
    return {"key": key, "body": body, **({"comment": True} if body["comment"] else {})}


def _about(outgoing: Outgoing) -> dict[str, Any]:
    return {
        "type": "post",
        "publication": outgoing.key,
        "author": outgoing.author_name,
        "ad": outgoing.ad,
        "language": outgoing.language,
        "content_warning": outgoing.content_warning,
        "link": outgoing.link_url,
        "comment": False,
    }


def _part(text: str, part: Part) -> dict[str, Any]:
    media = [_medium(picture, "picture") for picture in part.pictures]
    if part.video is not None:
        media.append(_medium(part.video, "video"))
    return {"text": text, "media": media}


def _medium(media: Media, kind: str) -> dict[str, Any]:
    """Where the file can be fetched without signing in, and the hash to check it by."""
    return {
        "kind": kind,
        "url": f"{current_app.config['BASE_URL']}{media.path}",
        "alt": media.alt,
        "media_type": media.media_type,
        "sha256": media.sha256,
        "bytes": media.size,
        "width": media.width,
        "height": media.height,
    }


def _ping(account: ChannelAccount, at: datetime) -> Answer:
    return _deliver(account, f"ping-{secrets.token_hex(6)}", {"type": "ping"}, at)


def _deliver(account: ChannelAccount, key: str, body: Mapping[str, Any], at: datetime) -> Answer:
    credentials = account.credentials
    if not credentials:
        raise SignIn(_("This account is not connected."))
    content = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
    timestamp = int(at.timestamp())
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        "webhook-id": key,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(credentials["secret"], key, timestamp, content),
    }
    try:
        return fetch("POST", credentials["url"], headers=headers, body=content, seconds=20.0)
    except Failure as failure:
        raise of_failure(failure) from failure


def _refusal(answer: Answer, at: datetime) -> Trouble:
    back = excerpt(answer)
    if answer.status == 429:
        return RateLimited(_("The receiver takes no more at the moment."), _retry_after(answer, at), back)
    if answer.status >= 500 or answer.status == 408 or answer.status < 400:
        return Ambiguous(_("The receiver answered with HTTP %(status)s.", status=str(answer.status)), back)
    return Rejected(_("The receiver turned it down (HTTP %(status)s).", status=str(answer.status)), back)


def _retry_after(answer: Answer, at: datetime) -> datetime | None:
    """The moment in Retry-After, seconds or a date; not more than an hour away."""
    words = answer.headers.get("retry-after", "")
    if words.isdecimal() and len(words) < 8:
        return min(at + timedelta(seconds=int(words)), at + LONGEST_WAIT)
    try:
        return min(parsedate_to_datetime(words).astimezone(UTC), at + LONGEST_WAIT)
    except ValueError:
        return None


def _named(answer: Answer) -> dict[str, str]:
    """What the receiver calls it (`id`) and where readers find it (`url`), if it says so and they can be kept."""
    try:
        found = answer.json()
    except BadAnswer:
        return {}
    if not isinstance(found, dict):
        return {}
    named = {name: str(found[name]) for name in ("id", "url") if isinstance(found.get(name), str | int)}
    if not web_address(named.get("url")):
        named.pop("url", None)
    if len(named.get("id", "")) > LONGEST_ID:
        named.pop("id")
    return named


def _with_scheme(url: str) -> str:
    return url if "://" in url else f"https://{url}"


def _without_query(url: str) -> str:
    """An address without what may be a secret in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"
