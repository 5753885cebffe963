"""Looking among an account's own posts for one that may have arrived."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

from flask_babel import gettext as _

from community.channels.mastodon.instance import Instance, json_of, nonsense, trouble_of
from community.channels.mastodon.posting import answered_id, sent_of
from community.channels.outcomes import CannotTell
from community.channels.protocol import Call, Sent

PAGE = 40
MOST_PAGES = 20
CLOCKS_APART = timedelta(minutes=2)

_MENTION = re.compile(r"(@[\w.-]+)@[\w.-]+\w")


def find(instance: Instance, account_id: str, call: Call, at: datetime) -> Sent | None:
    """The one post that says just this and is no older than the first try; None when there is none.

    `CannotTell` when the list cannot be read far enough back, and when two posts say the same; another `Trouble` when it
    cannot be read now.
    """
    since = call.first_tried_at - CLOCKS_APART
    found = [status for status in _statuses(instance, account_id, since, at) if _is_it(status, call)]
    if len(found) > 1:
        raise CannotTell(_("There are two posts that say this."))
    return sent_of(found[0]) if found else None


def text_of(html: str) -> str:
    """The words of a status: a paragraph is set off by an empty line."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return "".join(reader.words).strip()


def _statuses(instance: Instance, account_id: str, since: datetime, at: datetime) -> Iterator[Mapping[str, Any]]:
    """The account's own posts, newest first, back to `since`."""
    query = {"limit": str(PAGE), "exclude_reblogs": "true"}
    for _page in range(MOST_PAGES):
        answer = instance.get(f"/api/v1/accounts/{account_id}/statuses", **query)
        if not answer.ok:
            raise trouble_of(answer, at)
        page = json_of(answer)
        if not isinstance(page, list) or not all(sent_of(status) for status in page):
            raise nonsense(answer)
        if not page:
            return
        for status in page:
            # A pinned post or a slow federated clock may stand out of order: look through the page, then decide.
            if _moment(status) >= since:
                yield status
        if _moment(page[-1]) < since:
            return
        query["max_id"] = str(page[-1]["id"])
    raise CannotTell(_("There are too many newer posts to look through."))


def _is_it(status: Mapping[str, Any], call: Call) -> bool:
    request = call.request
    return (
        not status.get("reblog")
        and str(status.get("in_reply_to_id") or "") == answered_id(call)
        and len(status.get("media_attachments") or []) == len(request["media"])
        and _alike(str(status.get("spoiler_text") or "")) == _alike(request["spoiler_text"])
        and _alike(text_of(str(status["content"]))) == _alike(request["text"])
    )


def _alike(text: str) -> str:
    """A text as far as the instance keeps it: it shows `@user@domain` as `@user` and sets white space its own way."""
    return " ".join(_MENTION.sub(r"\1", text).split())


def _moment(status: Mapping[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(str(status.get("created_at")))
    except ValueError as error:
        raise CannotTell(_("The instance does not say when its posts were made.")) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.words.append("\n")
        elif tag == "p" and self.words:
            self.words.append("\n\n")

    def handle_data(self, data: str) -> None:
        self.words.append(data)
