"""Pictures that fans hand in: everybody sees them while their words are published, else the author and who reviews."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from werkzeug.datastructures import FileStorage

from commons.accounts.models import User
from commons.db import db
from commons.media.keeping import keep
from commons.media.models import Picture
from community.reviews.models import State, Submission


def keep_all(
    files: Sequence[FileStorage], alts: Sequence[str], by: User, at: datetime
) -> Iterator[tuple[Picture, str]]:
    """Keep what came with a form, each with its description. Commits before each is looked at: no other writer waits for it."""
    for number, file in enumerate(files):
        db.session.commit()
        picture = keep(file.stream, file.filename or "", by, at, private=True)
        yield picture, alts[number] if number < len(alts) else ""


def follow(submission: Submission, at: datetime) -> None:
    """The pictures stand where the words stand."""
    for shown in submission.pictures:
        shown.picture.is_private = submission.state is not State.PUBLISHED
    db.session.flush()
