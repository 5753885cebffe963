"""Words of this room: legs, times on the stopwatch, and what people did, for the audit log."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

LEG_WORDS = {
    "drawn": _l("until there was an idea"),
    "sent": _l("until it was sent for approval"),
    "approved": _l("until it was approved"),
    "live": _l("until it was live"),
    "total": _l("from seen to live"),
}
STAGE_WORDS = {
    "seen": _l("Seen"),
    "drawn": _l("There is an idea"),
    "sent": _l("Waits for approval"),
    "approved": _l("Going out"),
    "live": _l("Live"),
    "returned": _l("Came back"),
    "stuck": _l("Did not go out"),
    "dropped": _l("Dropped"),
}


def leg_word(name: str) -> str:
    return str(LEG_WORDS[name])


def stopwatch_words(seconds: float) -> str:
    """As a stopwatch shows it: `4:07`, `1:02:33`."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def acts() -> dict[str, Any]:
    return {
        "lane.seen": _l("saw the hot topic “%(title)s”"),
        "lane.drawn": _l("drew an idea from “%(title)s”: %(text)s"),
        "lane.sent": _l("sent the idea on “%(title)s” for approval at once"),
        "lane.dropped": _l("dropped the hot topic “%(title)s”: %(reason)s"),
        "lane.taken_up": _l("took the hot topic “%(title)s” up again"),
        "lane.target_set": _l("set the target of the real-time lane to %(minutes)s minutes"),
    }
