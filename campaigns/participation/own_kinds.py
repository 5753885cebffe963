"""The kinds of missions of the house: those that follow from facts of other rooms, beside those with a room of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import SelectField

from campaigns.participation import own_link
from campaigns.participation.answering.kind import ANSWER
from campaigns.participation.entries.kind import SUBMIT
from campaigns.participation.inviting import INVITE
from campaigns.participation.scanning.kind import SCAN
from campaigns.participation.sharing.kind import SHARE
from campaigns.planning.missions.kinds import Kind, SettingsForm, Visit
from campaigns.planning.models import Mission, MissionKind
from commons.db import db
from commons.events import Event, Evidence
from commons.panels import Panel
from community.circle.interests.models import InterestCircle


class CircleSettings(SettingsForm):
    circle = SelectField(_l("Which circle"), default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        circles = db.session.scalars(select(InterestCircle).where(InterestCircle.closed_at.is_(None))).all()
        self.circle.choices = [("", _("Any circle")), *((one.public_id, str(one.name)) for one in circles)]


def is_of_circle(mission: Mission, fact: Event) -> bool:
    """Whether the fact is about the circle that the mission names; any, where it names none."""
    wanted = mission.settings.get("circle")
    if not wanted:
        return True
    found = db.session.scalar(select(InterestCircle.id).where(InterestCircle.public_id == wanted))
    return found is not None and fact.subject_id == found


def circle_panel(visit: Visit) -> Panel:
    query = select(InterestCircle).where(InterestCircle.public_id == visit.mission.settings.get("circle"))
    circle = db.session.scalars(query).one_or_none()
    return Panel("campaigns/participation/_circle.html", {"circle": circle})


def comment_panel(visit: Visit) -> Panel:
    words = _("Comment on a post of the campaign, here or wherever you follow us; it counts by itself.")
    url = url_for("participation.show", public_id=visit.mission.campaign.public_id)
    return Panel("campaigns/participation/_next.html", {"words": words, "url": url, "label": _("To the campaign")})


def check_in_panel(_visit: Visit) -> Panel:
    words = _("Your daily check-in in the circle counts by itself.")
    shown = {"words": words, "url": url_for("circle.feed"), "label": _("To the circle")}
    return Panel("campaigns/participation/_next.html", shown)


def buy_panel(visit: Visit) -> Panel:
    return Panel("campaigns/participation/_buy.html", own_link.shown(visit))


def group_buy_panel(_visit: Visit) -> Panel:
    words = _("Take a seat in a group buy of the campaign; it counts at once. Giving it back takes that back.")
    shown = {"words": words, "url": url_for("groupbuys.index"), "label": _("To the group buys")}
    return Panel("campaigns/participation/_next.html", shown)


COMMENT = Kind(
    MissionKind.COMMENT.value,
    _l("Comment on a post of the campaign"),
    "message-circle",
    frozenset({"interaction.comment"}),
    undone_by={"interaction.withdrawn": "said_event_id"},
    panel=comment_panel,
    hint=_l("Comments under posts of the campaign count by themselves, on every channel that is connected."),
)
CHECK_IN = Kind(
    MissionKind.CHECK_IN.value,
    _l("Check in"),
    "calendar-check",
    frozenset({"circle.checked_in"}),
    everywhere=True,
    panel=check_in_panel,
    hint=_l("The daily check-in in the circle counts by itself."),
)
BUY = Kind(
    MissionKind.BUY.value,
    _l("Buy, or bring somebody who buys"),
    "package",
    frozenset({"link.ordered", "group_buy.reached"}),
    grades=(Evidence.TRACKED_LINK,),
    panel=buy_panel,
    hint=_l("Orders that came by the fan’s own link count, and the fan’s paid seat once the group has come about."),
)
JOIN_GROUP_BUY = Kind(
    MissionKind.JOIN_GROUP_BUY.value,
    _l("Join a group buy of the campaign"),
    "shopping-bag",
    frozenset({"group_buy.joined"}),
    undone_by={"group_buy.left": "joined_event_id"},
    panel=group_buy_panel,
    hint=_l("Taking a seat counts; giving it back takes that back."),
)
JOIN_CIRCLE = Kind(
    MissionKind.JOIN_CIRCLE.value,
    _l("Join a circle"),
    "circles",
    frozenset({"circle.joined"}),
    everywhere=True,
    counts=is_of_circle,
    settings=CircleSettings,
    panel=circle_panel,
    hint=_l("Joining an interest circle for the first time counts by itself."),
)


def declared() -> Sequence[Kind]:
    """The kinds of the house, in the order in which a lead is offered them."""
    return (COMMENT, SHARE, SUBMIT, ANSWER, SCAN, CHECK_IN, INVITE, BUY, JOIN_GROUP_BUY, JOIN_CIRCLE)
