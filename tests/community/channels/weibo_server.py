"""Weibo's open platform as its documentation and live traces describe it, on a socket.

Keeps: consent whose code is good once and for one redirect address; expiry as text and as a number, under both names; error
codes as text and as numbers, by turns; 30 posts an hour and 100 calls a day with their reset; the safe-domain rule (10017),
the refusal of a text that stands there already (20019), no topics; its own short addresses for links; the newest five posts of
one's own and no more; deleted posts without a user; moments in +0800.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from html import escape
from itertools import count, cycle
from typing import Any
from urllib.parse import urlencode, urlsplit

from werkzeug.wrappers import Request

from community.channels.protocol import Connection
from tests.community.channels.contract import ContractServer, Reply, main

TOKEN = "good-token"
UID = "2489518277"
APP_KEY, APP_SECRET = "1352222456", "the-secret-of-the-app"
DOMAIN = "tea.example"
SHANGHAI = timezone(timedelta(hours=8))
SHOWN = 5
MOST_BYTES = 5 * 1024 * 1024
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_SAID = {
    10017: "text not find domain!",
    10023: "User requests out of rate limit!",
    10024: "User requests for statuses/share out of rate limit!",
    10009: "Too many pending tasks, system is busy!",
    20005: "Unsupported image type, only support JPG, GIF, PNG!",
    20006: "Image size too large.",
    20008: "Content is null.",
    20012: "Text too long, please input text less than 140 characters!",
    20019: "Repeat content!",
    20032: "Update success, while server slow now, please wait 1-2 minutes!",
    20101: "Target weibo does not exist!",
    21325: "Invalid grant.",
    21327: "expired_token",
    21332: "access_token is invalid!",
    21335: "uid parameter must be the current user!",
}


@dataclass
class Post:
    id: str
    text: str  # as it was sent
    rip: str
    created_at: datetime
    picture: bytes = b""
    deleted: bool = False
    hidden: bool = False


class WeiboServer(ContractServer):
    """`per_hour` posts and `per_day` calls for the one user."""

    posting = "/2/statuses/share.json"

    def __init__(self, port: int = 0, *, per_hour: int = 30, per_day: int = 100, **more: Any) -> None:
        super().__init__(port, **more)
        self.per_hour, self.per_day = per_hour, per_day
        self.posts: list[Post] = []
        self.tokens: dict[str, datetime] = {TOKEN: self.now() + timedelta(days=30)}
        self.redirect_uri = ""
        self.uid, self.screen_name, self.app_key = UID, "茶馆", APP_KEY
        self.province = "11"
        self.mentions: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self._codes: set[str] = set()
        self._refusals: list[tuple[int, bool]] = []
        self._posted: list[datetime] = []
        self._called: list[datetime] = []
        self._numbers = count(3489035978933121)
        self._as_text = cycle((True, False))
        self._expiry_names = cycle(("expire_in", "expires_in"))

    def connection(self, token: str = TOKEN) -> Connection:
        return connection_to(self.url, token)

    def standing(self) -> list[dict[str, Any]]:
        return [{"id": post.id, "text": post.text} for post in self.posts]

    def refuse(self, code: int, taken: bool = False) -> None:
        """Answer the next post with `code`; `taken`: and keep it nevertheless, unseen until `show_hidden`."""
        self._refusals.append((code, taken))

    def show_hidden(self) -> None:
        for post in self.posts:
            post.hidden = False

    def put(self, *texts: str, **more: Any) -> None:
        """Posts of the account that came by other ways."""
        for text in texts:
            self.posts.append(Post(str(next(self._numbers)), text, "", self.now(), **more))

    def says(self, uid: str, name: str, text: str, *, at: datetime, comment: bool = False) -> None:
        """Somebody mentions the account, or comments on one of its posts; without a name it was deleted since."""
        user = {"id": int(uid), "idstr": uid, "screen_name": name} if name else None
        row = {"created_at": written(at), "id": next(self._numbers), "text": text, **({"user": user} if user else {})}
        (self.comments if comment else self.mentions).insert(0, row)

    def consent(self, query: dict[str, str]) -> str:
        """The person agrees on Weibo's page, whose address asked for `query`: the code that comes back."""
        assert (query["client_id"], query["response_type"]) == (APP_KEY, "code")
        self.redirect_uri = query["redirect_uri"]
        code = f"code-{next(self._numbers)}"
        self._codes.add(code)
        return code

    def answer(self, request: Request) -> Reply:
        if request.path == "/oauth2/authorize":
            return self._page(request)
        if request.path == "/oauth2/access_token":
            return self._token(request)
        token = request.form.get("access_token") or request.headers.get("Authorization", "").removeprefix("OAuth2 ")
        until = self.tokens.get(token)
        if until is None or until <= self.now():
            return self._error(21332 if until is None else 21327, request, 403)
        if request.path == "/oauth2/get_token_info":
            return self._info(until)
        if request.path == "/2/account/rate_limit_status.json":
            return self._limits()
        if self._over(self._called, self.per_day, timedelta(days=1)):
            return self._error(10023, request, 403)
        return self._called_for(request)

    def _called_for(self, request: Request) -> Reply:
        if (request.method, request.path) == ("POST", "/2/statuses/share.json"):
            with self.lock:
                return self._share(request)
        if request.path == "/2/statuses/user_timeline.json":
            return self._timeline(request)
        if request.path == "/2/statuses/show.json":
            return self._show(request)
        if request.path == "/2/users/show.json":
            name = self.screen_name
            told = {"id": int(self.uid), "idstr": self.uid, "screen_name": name, "name": name}
            return Reply({**told, "province": self.province, "city": "1"})
        if request.path == "/2/statuses/mentions.json":
            return Reply({"statuses": self.mentions, "total_number": len(self.mentions)})
        if request.path == "/2/comments/to_me.json":
            return Reply({"comments": self.comments, "total_number": len(self.comments)})
        return self._error(10020, request, 404)

    def _share(self, request: Request) -> Reply:
        if self._over(self._posted, self.per_hour, timedelta(hours=1)):
            return self._error(10024, request, 403)
        code, taken = self._refusals.pop(0) if self._refusals else (self._refusal(request), False)
        if code and not taken:
            return self._error(code, request)
        file = request.files.get("pic")
        post = Post(
            id=str(next(self._numbers)),
            text=request.form["status"],
            rip=request.form["rip"],
            created_at=self.now().replace(microsecond=0),
            picture=file.read() if file else b"",
            hidden=bool(code),
        )
        self.posts.append(post)
        return self._error(code, request) if code else Reply(self._shown(post))

    def _refusal(self, request: Request) -> int:
        text, file = request.form.get("status", ""), request.files.get("pic")
        size = len(file.read()) if file else 0
        if file:
            file.seek(0)
        checks = {
            10008: not request.form.get("rip"),
            20008: not text.strip(),
            20012: sum(0.5 if letter <= "\u00ff" else 1 for letter in text) > 140,
            10017: not any(urlsplit(url).hostname == DOMAIN for url in re.findall(r"https?://[!-~]+", text)),
            20019: any(post.text == text and not post.deleted for post in self.posts),
            20005: file is not None and file.mimetype not in {"image/jpeg", "image/png", "image/gif"},
            20006: size >= MOST_BYTES,
        }
        return next((code for code, holds in checks.items() if holds), 0)

    def _timeline(self, request: Request) -> Reply:
        if request.args.get("uid", UID) != UID:
            return self._error(21335, request)
        with self.lock:
            visible = [post for post in self.posts if not post.hidden]
        newest = sorted(visible, key=lambda post: -int(post.id))[:SHOWN]
        return Reply({"statuses": [self._shown(post) for post in newest], "total_number": len(visible)})

    def _show(self, request: Request) -> Reply:
        post = next((post for post in self.posts if post.id == request.args.get("id")), None)
        return self._error(20101, request) if post is None else Reply(self._shown(post))

    def _shown(self, post: Post) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "created_at": written(post.created_at),
            "id": int(post.id),
            "idstr": post.id,
            "mid": post.id,
            "text": re.sub(r"https?://[!-~]+", "http://t.cn/zTea8Hb", post.text),
            "source": '<a href="http://app.weibo.com/t/feed/1" rel="nofollow">Quanzi</a>',
            "pic_urls": [{"thumbnail_pic": f"{self.url}/pic/{post.id}"}] if post.picture else [],
        }
        if post.deleted:
            return {**shown, "text": "抱歉，此微博已被作者删除。", "deleted": "1"}
        return {**shown, "user": {"id": int(UID), "idstr": UID, "screen_name": "茶馆"}}

    def _page(self, request: Request) -> Reply:
        """What a person sees who is asked to agree."""
        query = request.args.to_dict()
        back = f"{query['redirect_uri']}?{urlencode({'code': self.consent(query), 'state': query['state']})}"
        page = f'<!doctype html><html lang="zh"><title>微博</title><a href="{escape(back)}">授权</a>'
        return Reply(page.encode(), 200, {"Content-Type": "text/html; charset=utf-8"})

    def _token(self, request: Request) -> Reply:
        form = request.form
        known = (form.get("client_id"), form.get("client_secret")) == (APP_KEY, APP_SECRET)
        if not known or form.get("code") not in self._codes or form.get("redirect_uri") != self.redirect_uri:
            return self._error(21325, request)
        self._codes.remove(form["code"])
        token = f"token-{next(self._numbers)}"
        self.tokens[token] = self.now() + timedelta(days=30)
        seconds = 30 * 86400
        return Reply({"access_token": token, "expires_in": self._either(seconds), "remind_in": "0", "uid": self.uid})

    def _info(self, until: datetime) -> Reply:
        seconds = int((until - self.now()).total_seconds())
        told = {"uid": int(self.uid), "appkey": self._either(int(self.app_key)), "scope": None, "create_at": 1352267591}
        return Reply({**told, next(self._expiry_names): self._either(seconds)})

    def _limits(self) -> Reply:
        now = self.now()
        seconds = 3600 - now.minute * 60 - now.second
        return Reply({"user_limit": self.per_day, "limit_time_unit": "HOURS", "reset_time_in_seconds": seconds})

    def _over(self, moments: list[datetime], most: int, window: timedelta) -> bool:
        """Count one more in `moments`, unless there are too many in the window already."""
        if most >= 10**6:
            return False
        with self.lock:
            moments[:] = [moment for moment in moments if moment > self.now() - window]
            over = len(moments) >= most
            if not over:
                moments.append(self.now())
        return over

    def _error(self, code: int, request: Request, status: int = 400) -> Reply:
        said = _SAID.get(code, "system error!")
        return Reply({"error": said, "error_code": self._either(code), "request": request.path}, status)

    def _either(self, number: int) -> int | str:
        """Now as text, now as a number: the one and the other are seen."""
        return str(number) if next(self._as_text) else number


def connection_to(url: str, token: str = TOKEN) -> Connection:
    """The account of the server at `url`, as connecting would give it."""
    return Connection(
        external_id=UID,
        name="@茶馆",
        credentials={"base": url, "app_key": APP_KEY, "app_secret": APP_SECRET, "token": token},
        facts={"uid": UID, "safe_domains": [DOMAIN], "sender_ip": "1.1.1.1"},
        address=f"https://weibo.com/u/{UID}",
    )


def written(moment: datetime) -> str:
    """In English, whatever language this machine speaks."""
    local = moment.astimezone(SHANGHAI)
    day, month = _DAYS[local.weekday()], _MONTHS[local.month - 1]
    return f"{day} {month} {local.day:02} {local:%H:%M:%S} +0800 {local.year}"


if __name__ == "__main__":
    main(lambda port, wanted: WeiboServer(port, per_hour=wanted.limit, per_day=wanted.limit))
