"""What the team did to pages, for the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l


def acts() -> Mapping[str, Any]:
    return {
        "campaign_page.begun": _l("Began to write the page of “%(title)s”"),
        "campaign_page.kept": _l("Kept version %(number)s of the page of “%(title)s”"),
        "campaign_page.scheduled": _l("Planned version %(number)s of the page of “%(title)s” for %(when)s"),
        "campaign_page.moved": _l("Moved version %(number)s of the page of “%(title)s” to %(when)s"),
        "campaign_page.cancelled": _l("Called off version %(number)s of the page of “%(title)s”"),
        "campaign_page.published": _l("Published version %(number)s of the page of “%(title)s”"),
        "campaign_page.shared": _l("Made a secret address for the draft of the page of “%(title)s”"),
        "campaign_page.share_ended": _l("Ended a secret address for the draft of the page of “%(title)s”"),
        "experiment.started": _l("Began the A/B test “%(name)s”"),
        "experiment.chosen": _l("Ended the A/B test “%(name)s” with “%(variant)s”"),
        "experiment.stopped": _l("Stopped the A/B test “%(name)s”"),
    }
