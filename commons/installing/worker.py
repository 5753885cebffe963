"""What the service worker is told: which files the page for no network is made of, and the version of all of it.

The worker never keeps a page. Pages come from the network or not at all, so no old one can be pinned, and nothing that one
person saw is there for the next who signs in. What it keeps are files whose address names their content (`?v=`), and the
page that says that there is no network, which is the same for everybody. It takes over at once when it is new: since it keeps no
pages there is no older page that would need the older worker.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from flask import current_app, url_for

from commons.admin.models import Brand
from commons.assets import static_url
from commons.installing.icons import icon_url

SHELL_FILES = ("vendor/tabler.min.css", "css/tokens.css", "css/base.css", "css/controls.css", "css/surfaces.css",
               "css/offline.css", "js/offline.js", "img/favicon.svg")  # fmt: skip
KINDS = ("css", "js", "img")


def script(shown: Brand) -> str:
    """The whole script: its facts in the first line, then static/js/service_worker.js as it is."""
    source = Path(current_app.static_folder or "", "js", "service_worker.js").read_text(encoding="utf-8")
    return f"const HOUSE = {json.dumps(facts(shown), ensure_ascii=False)};\n{source}"


def facts(shown: Brand) -> dict[str, Any]:
    """Whatever changes here makes the script another one, by which browsers see that there is a new version."""
    return {
        "version": _version(shown),
        "name": str(shown.name),
        "icon": icon_url("any", 192),
        "badge": icon_url("badge", 96),
        "offline": url_for("installing.offline"),
        "theme": url_for("root.theme_css"),
        "files": [static_url(name) for name in SHELL_FILES],
    }


def _version(shown: Brand) -> str:
    folder = Path(current_app.static_folder or "")
    ours = sorted(path.relative_to(folder).as_posix() for kind in KINDS for path in (folder / kind).iterdir())
    said = [*(static_url(name) for name in ours), shown.changed_at.isoformat()]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]
