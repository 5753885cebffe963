"""The navigation: each room adds its own items; who may not open a page does not see its item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user

from commons.permissions import Permission


@dataclass(frozen=True)
class NavItem:
    """One entry: `label` and `group` are lazy translations, `icon` a name from static/icons.txt.

    `count` says how much waits there for a user; nothing is shown for 0.
    """

    endpoint: str
    label: Any
    icon: str
    order: int
    permission: Permission | None = None
    group: Any = ""
    count: Callable[[Any], int] | None = None

    @property
    def waiting(self) -> int:
        """How much waits there for the visitor, counted once a request."""
        if self.count is None:
            return 0
        counted: dict[str, int] = g.setdefault("nav_counts", {})
        if self.endpoint not in counted:
            counted[self.endpoint] = self.count(current_user)
        return counted[self.endpoint]

    @property
    def url(self) -> str:
        return url_for(self.endpoint)

    @property
    def active(self) -> bool:
        """Whether the current page belongs to this item: the longest item address that begins its path."""
        return _covers(self.url) and not any(_covers(url) and len(url) > len(self.url) for url in _addresses())


def add(app: Flask, side: str, *items: NavItem) -> None:
    """Put items into the `staff` or the `fan` navigation of this application."""
    app.extensions.setdefault("quanzi_nav", {}).setdefault(side, []).extend(items)


def items(side: str) -> list[NavItem]:
    """What the current visitor may open: groups together, a group where its first item stands, in order."""
    known: list[NavItem] = current_app.extensions.get("quanzi_nav", {}).get(side, [])
    first: dict[str, int] = {}
    for item in known:
        first[str(item.group)] = min(item.order, first.get(str(item.group), item.order))
    mine = (item for item in known if item.permission is None or current_user.can(item.permission))
    return sorted(mine, key=lambda item: (first[str(item.group)], item.order))


def _covers(url: str) -> bool:
    return request.path == url or request.path.startswith(url.rstrip("/") + "/")


def _addresses() -> list[str]:
    """Where all items of this application lead, looked up once a request."""
    if "nav_addresses" not in g:
        sides = current_app.extensions.get("quanzi_nav", {}).values()
        g.nav_addresses = [item.url for items in sides for item in items]
    found: list[str] = g.nav_addresses
    return found


def init_app(app: Flask) -> None:
    app.jinja_env.globals["nav"] = items
