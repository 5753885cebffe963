"""What axe finds wrong with a page, by the rules of WCAG 2.2 A and AA."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

SOURCE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"


def violations(page: Page) -> list[str]:
    """One line for each thing that breaks a rule: the rule, the element, and what axe says about it.

    Looked at from the top: a reload restores how far one had scrolled, and what then lies half under a bar that
    stays would count as too small to hit.
    """
    page.wait_for_load_state("load")
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(source())
    found = page.evaluate(RUN, RULES)["violations"]
    return [
        f"{page.url}: {rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


@cache
def source() -> str:
    return SOURCE.read_text(encoding="utf-8")
