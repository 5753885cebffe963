"""Typed settings, read once from the environment at start."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from commons import sign_in_settings
from commons.setting_error import SettingError
from commons.sign_in_settings import SignInSettings

DRAND_MIRRORS = (
    "https://api.drand.sh",
    "https://api2.drand.sh",
    "https://api3.drand.sh",
    "https://drand.cloudflare.com",
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that the environment may change. `.env.example` lists the same names."""

    database_url: str
    redis_url: str
    secret_key: str = field(repr=False)
    base_url: str
    var: Path
    mail_url: str | None = field(default=None, repr=False)
    mail_from: str = "Quanzi <noreply@localhost>"
    media_url: str = ""
    production: bool = False
    demo: bool = False
    testing: bool = False
    trusted_proxies: int = 0
    outbound_allow: frozenset[tuple[str, int]] = frozenset()
    region_database: str = ""
    payment_sandbox: bool = False
    call_lease_seconds: int = 120
    jobs_lease_seconds: int = 30
    messages_per_day: int = 1
    messages_per_month: int = 4
    drand_mirrors: tuple[str, ...] = DRAND_MIRRORS
    sign_in: SignInSettings = field(default_factory=SignInSettings)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Read every setting; raise `SettingError` for the first that cannot be used."""
        var = Path(environ.get("QUANZI_VAR") or Path(__file__).resolve().parent.parent / "var").resolve()
        production = _flag(environ, "QUANZI_PRODUCTION")
        return cls(
            database_url=_database_url(environ.get("DATABASE_URL") or f"sqlite:///{var / 'quanzi.sqlite3'}"),
            redis_url=environ.get("REDIS_URL") or "",
            secret_key=_secret_key(environ, var, production),
            base_url=_base_url(environ.get("BASE_URL") or "http://127.0.0.1:8000"),
            var=var,
            mail_url=environ.get("MAIL_URL") or None,
            mail_from=environ.get("MAIL_FROM") or "Quanzi <noreply@localhost>",
            media_url=environ.get("MEDIA_URL") or f"file://{var / 'media'}",
            production=production,
            demo=_flag(environ, "QUANZI_DEMO"),
            testing=_flag(environ, "QUANZI_TESTING"),
            trusted_proxies=_whole_number(environ, "TRUSTED_PROXIES"),
            outbound_allow=_addresses(environ.get("OUTBOUND_ALLOW") or ""),
            region_database=environ.get("REGION_DATABASE") or "",
            payment_sandbox=_flag(environ, "PAYMENT_SANDBOX") or _flag(environ, "QUANZI_DEMO"),
            call_lease_seconds=_whole_number(environ, "CALL_LEASE_SECONDS") or 120,
            jobs_lease_seconds=_whole_number(environ, "JOBS_LEASE_SECONDS") or 30,
            messages_per_day=_whole_number(environ, "MESSAGES_PER_DAY") or 1,
            messages_per_month=_whole_number(environ, "MESSAGES_PER_MONTH") or 4,
            drand_mirrors=_mirrors(environ.get("DRAND_MIRRORS") or ""),
            sign_in=sign_in_settings.read(environ, mastodon=_flag(environ, "MASTODON_SIGN_IN")),
        )


def _flag(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "").strip().lower()
    if value not in {"", "0", "1", "false", "true", "no", "yes"}:
        raise SettingError(f"{name} must be 1 or 0, not {value!r}")
    return value in {"1", "true", "yes"}


def _whole_number(environ: Mapping[str, str], name: str) -> int:
    value = environ.get(name) or "0"
    if not value.isdigit():
        raise SettingError(f"{name} must be a whole number, not {value!r}")
    return int(value)


def _addresses(words: str) -> frozenset[tuple[str, int]]:
    """`address:port` pairs, separated by commas."""
    pairs = [word.strip().rpartition(":") for word in words.split(",") if word.strip()]
    if any(not address or not port.isdigit() for address, _colon, port in pairs):
        raise SettingError("OUTBOUND_ALLOW must be address:port, several of them separated by commas")
    return frozenset((address.strip("[]"), int(port)) for address, _colon, port in pairs)


def _mirrors(words: str) -> tuple[str, ...]:
    """Addresses of the public beacon, separated by commas; the usual ones if there are none."""
    addresses = tuple(word.strip().rstrip("/") for word in words.split(",") if word.strip())
    if any(not urlsplit(address).netloc or urlsplit(address).scheme not in {"http", "https"} for address in addresses):
        raise SettingError("DRAND_MIRRORS must be http or https addresses, several of them separated by commas")
    return addresses or DRAND_MIRRORS


def _database_url(url: str) -> str:
    if not url.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
        raise SettingError("DATABASE_URL must begin with sqlite: or postgresql:")
    return url


def _base_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise SettingError("BASE_URL must be the http or https address that visitors use")
    return url.rstrip("/")


def _secret_key(environ: Mapping[str, str], var: Path, production: bool) -> str:
    """The key from the environment; outside production, else the one kept in `var/secret_key`."""
    key = environ.get("SECRET_KEY") or ""
    if key and len(key) < 32:
        raise SettingError("SECRET_KEY must have at least 32 characters")
    if key:
        return key
    if production:
        raise SettingError("SECRET_KEY is not set; in production it must be")
    return kept_secret(var / "secret_key")


def kept_secret(path: Path) -> str:
    """The secret in `path`, made with mode 0600 at the first call. Two processes at once agree on one."""
    if path.exists():
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_urlsafe(48))
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text().strip()
