"""Copy what the browser needs, and the typeface of drawn cards, out of node_modules/ into static/vendor/; draw the icon sprite.

static/icons.txt names one outline icon of @tabler/icons a line; each becomes a <symbol id="name"> of static/vendor/icons.svg.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
ICONS = MODULES / "@tabler" / "icons" / "icons" / "outline"
FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "sortable.min.js": "sortablejs/Sortable.min.js",
    "uplot.min.js": "uplot/dist/uPlot.iife.min.js",
    "uplot.min.css": "uplot/dist/uPlot.min.css",
    # The server draws with these: cards that are passed on as pictures, on machines that have no Chinese typeface.
    "fonts/noto-sans-sc-regular.ttf": "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
    "fonts/noto-sans-sc-bold.ttf": "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
}


def main() -> int:
    (VENDOR / "fonts").mkdir(parents=True, exist_ok=True)
    for name, source in FILES.items():
        shutil.copyfile(MODULES / source, VENDOR / name)
    missing = [name for name in wanted_icons() if not (ICONS / f"{name}.svg").exists()]
    (VENDOR / "icons.svg").write_text(
        sprite([name for name in wanted_icons() if name not in missing]), encoding="utf-8"
    )
    for name in missing:
        sys.stderr.write(f"vendor: @tabler/icons has no outline icon {name!r} (static/icons.txt)\n")
    return 1 if missing else 0


def wanted_icons() -> list[str]:
    listing = ROOT / "static" / "icons.txt"
    lines = listing.read_text(encoding="utf-8").splitlines() if listing.exists() else []
    return sorted({line.strip() for line in lines if line.strip() and not line.startswith("#")})


def sprite(names: list[str]) -> str:
    symbols = "\n".join(symbol(name, (ICONS / f"{name}.svg").read_text(encoding="utf-8")) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def symbol(name: str, drawing: str) -> str:
    """One icon as a symbol: stroke and size are inherited from the <svg> that uses it."""
    inside = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
    assert inside, f"{name}.svg holds no <svg>"
    paths = re.sub(r"\s*\n\s*", "", inside.group(1))
    stroke = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    return f'<symbol id="{name}" viewBox="0 0 24 24" {stroke}>{paths}</symbol>'


if __name__ == "__main__":
    sys.exit(main())
