"""Panels: pieces of a page that other rooms bring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import render_template
from markupsafe import Markup


@dataclass(frozen=True)
class Panel:
    """A piece of a page: `template`, of the room that knows, is rendered with `context`; lowest `order` first."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 50

    def html(self) -> Markup:
        """The panel as markup for a page."""
        return Markup(render_template(self.template, **self.context))  # noqa: S704 (a template escapes what it shows)


def in_order(panels: Iterable[Panel | None]) -> list[Panel]:
    """The panels that have something to show, lowest order first."""
    return sorted((panel for panel in panels if panel is not None), key=lambda panel: panel.order)
