"""Where other rooms bring what they know about a member."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import render_template
from markupsafe import Markup

from commons.slots import Slot
from community.members.models import Member


@dataclass(frozen=True)
class Panel:
    """A piece of the profile: `template` is rendered with `context`; lowest `order` first."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 50

    def html(self) -> Markup:
        """The panel, rendered."""
        return Markup(render_template(self.template, **self.context))  # noqa: S704 (a template escapes what it shows)


profile_panels: Slot[Callable[[Member, datetime], Panel | None]] = Slot("panels of a member's profile, for staff")
fact_words: Slot[Callable[[], Mapping[str, Any]]] = Slot(
    "kind of fact → lazy sentence about the member, with %(…)s from the payload"
)
kind_words: Slot[Callable[[], Mapping[str, Any]]] = Slot("kind of fact → lazy name, as rules and lists say it")


def panels_of(member: Member, at: datetime) -> list[Panel]:
    """What the other rooms have to show about the member, in order."""
    found = (plug(member, at) for plug in profile_panels)
    return sorted((panel for panel in found if panel is not None), key=lambda panel: panel.order)
