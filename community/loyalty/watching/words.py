"""What was seen, in sentences with numbers, for whoever decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from commons.i18n import moment_words, percent
from community.loyalty.watching.models import Outcome, Sign, Suspicion

SIGNS = {
    Sign.RING: _l("A few people feed each other"),
    Sign.BURST: _l("Far more at once than usual"),
    Sign.RHYTHM: _l("As regular as a machine"),
    Sign.ECHO: _l("The same words over and over"),
    Sign.CHOIR: _l("The same words from many people"),
}
OUTCOMES = {
    Outcome.OPEN: _l("Waits for a person"),
    Outcome.PASSED: _l("Let pass after a look"),
    Outcome.REFUSED: _l("Refused after a look"),
}
CAUTIONS = {
    Sign.RING: _l("Friends also visit each other. Ask yourself whether anybody outside ever saw what they did."),
    Sign.BURST: _l("A live event, a good post or an import can look like this too."),
    Sign.RHYTHM: _l("An alarm clock is not that exact; a device that sends what was done offline may be."),
    Sign.ECHO: _l("A game or a draw may have asked for exactly these words."),
    Sign.CHOIR: _l("A game, a draw or a chorus among friends may have asked for exactly these words."),
}


def seen(suspicion: Suspicion) -> list[str]:
    """What was seen, as sentences: the numbers that the sign is about, and in which time."""
    evidence = suspicion.evidence
    return [*SENTENCES[suspicion.sign](evidence), _time(evidence)]


def _ring(evidence: Mapping[str, Any]) -> list[str]:
    share = percent(evidence["times"] / max(1, evidence["of"]))
    words = _(
        "%(times)s of the %(of)s times that something reached them (%(share)s) it came from one of themselves.",
        times=evidence["times"], of=evidence["of"], share=share,
    )  # fmt: skip
    return [words]


def _burst(evidence: Mapping[str, Any]) -> list[str]:
    words = _(
        "%(most)s within %(minutes)s minutes; in a lively time it is usually %(usual)s.",
        most=evidence["most"], minutes=evidence["minutes"], usual=evidence["usual"],
    )  # fmt: skip
    if not evidence["people"]:
        return [words]
    people = ngettext(
        "%(num)s other member stood behind it.", "%(num)s other members stood behind it.", evidence["people"]
    )
    return [words, people]


def _rhythm(evidence: Mapping[str, Any]) -> list[str]:
    if "every" in evidence:
        words = _(
            "%(times)s waits in a row of %(every)s seconds each; the longest and the shortest differ by %(spread)s seconds.",
            times=evidence["times"], every=evidence["every"], spread=evidence["spread"],
        )  # fmt: skip
    else:
        words = _(
            "%(times)s of %(of)s fell into the same %(seconds)s seconds of the minute, from second %(second)s on.",
            times=evidence["times"], of=evidence["of"], seconds=evidence["seconds"], second=evidence["second"],
        )  # fmt: skip
    return [words]


def _echo(evidence: Mapping[str, Any]) -> list[str]:
    times = ngettext(
        "The same words were said %(num)s time.", "The same words were said %(num)s times.", evidence["times"]
    )
    if evidence["different"] == 1:
        return [times]
    return [times, _("Of such words there are %(number)s.", number=evidence["different"])]


def _choir(evidence: Mapping[str, Any]) -> list[str]:
    words = ngettext(
        "%(num)s person said the same words under the same post.",
        "%(num)s people said the same words under the same post.",
        evidence["people"],
    )
    if evidence["times"] == evidence["people"]:
        return [words]
    return [words, _("In all they said them %(times)s times.", times=evidence["times"])]


SENTENCES: Mapping[Sign, Callable[[Mapping[str, Any]], list[str]]] = {
    Sign.RING: _ring,
    Sign.BURST: _burst,
    Sign.RHYTHM: _rhythm,
    Sign.ECHO: _echo,
    Sign.CHOIR: _choir,
}


def _time(evidence: Mapping[str, Any]) -> str:
    first, last = (moment_words(datetime.fromisoformat(evidence[name])) for name in ("first", "last"))
    return str(_("From %(first)s to %(last)s.", first=first, last=last))
