"""Uploads that nothing needs any more go: rows first, files once no row names them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Select, select

from commons import clock, jobs
from commons.db import db
from commons.media.models import Picture, Video
from commons.media.store import store
from commons.media.usage import Kind, is_idle, is_used

KEPT = timedelta(days=30)
# A file is written before the row that names it is committed, so a young one may look forsaken without being so.
YOUNG = timedelta(days=1)
AT_ONCE = 500
KINDS: tuple[Kind, ...] = (Video, Picture)


def forget(what: Picture | Video) -> None:
    """Delete the row, and with a video its poster. The files go with the next `tidy`. Nothing may refer to it."""
    poster = what.poster if isinstance(what, Video) else None
    db.session.delete(what)
    db.session.flush()
    if (
        poster is not None
        and db.session.scalar(select(Picture.id).where(Picture.id == poster.id, is_used(Picture))) is None
    ):
        db.session.delete(poster)
        db.session.flush()


@jobs.job("media.tidy")
def tidy() -> None:
    """Forget what came in thirty days ago or longer and is needed by nothing. The files follow after the commit."""
    since = clock.now() - KEPT
    for kind in KINDS:
        forget_idle(kind, since)
    jobs.send("media.drop_files")


@jobs.job("media.drop_files")
def drop_files() -> None:
    """Remove the files of no picture and no video, and what uploads left unfinished.

    Rows that share a file have the same `sha256`: it stays as long as one of them does.
    """
    until = time.time() - YOUNG.total_seconds()
    for shelf in _inside(store().folder):
        if len(shelf.name) == 2:
            known = _known(shelf.name)
            for folder in _inside(shelf):
                if shelf.name + folder.name not in known:
                    _drop(folder, until)
    for place in _inside(store().unfinished):
        _drop(place, until)


jobs.every("media.tidy", seconds=86400)


def forget_idle(kind: Kind, since: datetime) -> int:
    """Forget the rows that have been idle since; how many."""
    query: Select[Picture | Video] = select(kind)
    idle = db.session.scalars(query.where(is_idle(kind, since)).limit(AT_ONCE)).all()
    for what in idle:
        forget(what)
    return len(idle)


def _known(beginning: str) -> set[str]:
    """The contents that rows name, as far as they begin so."""
    known: set[str] = set()
    for kind in KINDS:
        query = select(kind.sha256).where(kind.sha256.startswith(beginning, autoescape=True))
        known.update(db.session.scalars(query))
    return known


def _inside(folder: Path) -> Iterator[Path]:
    return iter(sorted(folder.iterdir())) if folder.is_dir() else iter(())


def _drop(folder: Path, until: float) -> None:
    """Remove a folder in which nothing was written after `until`."""
    try:
        touched = max(path.stat().st_mtime for path in (folder, *folder.rglob("*")))
    except FileNotFoundError:  # somebody is at work in it
        return
    if touched <= until:
        shutil.rmtree(folder, ignore_errors=True)
