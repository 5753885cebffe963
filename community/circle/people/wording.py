"""Parts, facts and notices of public profiles in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from community.circle.people.models import Part

PARTS = {
    Part.LEVEL: _l("My level, with its ring"),
    Part.JOINED: _l("Since when I belong"),
    Part.BADGES: _l("My badges"),
    Part.CIRCLES: _l("The interest circles I am in"),
    Part.FEATURED: _l("Posts of mine that were featured"),
    Part.POSTS: _l("My newest posts in interest circles"),
}


def notices() -> Mapping[str, Any]:
    return {
        "circle.profile_hidden": _l(
            "Your public profile was taken away. Read why, and ask for another look if it is wrong."
        ),
        "circle.profile_back": _l("Your public profile may be shown again."),
        "circle.profile_stays_away": _l("We looked at your public profile once more: it stays away as it is."),
    }


def audit_words() -> Mapping[str, Any]:
    return {
        "circle.profile_hidden": _l("Took a public profile away"),
        "circle.profile_back": _l("Gave a public profile back"),
        "circle.profile_stays_away": _l("Kept a public profile away after another look"),
    }
