"""What the pattern says, stamped onto the posts of its series. Contents are those of `campaigns.posts.drafts`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from campaigns.posts import versions
from campaigns.posts.applying import apply
from campaigns.posts.drafts import Content, content_of
from campaigns.posts.models import BrandPost
from commons.accounts.models import User
from commons.db import db
from commons.errors import Invalid
from community.circle.wording import tidy

VARIANTS = "variants"


def composed(text: str, accounts: Sequence[str], campaign: str | None, source: BrandPost | None = None) -> Content:
    """`text` for these accounts (public ids), with everything else as in `source`, if there is one."""
    post = source or BrandPost(
        text="", more=[], first_comment="", content_warning="", language="", notes="", ad=False, video_alt=""
    )
    content = content_of(post)
    said = content[VARIANTS]
    return content | {"text": tidy(text), "campaign": campaign, VARIANTS: {one: said.get(one, {}) for one in accounts}}


def new_post(content: Content, *, by: User, at: datetime, is_pattern: bool = False) -> BrandPost:
    """A post of its own that says all of it. Flushed. Raises as `write`."""
    post = BrandPost(author_id=by.id, created_at=at, changed_at=at, is_pattern=is_pattern, text="")
    db.session.add(post)
    db.session.flush()
    db.session.refresh(post)
    write(post, content, by=by, at=at)
    return post


def write(post: BrandPost, content: Content, *, by: User, at: datetime) -> None:
    """Make the post say it, as a version of its own. Raises `Invalid` when something that it names is no longer there."""
    before = content_of(post)
    if content == before:
        return
    apply(post, before, content, at)
    if content_of(post) != content:
        raise Invalid(
            _("Something that the pattern names is no longer there: a picture, a link, a campaign or a channel.")
        )
    post.revision += 1
    post.changed_at = at
    db.session.flush()
    versions.keep(post, by=by, at=at, apart=True)


def merged(before: Content, mine: Content, theirs: Content) -> Content:
    """`theirs`, except where `mine` is no longer what it was `before`: what was edited stays. Each account by itself."""
    found = _merged(before, mine, theirs)
    found[VARIANTS] = _merged(before[VARIANTS], mine[VARIANTS], theirs[VARIANTS])
    return found


def edited_in(before: Content, mine: Content) -> set[str]:
    """The names of what is no longer in `mine` as it was `before`."""
    return {name for name in {**before, **mine} if mine.get(name) != before.get(name)}


def _merged(before: Content, mine: Content, theirs: Content) -> Content:
    names = dict.fromkeys([*theirs, *mine])
    source = {name: theirs if mine.get(name) == before.get(name) else mine for name in names}
    return {name: chosen[name] for name, chosen in source.items() if name in chosen}
