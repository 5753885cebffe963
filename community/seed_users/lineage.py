"""Who invited whom: the tree of all who came by a code, and its picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from commons.db import db
from commons.i18n import date_words
from community.inbox.figure import Figure, picture
from community.inbox.spread import ORIGINAL, Tree, grow
from community.members.models import Member
from community.seed_users.models import Acceptance, SeedUser

PAGE = 50


@dataclass(frozen=True)
class Lineage:
    """The tree: node n (from 1 on) is `member_ids[n - 1]`, who came `since[n - 1]`; the original is the brand, or `root`."""

    tree: Tree
    member_ids: Sequence[int]
    since: Sequence[datetime]
    seeds: frozenset[int]
    root: Member | None = None

    @property
    def depth(self) -> int:
        return max(self.tree.depth)


@dataclass(frozen=True)
class Line:
    """One person of the list beside the picture. `inviter` is None for whom the team named, or who invited himself."""

    number: int
    member: Member
    inviter: Member | None
    is_seed: bool
    since: datetime
    level: int
    direct: int
    together: int


def lineage(root: Member | None = None) -> Lineage:
    """The whole tree, or what grew from one member; in the order in which people came.

    Selves that are part of another member stand in it as that one. Two selves of one person may have closed a circle: the
    tree opens it, see `grow`.
    """
    whole = Member.merged_into_id.is_(None)
    query = select(Acceptance.member_id, Acceptance.inviter_id, Acceptance.accepted_at)
    rows = db.session.execute(query.join(Member, Member.id == Acceptance.member_id).where(whole)).all()
    came = {member_id: (inviter_id, at) for member_id, inviter_id, at in rows}
    named = select(SeedUser.member_id, SeedUser.named_at).order_by(SeedUser.named_at.desc())
    seeds = dict(db.session.execute(named.join(Member, Member.id == SeedUser.member_id).where(whole)).all())
    if root is not None:
        came = _below(came, root.id)
    people = {member_id: at for member_id, (_inviter, at) in came.items()}
    if root is None:
        people |= {member_id: at for member_id, at in seeds.items() if member_id not in people}
    order = sorted(people, key=lambda member_id: (people[member_id], member_id))
    parents = [came[member_id][0] if member_id in came else None for member_id in order]
    return Lineage(grow(order, parents), order, [people[one] for one in order], frozenset(seeds), root)


def lines(found: Lineage, page: int) -> Sequence[Line]:
    """One page of the people in the tree, in the order in which they came."""
    first = (page - 1) * PAGE
    numbers = range(first + 1, min(first + PAGE, len(found.member_ids)) + 1)
    wanted = {found.member_ids[number - 1] for number in numbers}
    wanted |= {inviter for number in numbers if (inviter := _inviter(found, number)) is not None}
    members = {one.id: one for one in db.session.scalars(select(Member).where(Member.id.in_(wanted)))}
    return [_line(found, number, members) for number in numbers]


def drawn(found: Lineage) -> Figure:
    """The picture of the tree. Who is large brought many."""
    everybody = select(Acceptance.member_id).union(select(SeedUser.member_id))
    names = dict(db.session.execute(select(Member.id, Member.name).where(Member.id.in_(everybody))).all())

    def describe(number: int) -> tuple[str, str]:
        if number == ORIGINAL:
            return "original", found.root.name if found.root is not None else _("Named by the team")
        member_id = found.member_ids[number - 1]
        kind = "seed" if member_id in found.seeds else "invited"
        words = ngettext("%(num)s invited", "%(num)s invited", found.tree.answers[number])
        return kind, f"{names[member_id]} · {date_words(found.since[number - 1])} · {words}"

    return picture(found.tree, describe)


def _below(came: dict[int, tuple[int, datetime]], root_id: int) -> dict[int, tuple[int, datetime]]:
    children: dict[int, list[int]] = defaultdict(list)
    for member_id, (inviter_id, _at) in came.items():
        children[inviter_id].append(member_id)
    found: dict[int, tuple[int, datetime]] = {}
    waiting = [root_id]
    while waiting:
        for child in children[waiting.pop()]:
            if child not in found and child != root_id:
                found[child] = came[child]
                waiting.append(child)
    return found


def _inviter(found: Lineage, number: int) -> int | None:
    parent = found.tree.parent[number]
    if parent != ORIGINAL:
        return found.member_ids[parent - 1]
    return found.root.id if found.root is not None else None


def _line(found: Lineage, number: int, members: dict[int, Member]) -> Line:
    member_id, inviter_id = found.member_ids[number - 1], _inviter(found, number)
    return Line(
        number=number,
        member=members[member_id],
        inviter=members[inviter_id] if inviter_id is not None else None,
        is_seed=member_id in found.seeds,
        since=found.since[number - 1],
        level=found.tree.depth[number],
        direct=found.tree.answers[number],
        together=found.tree.size[number] - 1,
    )
