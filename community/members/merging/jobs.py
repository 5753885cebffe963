"""What merges need later: a second look after a moment, and one at all of them every night."""

from __future__ import annotations

from commons import clock, jobs
from commons.db import db
from community.members.merging import gathering
from community.members.merging.models import Merge
from community.members.models import Handle


@jobs.job("members.gather", queue="default")
def gather(merge_id: int = 0, handle_id: int = 0) -> None:
    """Carry along what came in late for one merge or one handle."""
    if merge_id:
        gathering.gather_merge(db.session.get_one(Merge, merge_id), clock.now(), soon=True)
    if handle_id:
        gathering.gather_handle(db.session.get_one(Handle, handle_id), clock.now())


@jobs.job("members.gather_all", queue="default")
def gather_all(after_id: int = 0) -> None:
    """Look at every merge that stands, some at a time."""
    found = gathering.all_after(after_id)
    for merge_id in found:
        gathering.gather_merge(db.session.get_one(Merge, merge_id), clock.now())
    if found:
        jobs.send("members.gather_all", after_id=found[-1])


jobs.every("members.gather_all", seconds=86400)
