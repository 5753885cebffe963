"""What every answer carries against the usual attacks: headers, rate limits, and a log that keeps secrets to itself."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, abort, request, session
from flask_login import current_user

from commons import discretion
from commons.cli import valkey
from commons.config import Settings
from commons.extensions import limiter

SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "media-src": "'self'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
}


def csp(**changes: str) -> str:
    """The policy of our pages, with other sources for some: `csp(frame_src="'self'")`."""
    sources = SOURCES | {name.replace("_", "-"): value for name, value in changes.items()}
    return "; ".join(f"{name} {value}" for name, value in sources.items())


CSP = csp()
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ONE_YEAR = 365 * 24 * 3600

Limit = Callable[[Callable[..., Any]], Callable[..., Any]]


def init_app(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    app.config.update(
        RATELIMIT_STORAGE_URI=_limits_storage(settings),
        RATELIMIT_STORAGE_OPTIONS={"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
        RATELIMIT_STRATEGY="fixed-window",
        RATELIMIT_KEY_PREFIX="quanzi",
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
    )
    limiter.init_app(app)
    app.before_request(_refuse_nul)
    app.after_request(_harden)
    discretion.guard_logs(settings.secret_key, settings.mail_url, *settings.sign_in.secrets)


def visitor_address() -> str:
    """Whom to count by address; of IPv6 the /64, since one household or machine owns all of it."""
    text = request.remote_addr or "unknown"
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if address.version == 4:
        return text
    return str(ipaddress.ip_network((int(address) >> 64 << 64, 64)).network_address)


def visitor() -> str:
    """Whom to count: the account, or the address of somebody who is not signed in."""
    if current_user.is_authenticated:
        return f"user:{current_user.id}"
    return visitor_address()


def _failed(response: Response) -> bool:
    return response.status_code >= 400


# For whoever writes something that others see: comments, likes, posts. Shared over all views that wear it.
posting_limit: Limit = limiter.shared_limit("30 per minute; 400 per hour", scope="posting", key_func=visitor)

# For single cheap acts that a thumb repeats quickly, such as likes.
tapping_limit: Limit = limiter.shared_limit("120 per minute", scope="tapping", key_func=visitor)

# For what sends a mail to an address that the visitor typed.
mailing_limit: Limit = limiter.shared_limit("10 per 15 minutes; 40 per day", scope="mailing", key_func=visitor_address)

mailing_limit_on_post: Limit = limiter.shared_limit(
    "10 per 15 minutes; 40 per day", scope="mailing", key_func=visitor_address, methods=["POST"]
)

# For what makes this house call another one on a visitor's behalf: signing in by way of a network.
calling_limit: Limit = limiter.shared_limit("60 per 15 minutes; 600 per day", scope="calling", key_func=visitor_address)

# For wrong passwords and guessed secrets, by address; by account see `guessing_limit_of`.
guessing_limit: Limit = limiter.shared_limit(
    "30 per 15 minutes", scope="guessing", key_func=visitor_address, methods=["POST"], deduct_when=_failed
)


# For secrets that stand in an address: there a wrong guess is a page that is opened. Counted together with the above.
opening_limit: Limit = limiter.shared_limit(
    "30 per 15 minutes", scope="guessing", key_func=visitor_address, deduct_when=_failed
)


def guessing_limit_of(name: Callable[[], str]) -> Limit:
    """A limit on wrong guesses against the one account that `name()` reads from the request, from whatever address."""
    limit: Limit = limiter.shared_limit(
        "10 per 15 minutes", scope="guessing an account", key_func=name, methods=["POST"], deduct_when=_failed
    )
    return limit


def _limits_storage(settings: Settings) -> str:
    url = settings.redis_url or valkey.url(settings.var)
    return f"redis+{url}" if url.startswith("unix:") else url


def _refuse_nul() -> None:
    """No address of ours holds a NUL, and PostgreSQL takes none: whoever sends one is no browser."""
    if "\x00" in request.path or b"%00" in request.query_string:
        abort(400)


def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}")
    if "Cache-Control" not in response.headers and request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store" if session.get("sign_in") else "private, no-cache"
    return response
