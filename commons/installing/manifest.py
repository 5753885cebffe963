"""The web app manifest (W3C): what the house is called on a home screen, and how it looks while it opens."""

from __future__ import annotations

from typing import Any

from commons import nav
from commons.admin.models import Brand
from commons.i18n import locale_tag
from commons.installing.icons import ICONS, PAPER, icon_url

SHORTEST, MOST_SHORTCUTS = 12, 4


def manifest(shown: Brand) -> dict[str, Any]:
    """In the language of the moment. `id` stays the same whatever the language, so that a browser knows it as one app."""
    name = str(shown.name)
    return {
        "id": "/",
        "name": name,
        "short_name": name[:SHORTEST],
        "description": str(shown.about),
        "lang": locale_tag(),
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": shown.accent,
        "icons": [_icon(kind, size) for kind, size in sorted(ICONS) if kind in {"any", "maskable"}],
        "shortcuts": _shortcuts(),
    }


def _icon(kind: str, size: int) -> dict[str, str]:
    return {"src": icon_url(kind, size), "sizes": f"{size}x{size}", "type": "image/png", "purpose": kind}


def _shortcuts() -> list[dict[str, str]]:
    """The pages of fans that everybody may open. A manifest is asked for without a session, so it knows no more."""
    return [{"name": str(item.label), "url": item.url} for item in nav.items("fan")[:MOST_SHORTCUTS]]
