"""Posting, and reading what stands there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from commons.outbound import Answer
from community.channels.addresses import web_address
from community.channels.bodies import form
from community.channels.mastodon.instance import Instance, json_of, nonsense, trouble_of
from community.channels.outcomes import Ambiguous, excerpt
from community.channels.protocol import Call, Sent

ANSWERED_WITHIN = 20.0  # seconds
# How long an instance may go on with a request whose answer we did not get.
STILL_AT_IT = timedelta(minutes=1)

_ID = re.compile(r"[\w-]{1,100}", re.ASCII)


def post(instance: Instance, call: Call, media_ids: Sequence[str], at: datetime) -> Sent:
    """Post the request; the same key within an hour gives the post that stands there already.

    The instance writes the key down after the post is made. Where nobody knows what came of it, it may still be at it, and
    the same again would be a second post: so `Ambiguous` says how long to wait.
    """
    try:
        return _posted(instance, call, media_ids, at)
    except Ambiguous as doubt:
        raise Ambiguous(doubt.words, doubt.answer, until=at + STILL_AT_IT) from doubt


def answered_id(call: Call) -> str:
    """The id of the post that this one answers; empty when it answers none."""
    number = call.request.get("reply_to")
    return call.earlier[number - 1].external_id if number else ""


def sent_of(status: Any, answer: Answer | None = None) -> Sent | None:
    """A status of the API as a part that stands there; None when it is none."""
    if not isinstance(status, Mapping) or not _ID.fullmatch(str(status.get("id") or "")) or "content" not in status:
        return None
    url = web_address(status.get("url")) or web_address(status.get("uri"))
    return Sent(str(status["id"]), url, excerpt(answer) if answer else "", {"uri": web_address(status.get("uri"))})


def _posted(instance: Instance, call: Call, media_ids: Sequence[str], at: datetime) -> Sent:
    request = call.request
    fields: dict[str, str | Sequence[str]] = {"status": request["text"], "visibility": request["visibility"]}
    if media_ids:
        fields["media_ids[]"] = media_ids
    if request["spoiler_text"]:
        fields |= {"spoiler_text": request["spoiler_text"], "sensitive": "true"}
    if request["language"]:
        fields["language"] = request["language"]
    if parent := answered_id(call):
        fields["in_reply_to_id"] = parent
    answer = instance.post("/api/v1/statuses", form(fields), {"Idempotency-Key": request["key"]}, ANSWERED_WITHIN)
    if not answer.ok:
        raise trouble_of(answer, at)
    sent = sent_of(json_of(answer), answer)
    if sent is None:
        raise nonsense(answer)
    return sent
