"""Pictures and videos, taken by the instance before the post that shows them.

Nothing is posted here, so whatever goes wrong may be tried again. What the instance has taken is kept at once under
`progress["media"]`, in the order of the request: `{"id": …, "ready": …}`. A file that is not used there is thrown away by the
instance after a day or so.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from community.channels.bodies import File, form_with_file, kept_file
from community.channels.mastodon.instance import UPLOAD_SECONDS, Instance, json_of, trouble_of
from community.channels.outcomes import Ambiguous, MediaPending, NotSent, Rejected, Trouble, excerpt
from community.channels.protocol import Call

LOOK_AGAIN = timedelta(seconds=3)

Taken = dict[str, Any]


def ready_ids(instance: Instance, call: Call, at: datetime) -> list[str]:
    """The ids of all media of the request, uploaded and worked on. `MediaPending` while the instance still works on one."""
    taken = [dict(entry) for entry in call.progress.get("media", [])]
    for number, file in enumerate(call.request["media"]):
        if number >= len(taken):
            with _nothing_posted():
                taken.append(_upload(instance, file, at))
            _keep(call, taken)
    for number, entry in enumerate(taken):
        if not entry["ready"]:
            with _nothing_posted():
                _look(instance, call, taken, number, at)
    return [str(entry["id"]) for entry in taken]


@contextmanager
def _nothing_posted() -> Iterator[None]:
    """Here an unknown outcome does no harm: the worst is a file there that nobody sees."""
    try:
        yield
    except Ambiguous as doubt:
        raise NotSent(doubt.words, doubt.answer) from doubt


def _upload(instance: Instance, file: Mapping[str, Any], at: datetime) -> Taken:
    """Hand the file over: 200 is ready, 202 still being worked on."""
    content = kept_file(file["key"])
    if content is None:
        raise Rejected(_("A file of this post is no longer there."))
    name = f"{file['sha256'][:16]}{mimetypes.guess_extension(file['media_type']) or ''}"
    body = form_with_file({"description": file["alt"]}, "file", File(name, content, file["media_type"]))
    answer = instance.post("/api/v2/media", body, seconds=UPLOAD_SECONDS)
    found = json_of(answer)
    if not answer.ok:
        raise _without_words(trouble_of(answer, at), answer.status)
    if not isinstance(found, dict) or not found.get("id"):
        raise NotSent(_("The instance did not say whether it took a file."), excerpt(answer))
    return {"id": str(found["id"]), "ready": answer.status == 200}


def _without_words(trouble: Trouble, status: int) -> Trouble:
    """A proxy that finds the file too large has no words of the instance, and means it for good."""
    if status == 413:
        return Rejected(_("A file of this post is too large for the instance."), trouble.answer)
    return trouble


def _look(instance: Instance, call: Call, taken: list[Taken], number: int, at: datetime) -> None:
    """Whether it is ready by now: 206 is not yet. One that is gone is forgotten, so that the next try uploads it again."""
    answer = instance.get(f"/api/v1/media/{taken[number]['id']}")
    if answer.status == 206:
        raise MediaPending(_("The instance is still working on a file."), at + LOOK_AGAIN, excerpt(answer))
    if answer.status == 404:
        _keep(call, taken[:number])
        raise NotSent(_("The instance no longer has a file that it took."), excerpt(answer))
    if answer.status != 200:
        raise trouble_of(answer, at)
    taken[number]["ready"] = True
    _keep(call, taken)


def _keep(call: Call, taken: list[Taken]) -> None:
    call.keep({**call.progress, "media": [dict(entry) for entry in taken]})
