"""Where campaigns plug into the circle's pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import render_template
from markupsafe import Markup

from commons.accounts.models import User
from commons.slots import Slot
from community.channels.models import ChannelPost
from community.members.models import Member


@dataclass(frozen=True)
class Panel:
    """A piece of a page that another room brings: `template` is rendered with `context`; lowest `order` first."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 50

    def html(self) -> Markup:
        """The panel as markup for a page."""
        return Markup(render_template(self.template, **self.context))  # noqa: S704 - our own template, escaped inside


share_link: Slot[Callable[[Member, ChannelPost, datetime], str]] = Slot(
    "the absolute address by which this member shares this post; the first plug answers"
)
status_panels: Slot[Callable[[Member, datetime], Panel | None]] = Slot("panels of the fan's status page")
feed_asides: Slot[Callable[[User | None, datetime], Panel | None]] = Slot("panels beside the feed")


def in_order(panels: list[Panel | None]) -> list[Panel]:
    """The panels that have something to show, lowest order first."""
    return sorted((panel for panel in panels if panel is not None), key=lambda panel: panel.order)
