"""Words of this room: states, and what people did, for the audit log."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

STATE_WORDS = {
    "pending": _l("Waiting"),
    "approved": _l("Approved"),
    "rejected": _l("Not approved"),
    "changes_asked": _l("Changes wanted"),
    "withdrawn": _l("Withdrawn"),
    "voided": _l("Void: changed after approval"),
    "expired": _l("Expired"),
}

DIFFERENCE_WORDS = {
    "text": _l("Text"),
    "part": _l("Further part"),
    "media": _l("Pictures or video"),
    "order": _l("The order of the pictures"),
    "alt": _l("Picture description"),
    "first_comment": _l("First comment"),
    "content_warning": _l("Content warning"),
    "language": _l("Language"),
    "link": _l("Where the link leads"),
    "ad": _l("Ad label"),
    "campaign": _l("Campaign"),
    "account": _l("Channel"),
}


def acts() -> dict[str, Any]:
    """What staff did, and what reviewers did whom they had asked."""
    return {
        "approval.asked": _l("asked for approval of “%(text)s”"),
        "approval.approved": _l("approved “%(text)s” (step %(step)s of %(steps)s)"),
        "approval.rejected": _l("did not approve “%(text)s”: %(note)s"),
        "approval.changes_asked": _l("asked for changes to “%(text)s”: %(note)s"),
        "approval.approved_outside": _l("had “%(text)s” approved by the outside reviewer %(reviewer)s"),
        "approval.rejected_outside": _l("had “%(text)s” refused by the outside reviewer %(reviewer)s: %(note)s"),
        "approval.undone": _l("took the approval of “%(text)s” back"),
        "approval.withdrawn": _l("asks no longer for approval of “%(text)s”"),
        "approval.voided": _l("changed “%(text)s” after it was approved; the approval is void"),
        "approval.reviewer_invited": _l("gave %(reviewer)s a link to review “%(text)s” until %(until)s"),
        "approval.reviewer_withdrawn": _l("withdrew the link by which %(reviewer)s could review “%(text)s”"),
        "approval.route_set": _l("set the approval route of %(scope)s; number of steps: %(steps)s"),
        "approval.route_reached": _l(
            "asked for approval of what was planned before the route of %(scope)s; number of posts: %(count)s"
        ),
        "approval.route_removed": _l("removed the approval route of %(scope)s"),
    }
