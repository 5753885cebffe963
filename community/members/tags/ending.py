"""How a tag goes: merged into another, or removed. From that moment it is offered nowhere; its members follow."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from commons import events
from commons.accounts.models import User
from commons.db import changed, db
from commons.errors import Conflict, Invalid
from community.members.segments import writing
from community.members.tags import naming, tagging
from community.members.tags.conditions import asking
from community.members.tags.models import Act, Tag, TagRun


class StillAsked(Conflict):
    """Segments ask about the tag; without it they would mean something else."""


def rename(tag: Tag, word: str, *, by: User, at: datetime) -> bool:
    """The tag is called `word` from now on; False if it was already. Raises `Invalid`, and `Conflict` for a name that is taken."""
    name, before = naming.checked(word), tag.name
    if name == before:
        return False
    try:
        with db.session.begin_nested():
            tag.name, tag.folded = name, naming.folded(name)
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(
            _("There is a tag “%(name)s” already.", name=name), _("Merge the two, or choose another word.")
        ) from error
    payload = {"tag": name, "before": before}
    key = f"tag.renamed:{tag.public_id}:{at.isoformat()}"
    events.track("tag.renamed", key=key, at=at, actor_id=by.id, subject=tag, payload=payload)
    return True


def close_for_merge(tag: Tag, into: Tag, at: datetime) -> None:
    """The tag stands for `into` from now on, also for whoever asks about it."""
    _check_is_free(tag)
    if tag.id == into.id or into.gone_at is not None:
        raise Invalid(_("A tag can only be merged into another one that is there."), _("Choose another tag."))
    changed(update(Tag).where(Tag.merged_into_id == tag.id).values(merged_into_id=into.id))
    tag.folded, tag.gone_at, tag.merged_into_id = None, at, into.id
    db.session.flush()


def close_for_removal(tag: Tag, at: datetime) -> None:
    """The tag is offered no more. Raises `StillAsked`, naming the segments that ask about it."""
    _check_is_free(tag)
    names = ", ".join(segment.name for segment in asking(tag))
    if names:
        raise StillAsked(
            _("Segments still ask about “%(name)s”: %(names)s", name=tag.name, names=names),
            _("Change their rules first, or merge the tag into another."),
        )
    tag.folded, tag.gone_at = None, at
    db.session.flush()


def ended(run: TagRun, at: datetime) -> None:
    """All members have followed: the log says so, and segments that ask about a merged tag are worked out anew."""
    if run.act is Act.MERGE and run.into is not None:
        tagging.log("tag.merged", run.tag, run.changed, by=run.made_by, at=at, into=run.into.name)
        led = select(Tag).where((Tag.merged_into_id == run.into.id) | (Tag.id == run.into.id))
        concerned = {segment.id: segment for tag in db.session.scalars(led) for segment in asking(tag)}
        writing.work_out(list(concerned.values()), at)
    else:
        tagging.log("tag.removed", run.tag, run.changed, by=run.made_by, at=at)


def _check_is_free(tag: Tag) -> None:
    """Nothing is on its way that still needs the tag."""
    busy = select(TagRun.id).where((TagRun.tag_id == tag.id) | (TagRun.into_id == tag.id), TagRun.ended_at.is_(None))
    if db.session.scalar(busy.limit(1)) is not None:
        raise Conflict(
            _("Something is still being done with “%(name)s”.", name=tag.name), _("Wait until that has ended.")
        )
