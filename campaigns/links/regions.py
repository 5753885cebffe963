"""From where a visit came, by a database file on this machine: nobody outside is asked."""

from __future__ import annotations

import ipaddress
import logging
from functools import lru_cache
from typing import Any

import regex

log = logging.getLogger(__name__)

_CODE = regex.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


class Regions:
    """The file at `path` in MaxMind's DB format (GeoLite2, DB-IP and others publish it), opened at the first question.

    Without a file, or with one that cannot be read, every region is unknown: links go on.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._reader: Any = None
        self.region_of = lru_cache(8192)(self._region_of)

    def _region_of(self, network: str) -> str:
        """ISO 3166 code of the part of a country (`CN-ZJ`) or the country (`CN`) of a truncated address; else empty."""
        if not self._path or not network:
            return ""
        try:
            found = self._open().get(str(ipaddress.ip_network(network).network_address))
        except (OSError, ValueError, RuntimeError):  # the last is how the reader says that the file is broken
            log.warning("the region of a visit is unknown: %s cannot be read", self._path, exc_info=True)
            return ""
        return _code(found) if isinstance(found, dict) else ""

    def _open(self) -> Any:
        if self._reader is None:
            import maxminddb  # only where a file is configured

            self._reader = maxminddb.open_database(self._path)
        return self._reader


def _code(found: dict[str, Any]) -> str:
    country = str((found.get("country") or {}).get("iso_code") or "")
    parts = found.get("subdivisions") or [{}]
    part = str(parts[0].get("iso_code") or "")
    for code in (f"{country}-{part}", country):
        if _CODE.fullmatch(code):
            return code
    return ""
