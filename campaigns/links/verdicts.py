"""What a visit was: pure functions from what the request showed to a verdict."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from datetime import datetime, timedelta
from functools import lru_cache

import regex

from campaigns.links.models import Verdict

SAME_VISIT = timedelta(minutes=30)

# Names that link previewers and crawlers give themselves in their published user-agent strings. Cubot makes telephones.
_PREVIEWS = regex.compile(
    r"facebookexternalhit|Facebot|Twitterbot|WhatsApp|TelegramBot|Slackbot|Discordbot|LinkedInBot|SkypeUriPreview"
    r"|WeChatShareExtension|MicroMessenger-Preview|Weibo.*preview|Mastodon|Bluesky|Cardyb|Iframely|redditbot|vkShare",
    regex.IGNORECASE,
)
_BOTS = regex.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|curl/|wget/|python-requests|python-httpx|Go-http-client|okhttp|libwww|HeadlessChrome"
    r"|Lighthouse|monitor|scan|fetch|Baiduspider|Sogou|YisouSpider|360Spider|Bytespider|archive\.org",
    regex.IGNORECASE,
)


@lru_cache(8192)
def verdict(browser: str, method: str = "GET", purpose: str = "", *, is_staff: bool = False) -> Verdict:
    """Judge one request by itself; a second visit of the same person is told apart later, by `visitor`.

    `browser` is the User-Agent header, `purpose` the Purpose, X-Purpose or Sec-Purpose header.
    """
    if _PREVIEWS.search(browser) or "prefetch" in purpose or "preview" in purpose:
        return Verdict.PREVIEW
    if not browser or method != "GET" or _BOTS.search(browser):
        return Verdict.BOT
    return Verdict.STAFF if is_staff else Verdict.HUMAN


def visitor_mark(network: str, browser: str, at: datetime, key: bytes, user_id: int | None = None) -> str:
    """32 hex digits that recognise the same visitor within one UTC day and say nothing else about him.

    A keyed hash of the day and the account, or of the day, the truncated address (`network`, see `truncated`) and the browser
    of somebody who is not signed in; `key` is ours alone.
    """
    who = f"account {user_id}" if user_id is not None else f"{network}|{browser}"
    text = f"{who}|{at.date().isoformat()}"
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def truncated(address: str) -> str:
    """The network (IPv4 /24, IPv6 /48) of an IP address: what does not tell one household from the next; empty for what is none."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))
