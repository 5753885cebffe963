"""The words of this room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from campaigns.pages.experiments.models import Goal

GOAL_WORDS = {
    Goal.JOINED: _l("Take part in the campaign"),
    Goal.VISITED: _l("Open a tracked link"),
    Goal.ORDERED: _l("Take a seat in a group buy of the campaign"),
}
