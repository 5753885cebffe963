"""Tags in words: facts about members, staff acts, and the panel of a member's profile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_login import current_user

from commons.panels import Panel
from commons.permissions import Permission
from community.members.models import Member
from community.members.tags import naming
from community.members.tags.models import Act
from community.members.tags.tagging import PUT_ON, TAKEN_OFF, tags_of

DOING = {
    Act.PUT_ON: _l("Putting the tag on"),
    Act.TAKE_OFF: _l("Taking the tag off"),
    Act.MERGE: _l("Merging the tag"),
    Act.REMOVE: _l("Removing the tag"),
}


def facts() -> Mapping[str, Any]:
    return {
        PUT_ON: _l("Was given the tag “%(tag)s”"),
        TAKEN_OFF: _l("Lost the tag “%(tag)s”"),
    }


def acts() -> Mapping[str, Any]:
    """What the team did, for the audit log."""
    return {
        "tag.made": _l("Made the tag “%(tag)s”"),
        "tag.renamed": _l("Renamed the tag “%(before)s” to “%(tag)s”"),
        "tag.merged": _l("Merged the tag “%(tag)s” into “%(into)s” (members: %(count)s)"),
        "tag.removed": _l("Removed the tag “%(tag)s” (members: %(count)s)"),
        "tag.put_on_some": _l("Put the tag “%(tag)s” on members (%(count)s)"),
        "tag.taken_off_some": _l("Took the tag “%(tag)s” off members (%(count)s)"),
    }


def panel(member: Member, at: datetime) -> Panel | None:
    """The member's tags, with a place to put on another."""
    if not current_user.can(Permission.MEMBER_READ):
        return None
    return Panel("community/members/tags/_profile.html", facts_of(member), order=20)


def facts_of(member: Member, error: str = "", word: str = "") -> dict[str, Any]:
    """What `_profile.html` needs."""
    return {
        "member": member,
        "tags": tags_of([member.id])[member.id],
        "offered": naming.offered(),
        "may_tag": current_user.can(Permission.MEMBER_WRITE),
        "error": error,
        "word": word,
    }
