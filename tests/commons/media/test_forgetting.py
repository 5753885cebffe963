"""What is swept away, and what stays because something needs it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons import clock, jobs
from commons.admin.brand import prepare
from commons.db import db
from commons.media.forgetting import KEPT, drop_files, forget, tidy
from commons.media.keeping import keep
from commons.media.models import Picture, Video
from commons.media.store import Store
from commons.media.usage import let_go, references, users_of
from commons.media.videos import keep_video
from tests.commons.media.pictures import a_picture
from tests.commons.media.videos import a_video
from tests.factories import NOON


@pytest.fixture(autouse=True)
def own_store(app: Flask, tmp_path: Path) -> Iterator[Store]:
    """A store of the test's own, so that its files may be counted; the clock stands at noon."""
    clock.set_to(NOON)
    usual = app.extensions["media"]
    app.extensions["media"] = Store(tmp_path)
    yield app.extensions["media"]
    app.extensions["media"] = usual


def a_kept_picture(shade: int = 0) -> Picture:
    return keep(BytesIO(a_picture(colour=(shade, 0, 0), size=(40, 30))), "tea.jpg", by=None, at=clock.now())


def swept() -> None:
    """The nightly job, and what it gives away."""
    tidy()
    db.session.commit()
    jobs.drain(clock.now())


def later(by: timedelta) -> None:
    clock.set_to(clock.now() + by)


def age_files(folder: Path) -> None:
    long_ago = time.time() - 3 * 24 * 3600
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (long_ago, long_ago))


def files(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def how_many(kind: type[Picture] | type[Video]) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def test_what_nothing_needs_goes_after_thirty_days_and_not_before(app: Flask, tmp_path: Path) -> None:
    a_kept_picture()
    age_files(tmp_path)
    later(KEPT - timedelta(minutes=1))
    swept()
    assert (how_many(Picture), files(tmp_path)) == (1, 1)
    later(timedelta(minutes=2))
    swept()
    assert (how_many(Picture), files(tmp_path)) == (0, 0)


def test_a_video_takes_its_poster_along(app: Flask, tmp_path: Path) -> None:
    keep_video(BytesIO(a_video(sound="")), "tea.mp4", by=None, at=clock.now())
    age_files(tmp_path)
    assert (how_many(Video), how_many(Picture)) == (1, 1)
    later(KEPT + timedelta(minutes=1))
    swept()
    assert (how_many(Video), how_many(Picture), files(tmp_path)) == (0, 0, 0)


def test_a_picture_that_something_refers_to_stays(app: Flask, tmp_path: Path) -> None:
    picture = a_kept_picture()
    prepare(clock.now()).logo_id = picture.id
    db.session.flush()
    age_files(tmp_path)
    later(KEPT * 3)
    swept()
    assert users_of(picture) == [("brand", 1)]
    assert (how_many(Picture), files(tmp_path)) == (1, 1)


def test_what_was_let_go_has_its_thirty_days_anew(app: Flask) -> None:
    picture = a_kept_picture()
    later(KEPT * 2)
    let_go(picture, clock.now())
    swept()
    assert how_many(Picture) == 1
    later(KEPT + timedelta(minutes=1))
    swept()
    assert how_many(Picture) == 0


def test_a_file_that_another_row_shares_stays(app: Flask, tmp_path: Path) -> None:
    first, second = a_kept_picture(), a_kept_picture()
    assert first.key() == second.key()
    age_files(tmp_path)
    forget(first)
    swept()
    drop_files()
    assert files(tmp_path) == 1
    forget(second)
    drop_files()
    assert files(tmp_path) == 0


def test_a_file_without_a_row_goes_only_when_it_is_old(app: Flask, tmp_path: Path) -> None:
    forget(a_kept_picture())
    drop_files()
    assert files(tmp_path) == 1
    age_files(tmp_path)
    drop_files()
    assert files(tmp_path) == 0


def test_what_an_upload_left_behind_goes_and_strange_folders_stay(app: Flask, tmp_path: Path) -> None:
    for name in ("unfinished/abc/source", "ab/cd/full", "lost+found/file"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(b"x")
    age_files(tmp_path)
    drop_files()
    assert not (tmp_path / "unfinished/abc").exists()
    assert (tmp_path / "lost+found/file").exists()


def test_every_table_that_holds_a_picture_is_known(app: Flask) -> None:
    tables = {column.table.name for column in references(Picture)}
    assert {"brand", "post_picture", "channel_post_picture", "group_buy", "video"} <= tables
    assert {column.table.name for column in references(Video)} >= {"brand_post"}
