"""What a post still lacks before it may go out on a channel. Pure: values in, sentences out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import regex
from flask_babel import format_decimal as number_words
from flask_babel import gettext as _
from flask_babel import ngettext

from campaigns.posts.counting import Length, lengths, measure
from community.channels.protocol import Channel, Facts, Limits, Media, Outgoing
from community.channels.wording import text_sent
from community.circle.wording import is_blank

_TOPIC = regex.compile(r"#[^#]+#")
_ADDRESS = regex.compile(r"https?://\S+")


def missing(outgoing: Outgoing, channel: Channel, limits: Limits) -> list[str]:
    """Sentences about what is missing or too much, in the order of the page; empty when the post is ready for the channel."""
    facts = channel.facts
    return [
        *_unsaid(outgoing),
        *_too_long(outgoing, facts, limits),
        *_not_possible(outgoing, facts),
        *_media(outgoing, facts, limits),
        *_addresses(outgoing, facts),
    ]


def sizes(outgoing: Outgoing, facts: Facts, limits: Limits) -> list[Length]:
    """How long each part is as it is sent."""
    return lengths(outgoing.parts, shown_link(outgoing, facts), facts.counting, limits, _warning(outgoing, facts))


def shown_link(outgoing: Outgoing, facts: Facts) -> str:
    """The address that stands in the text; our own pages show it as a button instead."""
    return "" if facts.transactional else outgoing.link_url


def _warning(outgoing: Outgoing, facts: Facts) -> str:
    return outgoing.content_warning if facts.content_warning else ""


def _unsaid(outgoing: Outgoing) -> Iterator[str]:
    if is_blank(outgoing.text) and not outgoing.pictures and outgoing.video is None:
        yield _("Write something, or add a picture.")


def _too_long(outgoing: Outgoing, facts: Facts, limits: Limits) -> Iterator[str]:
    found = sizes(outgoing, facts, limits)
    for number, length in enumerate(found, start=1):
        if length.over or length.bytes_over:
            yield (
                _over(length)
                if len(found) == 1
                else _("Part %(number)s: %(words)s", number=number, words=_over(length))
            )
    if facts.first_comment and outgoing.first_comment:
        comment = text_sent(outgoing.first_comment, shown_link(outgoing, facts), is_first=False)
        room = replace(limits, characters=limits.comment_characters or limits.characters)
        length = measure(comment, facts.counting, room, _warning(outgoing, facts))
        if length.over or length.bytes_over:
            yield _("First comment: %(words)s", words=_over(length))


def _over(length: Length) -> str:
    if length.over:
        return str(
            _(
                "The text is longer than %(count)s characters: %(over)s too many.",
                count=number_words(length.limit),
                over=number_words(length.over),
            )
        )
    return str(
        _(
            "The text has more than %(count)s bytes: %(over)s too many.",
            count=number_words(length.byte_limit or 0),
            over=number_words(length.bytes_over),
        )
    )


def _not_possible(outgoing: Outgoing, facts: Facts) -> Iterator[str]:
    if outgoing.more and not facts.threads:
        yield _("Threads of several parts are not possible there. Leave the further parts out for this channel.")
    if outgoing.first_comment and not facts.first_comment:
        yield _("A first comment is not possible there. Leave it out for this channel.")
    if outgoing.content_warning and not facts.content_warning:
        yield _("A content warning is not possible there. Leave it out for this channel.")
    if not facts.hashtags:
        tags = [tag for part in outgoing.parts for tag in _TOPIC.findall(_ADDRESS.sub(" ", part.text))]
        if tags:
            yield _("Topics between two # are not allowed there: take out %(tag)s.", tag=tags[0])


def _media(outgoing: Outgoing, facts: Facts, limits: Limits) -> Iterator[str]:
    if outgoing.pictures and not limits.pictures:
        yield _("Pictures are not possible there.")
    elif len(outgoing.pictures) > limits.pictures:
        yield ngettext("There is more than %(num)s picture.", "There are more than %(num)s pictures.", limits.pictures)
    for number, picture in enumerate(outgoing.pictures, start=1):
        if facts.needs_alt and is_blank(picture.alt):
            yield _("Describe picture %(number)s for those who do not see it.", number=number)
        if limits.alt_characters and len(picture.alt) > limits.alt_characters:
            yield _(
                "The description of picture %(number)s is longer than %(count)s characters.",
                number=number,
                count=number_words(limits.alt_characters),
            )
        if limits.picture_bytes is not None and picture.size > limits.picture_bytes:
            yield _(
                "Picture %(number)s is larger than %(size)s MB.", number=number, size=_megabytes(limits.picture_bytes)
            )
    if outgoing.video is not None:
        yield from _video(outgoing.video, outgoing, facts, limits)


def _video(video: Media, outgoing: Outgoing, facts: Facts, limits: Limits) -> Iterator[str]:
    if not limits.videos:
        yield _("A video is not possible there.")
        return
    if outgoing.pictures and not facts.transactional:
        yield _("Pictures and a video do not go together there.")
    if limits.video_bytes is not None and video.size > limits.video_bytes:
        yield _("The video is larger than %(count)s MB.", count=_megabytes(limits.video_bytes))
    if facts.needs_alt and is_blank(video.alt):
        yield _("Describe the video for those who do not see it.")
    if limits.alt_characters and len(video.alt) > limits.alt_characters:
        yield _(
            "The description of the video is longer than %(count)s characters.",
            count=number_words(limits.alt_characters),
        )


def _megabytes(size: int) -> str:
    """Rounded down, so that what is said never is more than what is taken."""
    return str(number_words(size * 10 // 1024 // 1024 / 10))


def _addresses(outgoing: Outgoing, facts: Facts) -> Iterator[str]:
    if facts.needs_link and not outgoing.link_url and not _ADDRESS.search(outgoing.text):
        yield _("A link is needed there. Choose a tracked link.")
