"""What a post still lacks before it may go out. Pure: values in, sentences out."""

from __future__ import annotations

from flask_babel import gettext as _

from campaigns.posts.models import BrandPost
from community.channels.protocol import Limits
from community.circle.wording import is_blank, length


def missing(post: BrandPost, limits: Limits) -> list[str]:
    """Sentences about what is missing or too much, in the order of the page; empty when the post is ready."""
    said = []
    if is_blank(post.text) and not post.pictures:
        said.append(_("Write something, or add a picture."))
    if length(post.text) > limits.characters:
        said.append(_("The text is longer than %(count)s characters.", count=limits.characters))
    if len(post.pictures) > limits.pictures:
        said.append(_("There are more than %(count)s pictures.", count=limits.pictures))
    said += [
        _("Describe picture %(number)s for those who do not see it.", number=number)
        for number, entry in enumerate(post.pictures, start=1)
        if is_blank(entry.alt)
    ]
    if post.link is not None and post.link.ended_at is not None:
        said.append(_("The link has ended. Choose another."))
    return said
