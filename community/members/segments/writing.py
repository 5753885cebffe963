"""Making, changing and removing segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete, select

from commons import events
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, Invalid
from community.members.segments import deciding, following, rebuilding, slots, tree
from community.members.segments.models import Reason, Segment, SegmentMember
from community.members.segments.tree import DEEPEST, MOST_LEAVES, Group


class RefersToItself(Invalid):
    """Through other segments or directly, the rules ask whether somebody is in the very segment that they describe."""


class MeansEverybody(Invalid):
    """Nobody is left out, and nobody has said that this is meant."""


class StillNeeded(Conflict):
    """Something else would not work without the segment."""


@dataclass(frozen=True)
class Draft:
    """What a segment shall be."""

    name: str
    rules: Group
    note: str = ""
    everybody_is_meant: bool = False


def make(draft: Draft, *, by: User, at: datetime) -> Segment:
    """A new segment; who is in it is worked out in the background. Raises `Invalid` where the rules cannot be."""
    following.lock_all()
    _check(draft, None, at)
    segment = Segment(name=draft.name, note=draft.note, made_by_id=by.id, made_at=at, changed_at=at, written={})
    _write(segment, draft)
    db.session.add(segment)
    db.session.flush()
    rebuilding.start(segment, Reason.RULES, at)
    _tell("segment.made", segment, by, at, rules=segment.written)
    return segment


def change(segment: Segment, draft: Draft, *, by: User, at: datetime) -> bool:
    """The segment is what `draft` says from now on; False if nothing would change.

    Segments that ask about this one are worked out anew as well.
    """
    if (segment.name, segment.note, segment.written) == (draft.name, draft.note, tree.plain(draft.rules)):
        return False
    following.lock_all()
    _check(draft, segment, at)
    before = segment.written
    _write(segment, draft)
    segment.changed_at = at
    db.session.flush()
    if segment.written != before:
        for touched in [segment, *_asking_about(segment)]:
            _derive(touched)
            rebuilding.start(touched, Reason.RULES, at)
    _tell("segment.changed", segment, by, at, before=before, after=segment.written)
    return True


def remove(segment: Segment, *, by: User, at: datetime) -> None:
    """Nobody is in the segment any more, and it is offered nowhere. Raises `StillNeeded`; removing twice is once."""
    if segment.removed_at is not None:
        return
    following.lock_all()
    needed = needed_by(segment, at)
    if needed:
        raise StillNeeded(
            _("“%(name)s” is still needed: %(uses)s", name=segment.name, uses=", ".join(needed)),
            _("Change that first."),
        )
    segment.removed_at = at
    segment.size = 0
    db.session.execute(delete(SegmentMember).where(SegmentMember.segment_id == segment.id))
    rebuilding.stop(segment, at)
    _tell("segment.removed", segment, by, at)


def work_out(segments: Sequence[Segment], at: datetime) -> None:
    """Who is in these, and in those that ask about them, is worked out anew: something else has changed what they mean."""
    following.lock_all()
    touched = {other.id: other for segment in segments for other in (segment, *_asking_about(segment))}
    for segment in touched.values():
        rebuilding.start(segment, Reason.RULES, at)


def needed_by(segment: Segment, at: datetime) -> list[str]:
    """Names of other segments that ask about it, and of what else needs it."""
    return [*(other.name for other in _direct(segment.id)), *slots.uses(segment.id, at)]


def too_many() -> Invalid:
    """What is said of more conditions than anybody could read."""
    advice = _("At most %(leaves)s conditions in groups of %(depth)s levels.", leaves=MOST_LEAVES, depth=DEEPEST)
    return Invalid(_("These are too many conditions."), advice)


def _check(draft: Draft, segment: Segment | None, at: datetime) -> None:
    leaves = list(tree.leaves(draft.rules))
    if not leaves or any(not group.parts for group in tree.groups(draft.rules)):
        raise Invalid(_("A group has no condition."), _("Add one, or remove the group."))
    if len(leaves) > MOST_LEAVES or tree.depth(draft.rules) > DEEPEST:
        raise too_many()
    if any(inner is None or inner.removed_at is not None for inner in map(_segment, _asked(draft.rules))):
        raise Invalid(_("A segment that is asked about is no longer there."), _("Remove that condition."))
    if segment is not None and segment.id in _referred(draft.rules):
        raise RefersToItself(
            _("The segment would ask about itself."),
            _("Remove the condition that leads back to “%(name)s”.", name=segment.name),
        )
    if not draft.everybody_is_meant:
        _refuse_everybody(deciding.count(draft.rules, at))


def _refuse_everybody(found: deciding.Count) -> None:
    if not found.is_everybody:
        return
    if found.one_of > 1:
        words = _("It looks as if nobody is left out: of one member in %(number)s all fit.", number=found.one_of)
    else:
        words = ngettext(
            "Nobody is left out: all %(num)s member fits.", "Nobody is left out: all %(num)s members fit.", found.total
        )
    raise MeansEverybody(words, _("Say that everybody is meant, or add a condition."))


def _referred(rules: Group) -> set[int]:
    """Ids of all segments that the rules ask about, directly and through others."""
    found: set[int] = set()
    waiting = _asked(rules)
    while waiting:
        segment_id = waiting.pop()
        inner = _segment(segment_id)
        if segment_id not in found and inner is not None:
            waiting |= _asked(inner.rules)
        found.add(segment_id)
    return found


def _segment(segment_id: int) -> Segment | None:
    return db.session.get(Segment, segment_id)


def _asked(rules: Group) -> set[int]:
    kinds = slots.kinds()
    return {
        segment_id
        for leaf in tree.leaves(rules)
        if leaf.kind in kinds
        for segment_id in kinds[leaf.kind].refers_to(leaf.values)
    }


def _asking_about(segment: Segment) -> list[Segment]:
    """All segments that ask about this one, the direct ones first, then those that ask about them."""
    found: list[Segment] = []
    waiting = _direct(segment.id)
    while waiting:
        other = waiting.pop(0)
        if other not in found:
            found.append(other)
            waiting += _direct(other.id)
    return found


def _direct(segment_id: int) -> list[Segment]:
    others = db.session.scalars(select(Segment).where(Segment.removed_at.is_(None)).order_by(Segment.name)).all()
    return [other for other in others if segment_id in _asked(other.rules)]


def _write(segment: Segment, draft: Draft) -> None:
    segment.name, segment.note = draft.name, draft.note
    segment.written = tree.plain(draft.rules)
    _derive(segment)


def _derive(segment: Segment) -> None:
    """What follows from the rules: which facts concern the segment, and whether days do."""
    follows = deciding.follows(segment.rules)
    segment.follows = ["*"] if "*" in follows else sorted(follows)
    segment.drifts = deciding.drifts(segment.rules)


def _tell(kind: str, segment: Segment, by: User, at: datetime, **payload: Any) -> None:
    key = f"{kind}:{segment.public_id}:{at.isoformat()}"
    events.track(kind, key=key, at=at, actor_id=by.id, subject=segment, payload={"name": segment.name, **payload})
