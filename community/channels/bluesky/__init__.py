"""Bluesky, and any other server of the AT protocol.

Keys, moments, facets and picture bytes are frozen before the first call, the name of a video before the record is written, and
writing an identical record again changes nothing there: so a try whose end is unknown may simply be repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.channels.addresses import base_address
from community.channels.bluesky import blobs, recognizing, sessions, videos, wire
from community.channels.bluesky.records import (
    COLLECTION,
    MOST_BYTES,
    MOST_CHARACTERS,
    MOST_PICTURES,
    record_to_send,
    requests_of,
)
from community.channels.models import ChannelAccount
from community.channels.outcomes import Ambiguous, NotSent, Rejected
from community.channels.protocol import (
    FOR_EVER,
    Call,
    Connection,
    Counting,
    Facts,
    Field,
    Limits,
    Outgoing,
    Sent,
)

SERVER = "https://bsky.social"
READERS = "https://bsky.app"


class Bluesky:
    """Posts in the repository of one account. A `key` of ours becomes a record key, so it stands there once."""

    name = "bluesky"
    facts = Facts(
        label=_l("Bluesky"),
        icon="brand-bluesky",
        safe_retry=FOR_EVER,
        needs_alt=True,
        threads=True,
        first_comment=True,
        replies=("comment",),
        pace=_l("5,000 points an hour and 35,000 a day, of which a post takes two"),
        counting=Counting(short_addresses=True),
    )
    fields = (
        Field("identifier", _l("Handle"), _l("As in teahouse.bsky.social, or the mail address of the account.")),
        Field(
            "password",
            _l("App password"),
            _l("Made in Bluesky under Settings, Privacy and security, App passwords. Not the password of the account."),
            kind="secret",
        ),
        Field(
            "server", _l("Server"), _l("Left empty, it is bsky.social. Another one if you host your own."), kind="url", optional=True
        ),
    )  # fmt: skip

    def limits(self, account: ChannelAccount) -> Limits:
        # No limit on the bytes of a picture: what is too large is made smaller before it is frozen.
        return Limits(
            characters=MOST_CHARACTERS,
            pictures=MOST_PICTURES,
            bytes=MOST_BYTES,
            videos=1,
            video_bytes=videos.MOST_BYTES,
            alt_characters=2000,
        )

    def freeze(self, account: ChannelAccount, outgoing: Outgoing, at: datetime) -> list[dict[str, Any]]:
        server = sessions.credentials_of(account)["server"]
        return requests_of(outgoing, lambda handle: _did_of(server, handle), at)

    def send(self, account: ChannelAccount, call: Call, at: datetime) -> Sent:
        blobs.hand_over(account, call)
        video = videos.ready(account, call, at)
        record = record_to_send(dict(call.request), [_with_version(account, one) for one in call.earlier], video)
        body = {**_place(account, call), "record": record}
        try:
            done = sessions.signed_in(
                account, lambda server, token: wire.post(server, "com.atproto.repo.putRecord", body, token)
            )
        except wire.Taken as taken:
            found = self.find(account, call, at)
            if found is None:
                raise Ambiguous(taken.words, taken.answer) from taken
            return found
        return _sent(account, call, done)

    def find(self, account: ChannelAccount, call: Call, at: datetime) -> Sent | None:
        found = _record(account, _place(account, call))
        return None if found is None else _sent(account, call, found)

    def recognize(self, account: ChannelAccount, url: str) -> Sent | None:
        return recognizing.recognize(account.external_id, str(account.facts.get("handle") or ""), url)

    def look(self, account: ChannelAccount, sent: Sent) -> str | None:
        found = _record(account, _place_of(sent))
        return None if found is None else _text(found)

    def refresh(self, account: ChannelAccount, at: datetime) -> Connection:
        told = sessions.signed_in(
            account, lambda server, token: wire.get(server, "com.atproto.server.getSession", {}, token)
        )
        credentials = sessions.credentials_of(account)
        session = sessions.checked({**told, "accessJwt": credentials["access"], "refreshJwt": credentials["refresh"]})
        return _connection(credentials, session)

    def connect(self, values: Mapping[str, str], at: datetime) -> Connection:
        server = base_address(values.get("server", "").strip() or SERVER)
        session = sessions.begin(server, values["identifier"].strip().removeprefix("@"), values["password"].strip())
        credentials = {"server": server, "did": session["did"], "password": values["password"].strip()}
        return _connection({**credentials, **sessions.tokens(session)}, session)


def _did_of(server: str, handle: str) -> str | None:
    try:
        found = wire.get(server, "com.atproto.identity.resolveHandle", {"handle": handle})
    except Rejected:
        return None
    return str(found["did"]) if str(found.get("did", "")).startswith("did:") else None


def _place(account: ChannelAccount, call: Call) -> dict[str, str]:
    return {"repo": account.external_id, "collection": COLLECTION, "rkey": str(call.request["rkey"])}


def _place_of(sent: Sent) -> dict[str, str]:
    repo, collection, rkey = sent.external_id.removeprefix("at://").split("/")
    return {"repo": repo, "collection": collection, "rkey": rkey}


def _with_version(account: ChannelAccount, sent: Sent) -> Sent:
    """An earlier part with its cid, which an answer must name; where a person pasted the address it is asked for."""
    if sent.details.get("cid"):
        return sent
    found = _record(account, _place_of(sent))
    if found is None:
        raise Rejected(_("The part before it does not stand on Bluesky."))
    if not isinstance(found.get("cid"), str):
        raise NotSent(wire.nonsense_words(), str(found)[:300])
    return replace(sent, details={**sent.details, "cid": found["cid"]})


def _record(account: ChannelAccount, place: Mapping[str, str]) -> dict[str, Any] | None:
    try:
        return sessions.signed_in(
            account, lambda server, token: wire.get(server, "com.atproto.repo.getRecord", place, token)
        )
    except wire.Missing:
        return None


def _text(found: Mapping[str, Any]) -> str:
    """The words of a record; without any it is none, and says nothing of what stands there."""
    value = found.get("value")
    text = value.get("text") if isinstance(value, Mapping) else None
    if not isinstance(text, str):
        raise NotSent(wire.nonsense_words(), str(dict(found))[:300])
    return text


def _sent(account: ChannelAccount, call: Call, answer: Mapping[str, Any]) -> Sent:
    """What stands there now. An answer without its names is nonsense, and what it stands for unknown."""
    uri, cid = answer.get("uri"), answer.get("cid")
    if not (isinstance(uri, str) and uri.startswith("at://") and isinstance(cid, str) and cid):
        raise Ambiguous(wire.nonsense_words(), str(dict(answer))[:300])
    rkey = call.request["rkey"]
    handle = account.facts.get("handle") or account.external_id
    return Sent(uri, f"{READERS}/profile/{handle}/post/{rkey}", answer=f"{uri} {cid}", details={"cid": cid})


def _connection(credentials: Mapping[str, Any], session: Mapping[str, Any]) -> Connection:
    handle = str(session["handle"])
    return Connection(
        external_id=str(session["did"]),
        name=f"@{handle}",
        credentials=credentials,
        facts={"handle": handle, "server": credentials["server"]},
        address=f"{READERS}/profile/{handle}",
    )
