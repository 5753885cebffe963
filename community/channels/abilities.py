"""What a channel can do, told in words."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from community.channels.models import ChannelAccount
from community.channels.protocol import FOR_EVER, Facts, Limits, channel_named, facts_of

Line = tuple[str, str]


def abilities_of(account: ChannelAccount) -> list[Line]:
    """Labels and words, in the order in which a writer asks for them."""
    facts, limits = facts_of(account), channel_named(account.channel).limits(account)
    return [*_room(limits, facts), *_shape(facts), *_safety(facts)]


def _room(limits: Limits, facts: Facts) -> Iterator[Line]:
    yield _("Text"), _length(limits, facts)
    yield _("Pictures"), _pictures(limits, facts)
    yield _("Video"), _video(limits)
    if facts.pace:
        yield _("How often at most"), str(facts.pace)


def _length(limits: Limits, facts: Facts) -> str:
    most = format_decimal(limits.characters)
    words = _("up to %(most)s characters", most=most)
    if facts.counting.unit == "halves":
        words = _("up to %(most)s characters, letters and digits counting half", most=most)
    if limits.bytes is not None:
        words = _("%(length)s and %(most)s bytes", length=words, most=format_decimal(limits.bytes))
    if facts.counting.url is not None:
        words = _("%(length)s; an address counts %(count)s", length=words, count=str(facts.counting.url))
    return str(words)


def _pictures(limits: Limits, facts: Facts) -> str:
    if not limits.pictures:
        return str(_("none"))
    words = ngettext("up to %(num)s picture", "up to %(num)s pictures", limits.pictures)
    if limits.picture_bytes is not None:
        words = _("%(count)s of %(most)s MB each", count=words, most=_megabytes(limits.picture_bytes))
    if facts.needs_alt:
        words = _("%(count)s, each with a description", count=words)
    return str(words)


def _video(limits: Limits) -> str:
    if not limits.videos:
        return str(_("none"))
    if limits.video_bytes is None:
        return str(_("one"))
    return str(_("one of up to %(most)s MB", most=_megabytes(limits.video_bytes)))


def _shape(facts: Facts) -> Iterator[Line]:
    able = [
        (facts.threads, _("threads")),
        (facts.first_comment, _("first comment")),
        (facts.content_warning, _("content warning")),
        (facts.hashtags, _("hashtags")),
    ]
    yield _("Takes"), _list([words for can, words in able if can]) or _("plain posts")
    needs = [(facts.needs_link, _("a link of the brand's own website"))]
    wanted = _list([words for must, words in needs if must])
    if wanted:
        yield _("Must have"), wanted
    ways = {"comment": _("comments"), "public": _("public replies"), "message": _("direct messages")}
    yield _("Ways to answer there"), _list([str(ways.get(way, way)) for way in facts.replies]) or _("none from here")


def _safety(facts: Facts) -> Iterator[Line]:
    yield _("When it is unclear whether a post arrived"), _doubt(facts)


def _doubt(facts: Facts) -> str:
    if facts.transactional:
        return str(_("That cannot happen: it is our own database."))
    if facts.by_person:
        return str(_("A person posts by hand and says so."))
    if facts.safe_retry is FOR_EVER:
        return str(_("It is sent again by itself; the channel takes it once, however often it comes."))
    look = _("We look for it there, and ask you if that does not tell.") if facts.can_find else _("We ask you.")
    if facts.safe_retry is not None:
        minutes = int(facts.safe_retry.total_seconds() // 60)
        again = ngettext(
            "For %(num)s minute it is sent again by itself, and taken once.",
            "For %(num)s minutes it is sent again by itself, and taken once.",
            minutes,
        )
        return str(_("%(again)s %(then)s", again=again, then=look))
    return str(_("It is never sent again blindly. %(then)s", then=look))


def _list(words: list[str]) -> str:
    return str(_(", ")).join(map(str, words))


def _megabytes(size: int) -> str:
    """As uploads and preflight count them, rounded down: what is said never is more than what is taken."""
    return str(format_decimal(size * 10 // 1024 // 1024 / 10))
