"""Facts and notices of the interest circles in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

Table = Mapping[str, Any]


def fact_words() -> Table:
    """Sentences without subject about a member."""
    return {
        "circle.joined": _l("Joined the circle “%(circle)s”"),
        "circle.returned": _l("Came back to the circle “%(circle)s”"),
        "circle.left": _l("Left the circle “%(circle)s”"),
        "circle.posted": _l("Wrote a post in “%(circle)s”"),
        "circle.answered": _l("Answered a post in “%(circle)s”"),
        "circle.withdrawn": _l("Took back words in “%(circle)s”"),
        "circle.featured": _l("Had a post featured in “%(circle)s”"),
        "circle.unfeatured": _l("No longer has that post featured in “%(circle)s”"),
        "circle.pinned": _l("Had a post pinned in “%(circle)s”"),
        "circle.unpinned": _l("No longer has that post pinned in “%(circle)s”"),
        "circle.host_named": _l("Became a host of “%(circle)s”"),
        "circle.host_released": _l("No longer hosts “%(circle)s”"),
        "circle.mood_told": _l("Told how it feels in “%(circle)s” this week"),
        "circle.muted": _l("Was muted in “%(circle)s” for %(days)s days under rule %(rule)s"),
        "circle.post_removed": _l("Had a post removed from “%(circle)s” under rule %(rule)s"),
        "circle.measure_lifted": _l("Had a measure in “%(circle)s” lifted"),
        "circle.appeal_refused": _l("Appealed in vain in “%(circle)s”"),
        "circle.mediation_asked": _l("Asked for a mediation in “%(circle)s”"),
        "circle.mediation_taken": _l("Began to mediate in “%(circle)s”"),
        "circle.mediation_given_back": _l("Gave a mediation in “%(circle)s” back"),
        "circle.mediation_closed": _l("Ended a mediation in “%(circle)s”"),
    }


def kind_words() -> Table:
    """What the kinds that a rule may reward are called in lists."""
    return {
        "circle.joined": _l("Joining an interest circle"),
        "circle.posted": _l("Post in an interest circle"),
        "circle.answered": _l("Answer in an interest circle"),
        "circle.featured": _l("Featured post"),
        "circle.mood_told": _l("Weekly mood of a circle"),
    }


def audit_words() -> Table:
    """What staff, and hosts, did."""
    return {
        "circle.opened": _l("Opened the circle “%(circle)s”"),
        "circle.changed": _l("Changed the circle “%(circle)s”"),
        "circle.closed": _l("Closed the circle “%(circle)s”"),
        "circle.reopened": _l("Opened the circle “%(circle)s” again"),
        "circle.host_named": _l("Named a host of “%(circle)s”"),
        "circle.host_released": _l("Released a host of “%(circle)s”"),
        "circle.posted": _l("Wrote a post in “%(circle)s”"),
        "circle.answered": _l("Answered a post in “%(circle)s”"),
        "circle.withdrawn": _l("Took back words in “%(circle)s”"),
        "circle.pinned": _l("Pinned a post in “%(circle)s”"),
        "circle.unpinned": _l("Took a pinned post down in “%(circle)s”"),
        "circle.featured": _l("Featured a post in “%(circle)s”"),
        "circle.unfeatured": _l("Ended the featuring of a post in “%(circle)s”"),
        "circle.muted": _l("Muted a member in “%(circle)s” for %(days)s days under rule %(rule)s"),
        "circle.post_removed": _l("Removed a post from “%(circle)s” under rule %(rule)s"),
        "circle.measure_lifted": _l("Lifted a measure in “%(circle)s”"),
        "circle.appeal_refused": _l("Refused an appeal in “%(circle)s”"),
        "circle.reports_settled": _l("Settled reports (%(count)s) in “%(circle)s”"),
        "circle.mediation_taken": _l("Began to mediate in “%(circle)s”"),
        "circle.mediation_given_back": _l("Gave a mediation in “%(circle)s” back"),
        "circle.mediation_closed": _l("Ended a mediation in “%(circle)s”"),
    }


def notices() -> Table:
    """Sentences to the member."""
    return {
        "circle.host_named": _l("You now host the circle “%(circle)s”. Thank you!"),
        "circle.host_released": _l("You no longer host the circle “%(circle)s”. Thank you for what you did there."),
        "circle.answered": _l("Somebody answered your post in “%(circle)s”."),
        "circle.answered_by_the_house": _l("The administrator answered your post in “%(circle)s”."),
        "circle.featured": _l("Your post in “%(circle)s” was featured."),
        "circle.muted": _l("You are muted in “%(circle)s” for %(days)s days under rule %(rule)s. You can appeal."),
        "circle.post_removed": _l("Your post in “%(circle)s” was removed under rule %(rule)s. You can appeal."),
        "circle.measure_lifted": _l("What was held against you in “%(circle)s” is lifted; everything is as before."),
        "circle.appeal_refused": _l("Your appeal in “%(circle)s” was answered: the measure stays."),
        "circle.report_left": _l("We looked at the post you reported in “%(circle)s”; it breaks no rule and stays."),
        "circle.report_withdrawn": _l("The post you reported in “%(circle)s” was taken back by its author."),
        "circle.report_removed": _l("The post you reported in “%(circle)s” was removed. Thank you."),
        "circle.mediation_asked": _l("Somebody asked for a mediation with you in “%(circle)s”."),
        "circle.mediation_taken": _l("Somebody now mediates your dispute in “%(circle)s”."),
        "circle.mediation_given_back": _l("Your dispute in “%(circle)s” looks for another mediator."),
        "circle.mediation_spoken": _l("There is something new in your mediation in “%(circle)s”."),
        "circle.mediation_closed": _l("Your mediation in “%(circle)s” is over."),
    }
