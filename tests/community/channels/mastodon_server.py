"""A Mastodon instance as its documentation describes it (docs.joinmastodon.org/methods), on a socket.

Keeps: the Idempotency-Key for an hour, written after the post was made, so that it covers requests one after the other and not
two at once; media that are ready at once (200) or worked on for a while (202, then 206 until ready); the rate headers and
429; 422 with the instance's words; tokens that were revoked; posts shown as HTML; applications, tokens of their own for them, and consent with PKCE.
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from itertools import count
from typing import Any

from werkzeug.wrappers import Request

from community.channels.protocol import Connection
from tests.community.channels.contract import ContractServer, Reply, main

TOKEN = "good-token"
KEPT = timedelta(hours=1)
WINDOW = timedelta(minutes=5)
EPOCH_SHIFT = 16


@dataclass
class Status:
    id: str
    text: str
    created_at: datetime
    spoiler_text: str = ""
    language: str = ""
    visibility: str = "public"
    in_reply_to_id: str | None = None
    media: list[str] = field(default_factory=list)
    key: str = ""


@dataclass
class Attachment:
    id: str
    description: str
    size: int
    media_type: str
    looks_left: int = 0
    status_id: str | None = None


class MastodonServer(ContractServer):
    """`looks` is how often a fresh file answers that it is not ready; `working_seconds` how long making a post takes."""

    posting = "/api/v1/statuses"

    def __init__(self, port: int = 0, *, limit: int = 300, **more: Any) -> None:
        super().__init__(port, **more)
        self.limit = limit
        self.looks = 0
        self.working_seconds = 0.0
        self.characters = 500
        self.instance: Any = None  # set to answer /api/v2/instance with something else
        self.posts: list[Status] = []
        self.media: dict[str, Attachment] = {}
        self.tokens = {TOKEN}
        self._keys: dict[str, tuple[str, datetime]] = {}
        self._calls: list[datetime] = []
        self._numbers = count(1)
        self.person: dict[str, Any] = {"id": "1001", "username": "tea", "acct": "tea", "url": f"{self.url}/@tea"}
        self._apps: dict[str, dict[str, str]] = {}
        self._codes: dict[str, dict[str, str]] = {}

    def connection(self, token: str = TOKEN) -> Connection:
        return connection_to(self.url, token)

    def standing(self) -> list[dict[str, Any]]:
        return [{"id": post.id, "text": post.text, "key": post.key} for post in self.posts]

    def put(self, *texts: str) -> None:
        """Posts of the account that came by other ways."""
        for text in texts:
            self.posts.append(Status(id=self._post_id(), text=text, created_at=self.now()))

    def consent(self, query: dict[str, str]) -> str:
        """The person agrees on the instance's page, whose address asked for `query`: the code that comes back."""
        app = self._apps[query["client_id"]]
        assert query["redirect_uri"] == app["redirect_uris"]
        assert query["code_challenge_method"] == "S256"
        code = f"code-{next(self._numbers)}"
        self._codes[code] = query
        return code

    @property
    def applications(self) -> int:
        """How many applications the instance knows."""
        return len(self._apps)

    def forget_applications(self) -> None:
        """As an instance does with those that nobody uses."""
        self._apps.clear()

    def answer(self, request: Request) -> Reply:
        public = {
            ("GET", "/api/v2/instance"): self._instance,
            ("POST", "/api/v1/apps"): self._register,
            ("POST", "/oauth/token"): self._token,
        }
        if open_door := public.get((request.method, request.path)):
            return open_door(request)
        if (found := re.fullmatch(r"/api/v1/statuses/(\w+)", request.path)) and "Authorization" not in request.headers:
            return self._status_for_everybody(found[1])
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return Reply({"error": "The access token is invalid"}, 401)
        headers, over = self._rate()
        reply = Reply({"error": "Too many requests"}, 429) if over else self._for_account(request)
        return Reply(reply.content, reply.status, {**headers, **reply.headers})

    def _for_account(self, request: Request) -> Reply:
        path = request.path
        if (request.method, path) == ("POST", "/api/v1/statuses"):
            return self._post(request)
        if (request.method, path) == ("POST", "/api/v2/media"):
            return self._upload(request)
        if path == "/api/v1/accounts/verify_credentials":
            return Reply(self.person)
        if path == "/api/v1/accounts/1001/statuses":
            return self._list(request)
        if found := re.fullmatch(r"/api/v1/(media|statuses)/(\w+)", path):
            return self._medium(found[2]) if found[1] == "media" else self._status(found[2])
        return Reply({"error": "Record not found"}, 404)

    def _rate(self) -> tuple[dict[str, str], bool]:
        now = self.now()
        with self.lock:
            self._calls = [moment for moment in self._calls if moment > now - WINDOW] if self.limit < 10**6 else []
            over = len(self._calls) >= self.limit
            if not over:
                self._calls.append(now)
            first = self._calls[0] if self._calls else now
        headers = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(self.limit - len(self._calls), 0)),
            "X-RateLimit-Reset": (first + WINDOW).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        }
        return headers, over

    def _post(self, request: Request) -> Reply:
        key = request.headers.get("Idempotency-Key", "")
        with self.lock:
            known = self._keys.get(key)
        if key and known and self.now() - known[1] < KEPT:
            return self._status(known[0])
        if (refusal := self._refusal(request)) is not None:
            return refusal
        if self.working_seconds:
            time.sleep(self.working_seconds)
        with self.lock:
            post = self._made(request, key)
            # Only now, as in the real one: two requests at the same time are two posts.
            self._keys[key] = (post.id, self.now())
        return Reply(self._shown(post))

    def _refusal(self, request: Request) -> Reply | None:
        text, media = request.form.get("status", ""), request.form.getlist("media_ids[]")
        said = ""
        if not text.strip() and not media:
            said = "Validation failed: Text can't be blank"
        elif len(re.sub(r"https?://\S+", "x" * 23, request.form.get("spoiler_text", "") + text)) > self.characters:
            said = f"Validation failed: Text character limit of {self.characters} exceeded"
        elif len(media) > 4:
            said = "Cannot attach more than 4 files"
        elif any(number not in self.media or self.media[number].status_id for number in media):
            said = f"Media attachments {', '.join(media)} not found"
        elif any(self.media[number].looks_left for number in media):
            said = "Cannot attach files that have not finished processing. Try again in a moment!"
        if said:
            return Reply({"error": said}, 422)
        parent = request.form.get("in_reply_to_id")
        if parent and all(post.id != parent for post in self.posts):
            return Reply({"error": "Record not found"}, 404)
        return None

    def _made(self, request: Request, key: str) -> Status:
        post = Status(
            id=self._post_id(),
            text=request.form.get("status", "").strip(),
            created_at=self.now(),
            spoiler_text=request.form.get("spoiler_text", ""),
            language=request.form.get("language", ""),
            visibility=request.form.get("visibility", "public"),
            in_reply_to_id=request.form.get("in_reply_to_id"),
            media=request.form.getlist("media_ids[]"),
            key=key,
        )
        for number in post.media:
            self.media[number].status_id = post.id
        self.posts.append(post)
        return post

    def _post_id(self) -> str:
        return str((int(self.now().timestamp() * 1000) << EPOCH_SHIFT) + next(self._numbers))

    def _upload(self, request: Request) -> Reply:
        file = request.files.get("file")
        content = file.read() if file else b""
        if file is None or not content or not (file.mimetype or "").startswith(("image/", "video/")):
            return Reply({"error": "Validation failed: File content type is invalid, File is invalid"}, 422)
        number = str(next(self._numbers))
        self.media[number] = Attachment(
            number, request.form.get("description", ""), len(content), file.mimetype, looks_left=self.looks
        )
        return Reply(self._attached(number), 202 if self.looks else 200)

    def _medium(self, number: str) -> Reply:
        medium = self.media.get(number)
        if medium is None or medium.status_id:
            return Reply({"error": "Record not found"}, 404)
        if medium.looks_left:
            medium.looks_left -= 1
            return Reply(self._attached(number), 206)
        return Reply(self._attached(number))

    def _attached(self, number: str) -> dict[str, Any]:
        medium = self.media[number]
        url = None if medium.looks_left else f"{self.url}/media/{number}"
        return {"id": number, "type": "image", "url": url, "description": medium.description}

    def _list(self, request: Request) -> Reply:
        most = min(int(request.args.get("limit", 20)), 40)
        before = int(request.args.get("max_id") or 1 << 100)
        with self.lock:
            newest = sorted((post for post in self.posts if int(post.id) < before), key=lambda post: -int(post.id))
        return Reply([self._shown(post) for post in newest[:most]])

    def _status(self, number: str) -> Reply:
        post = next((post for post in self.posts if post.id == number), None)
        return Reply(self._shown(post)) if post else Reply({"error": "Record not found"}, 404)

    def _status_for_everybody(self, number: str) -> Reply:
        shown = any(post.id == number and post.visibility in {"public", "unlisted"} for post in self.posts)
        return self._status(number) if shown else Reply({"error": "Record not found"}, 404)

    def _shown(self, post: Status) -> dict[str, Any]:
        return {
            "id": post.id,
            "created_at": post.created_at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{post.created_at.microsecond // 1000:03}Z",
            "in_reply_to_id": post.in_reply_to_id,
            "spoiler_text": post.spoiler_text,
            "visibility": post.visibility,
            "language": post.language or None,
            "uri": f"{self.url}/users/tea/statuses/{post.id}",
            "url": f"{self.url}/@tea/{post.id}",
            "content": as_html(post.text),
            "reblog": None,
            "account": {name: self.person.get(name) for name in ("id", "username", "acct")},
            "media_attachments": [self._attached(number) for number in post.media],
        }

    def _instance(self, request: Request) -> Reply:
        told = {
            "title": "Tea",
            "version": "4.5.0",
            "configuration": {
                "statuses": {
                    "max_characters": self.characters,
                    "max_media_attachments": 4,
                    "characters_reserved_per_url": 23,
                },
                "media_attachments": {
                    "image_size_limit": 16777216,
                    "video_size_limit": 103809024,
                    "description_limit": 1500,
                },
            },
        }
        return Reply(told if self.instance is None else self.instance)

    def _register(self, request: Request) -> Reply:
        if not request.form.get("redirect_uris", "").startswith("http"):
            return Reply({"error": "Validation failed: Redirect URI must be an absolute URI."}, 422)
        client_id = f"client-{next(self._numbers)}"
        self._apps[client_id] = {**request.form.to_dict(), "client_secret": f"secret-of-{client_id}"}
        return Reply({"client_id": client_id, "client_secret": self._apps[client_id]["client_secret"]})

    def _token(self, request: Request) -> Reply:
        app = self._apps.get(request.form.get("client_id", ""), {})
        if not app or app["client_secret"] != request.form.get("client_secret"):
            return Reply({"error": "invalid_client", "error_description": "Client authentication failed"}, 401)
        if request.form.get("grant_type") == "client_credentials":
            return Reply({"access_token": f"token-{next(self._numbers)}", "token_type": "Bearer", "scope": "read"})
        asked = self._codes.pop(request.form.get("code", ""), None)
        if asked is None or asked["redirect_uri"] != request.form.get("redirect_uri") or not _proves(request, asked):
            return Reply({"error": "invalid_grant", "error_description": "The grant is invalid"}, 400)
        token = f"token-{next(self._numbers)}"
        self.tokens.add(token)
        return Reply({"access_token": token, "token_type": "Bearer", "scope": asked["scope"]})


def connection_to(url: str, token: str = TOKEN) -> Connection:
    """The account of the server at `url`, as connecting would give it."""
    host = url.partition("://")[2]
    credentials = {"base": url, "token": token}
    facts = {"account_id": "1001"}
    return Connection(f"1001@{host}", f"@tea@{host}", credentials, facts, f"{url}/@tea")


def as_html(text: str) -> str:
    """As Mastodon shows it: addresses are shortened for the eye, of a mention's domain nothing is shown."""
    shown = re.sub(r"https?://[^\s<]+", _address, escape(text, quote=False))
    shown = re.sub(
        r"(?<![\w/])@(\w+)@[\w.-]+\w", r'<span class="h-card"><a href="https://x">@<span>\1</span></a></span>', shown
    )
    paragraphs = [block.replace("\n", "<br />") for block in re.split(r"\n{2,}", shown)]
    return "".join(f"<p>{block}</p>" for block in paragraphs)


def _address(found: re.Match[str]) -> str:
    scheme, rest = found[0].split("//", 1)
    return (
        f'<a href="{found[0]}" rel="nofollow"><span class="invisible">{scheme}//</span>'
        f'<span class="ellipsis">{rest[:30]}</span><span class="invisible">{rest[30:]}</span></a>'
    )


def _proves(request: Request, asked: dict[str, str]) -> bool:
    digest = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]


if __name__ == "__main__":
    main(lambda port, wanted: MastodonServer(port, limit=wanted.limit))
