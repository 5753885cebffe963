"""The facts of this room in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l


def facts() -> Mapping[str, Any]:
    """What a member did, and what was decided about it."""
    return {
        "campaign.joined": _l("Took part in the campaign “%(title)s” for the first time"),
        "mission.fulfilled": _l("Fulfilled the mission “%(title)s”"),
        "mission.reopened": _l("The mission “%(title)s” is open again"),
        "mission.answered": _l("Answered the question of the mission “%(title)s”"),
        "mission.scanned": _l("Was at “%(place)s” for the mission “%(title)s”"),
        "mission.work_accepted": _l("A work for the mission “%(title)s” was accepted"),
        "mission.work_taken_back": _l("A work for the mission “%(title)s” stands no more"),
        "mission.share_declared": _l("Handed in a share for the mission “%(title)s”"),
        "mission.share_proven": _l("A share for the mission “%(title)s” is proven"),
        "mission.share_refused": _l("A share for the mission “%(title)s” does not count"),
        "invitation.took_part": _l("Brought somebody who takes part in the campaign “%(title)s”"),
        "campaign.excluded": _l("Was kept out of the campaign “%(title)s”: %(reason)s"),
        "campaign.readmitted": _l("Counts again in the campaign “%(title)s”"),
    }


def kinds() -> Mapping[str, Any]:
    return {
        "campaign.joined": _l("First time in a campaign"),
        "mission.fulfilled": _l("Mission fulfilled"),
        "mission.reopened": _l("Mission open again"),
        "mission.answered": _l("Question of a mission answered"),
        "mission.scanned": _l("Code scanned on site"),
        "mission.work_accepted": _l("Work for a mission accepted"),
        "mission.work_taken_back": _l("Work for a mission no longer stands"),
        "mission.share_declared": _l("Share handed in"),
        "mission.share_proven": _l("Share proven"),
        "mission.share_refused": _l("Share refused"),
        "invitation.took_part": _l("Brought somebody into a campaign"),
        "campaign.excluded": _l("Kept out of a campaign"),
        "campaign.readmitted": _l("Back in a campaign"),
    }


def acts() -> Mapping[str, Any]:
    """What the team did, for the audit log."""
    return {
        "campaign.excluded": _l("Kept a fan out of the campaign “%(title)s”: %(reason)s"),
        "campaign.readmitted": _l("Let a fan back into the campaign “%(title)s”"),
        "campaign.rules_written": _l("Wrote who may take part in the campaign “%(title)s”"),
        "campaign.rules_published": _l("Published who may take part in the campaign “%(title)s”"),
        "campaign.accounts_same": _l(
            "Decided that %(accounts)s accounts in the campaign “%(title)s” are one person’s: %(reason)s"
        ),
        "campaign.accounts_different": _l(
            "Decided that %(accounts)s accounts in the campaign “%(title)s” are different people’s"
        ),
        "campaign.accounts_unsure": _l(
            "Was not sure whether %(accounts)s accounts in the campaign “%(title)s” are one person’s"
        ),
        "mission.share_proven": _l("Confirmed a share for the mission “%(title)s”"),
        "mission.share_refused": _l("Refused a share for the mission “%(title)s”"),
    }


def notices() -> Mapping[str, Any]:
    """What members are told."""
    return {
        "campaign.excluded": _l("You do not count in “%(title)s”: %(reason)s You may appeal once, within 30 days."),
        "campaign.readmitted": _l("You count again in “%(title)s”, with all that you did before."),
        "campaign.appeal_declined": _l("Your appeal about “%(title)s” was declined. %(reason)s"),
        "campaign.share_confirmed": _l("Your share for “%(title)s” counts. Thank you."),
        "campaign.share_refused": _l("Your share for “%(title)s” does not count. %(reason)s"),
    }


def topics() -> Mapping[str, Any]:
    return {"campaign": _l("Campaigns")}
