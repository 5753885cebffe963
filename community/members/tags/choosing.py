"""Which members an act on many means: as JSON, because it is read again piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Select, select

from community.members import listing
from community.members.listing import Search
from community.members.models import Member
from community.members.tags.models import Act, Tagging, TagRun


def these(public_ids: Sequence[str]) -> dict[str, Any]:
    """Members one by one."""
    return {"members": list(public_ids)}


def all_found(search: Search) -> dict[str, Any]:
    """Everybody whom a search finds, at the moment at which a piece is read."""
    return {"search": asdict(search)}


def meant(run: TagRun) -> Select[int]:
    """Ids of all members of a run; of a merge or a removal, those who still have the tag."""
    if run.act in {Act.MERGE, Act.REMOVE}:
        return select(Tagging.member_id).where(Tagging.tag_id == run.tag_id)
    return ids_of(run.chosen, run)


def ids_of(chosen: dict[str, Any], run: TagRun) -> Select[int]:
    """Ids of the members that `chosen` means and the maker of the run may see."""
    if "search" in chosen:
        query = listing.found(Search(**chosen["search"]), run.made_by)
    else:
        query = Member.visible_to(run.made_by).where(Member.public_id.in_(chosen["members"]))
    return query.with_only_columns(Member.id)
