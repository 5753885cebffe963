"""Videos, made ready by Bluesky's video service before the post that shows them.

https://docs.bsky.app/docs/tutorials/video, the way that is recommended there: with a token of the account's own server the
service works on the video and puts it into the account's repository. Only then is its name known, and it is kept before the
record is written, so that the record stays the same at every try. Nothing is posted here: whatever goes wrong may be tried
again, and a video that the service knows already is not worked on twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from flask_babel import gettext as _

from commons.outbound import Answer, BadAnswer
from community.channels.bluesky import sessions, wire
from community.channels.bodies import fits_header, kept_file
from community.channels.models import ChannelAccount
from community.channels.outcomes import Ambiguous, MediaPending, NotSent, Rejected, SignIn, Trouble, excerpt
from community.channels.protocol import Call, Media

SERVICE = "https://video.bsky.app"
KIND = "video/mp4"
MOST_BYTES = 300_000_000
LOOK_AGAIN = timedelta(seconds=5)

_UPLOAD_SECONDS = 100.0
_TOKEN_LASTS = timedelta(minutes=30)

Job = dict[str, Any]


def frozen(video: Media) -> dict[str, Any]:
    """Which file will be handed over, and what the record says of it."""
    if video.media_type != KIND:
        raise Rejected(_("Bluesky takes videos as MP4 only."))
    ratio = {"width": video.width, "height": video.height}
    return {"key": video.key, "sha256": video.sha256, "alt": video.alt, "ratio": ratio}


def ready(account: ChannelAccount, call: Call, at: datetime) -> dict[str, Any] | None:
    """The embed of the request's video; None when it has none. `MediaPending` while the service works on it.

    How far it is stands in `progress["video"]`: the `id` of the job, and the `blob` once there is one.
    """
    video = call.request.get("video")
    if video is None:
        return None
    job = dict(call.progress.get("video", {}))
    if "blob" not in job:
        job = _looked_at(job["id"], call) if "id" in job else _handed_over(account, call, at)
        call.keep({**call.progress, "video": job})
    if "blob" not in job:
        raise MediaPending(_("Bluesky is still working on the video."), at + LOOK_AGAIN)
    return {
        "$type": "app.bsky.embed.video",
        "video": job["blob"],
        "alt": video["alt"],
        "aspectRatio": video["ratio"],
    }


def service_token(server: str, token: str, at: datetime) -> str:
    """A word that lets the video service put one video into the repository of the account, for half an hour."""
    asked = {
        "aud": _home(server, token),
        "lxm": "com.atproto.repo.uploadBlob",
        "exp": str(int((at + _TOKEN_LASTS).timestamp())),
    }
    given = wire.get(server, "com.atproto.server.getServiceAuth", asked, token).get("token")
    if not isinstance(given, str) or not fits_header(given):
        raise NotSent(wire.nonsense_words())
    return given


def _handed_over(account: ChannelAccount, call: Call, at: datetime) -> Job:
    video = call.request["video"]
    content = kept_file(video["key"])
    if content is None:
        raise Rejected(_("A file of this post is no longer there."))
    token = sessions.signed_in(account, lambda server, token: service_token(server, token, at))
    query = urlencode({"did": account.external_id, "name": f"{video['sha256'][:16]}.mp4"})
    headers = {"Authorization": f"Bearer {token}", "Content-Type": KIND}
    method = f"app.bsky.video.uploadVideo?{query}"
    call.keep(call.progress)  # a large file takes a while: whoever waits for us waits from now on
    return _job(_told("POST", method, headers, content, _UPLOAD_SECONDS))


def _looked_at(job_id: str, call: Call) -> Job:
    """How far the job is. One that is no longer known is forgotten, so that the next try hands the video over anew."""
    answer = _told("GET", f"app.bsky.video.getJobStatus?{urlencode({'jobId': job_id})}", {}, None, 20.0)
    if answer.status in {400, 404} and not _status(answer):
        call.keep({name: value for name, value in call.progress.items() if name != "video"})
        raise NotSent(_("Bluesky no longer knows of a video that it took."), excerpt(answer))
    return _job(answer)


def _home(server: str, token: str) -> str:
    """Who really keeps the account: not always the server that it signs in at, which is asked where nothing else is said."""
    session = wire.get(server, "com.atproto.server.getSession", {}, token)
    if address := _address(session):
        return f"did:web:{quote(urlsplit(address).netloc, safe='.-')}"
    return str(wire.get(server, "com.atproto.server.describeServer", {}).get("did") or "")


def _address(session: Mapping[str, Any]) -> str:
    """Where the account is kept, if its document says so."""
    document = session.get("didDoc")
    services = document.get("service") if isinstance(document, Mapping) else None
    for service in services if isinstance(services, list) else ():
        if isinstance(service, Mapping) and str(service.get("id")).endswith("#atproto_pds"):
            return str(service.get("serviceEndpoint") or "")
    return ""


def _told(verb: str, method: str, headers: Mapping[str, str], body: bytes | None, seconds: float) -> Answer:
    try:
        return wire.told(verb, SERVICE, method, headers, body, seconds)
    except Trouble as trouble:
        raise NotSent(trouble.words, trouble.answer) from trouble


def _job(answer: Answer) -> Job:
    """What an answer says of the job. One about a video that is there already is an error with all that we need in it."""
    status = _status(answer)
    blob = _blob(status.get("blob"))
    if blob is not None:
        return {"id": status["jobId"][:200], "blob": blob}
    if status.get("state") == "JOB_STATE_FAILED":
        reason = str(status.get("message") or status.get("error") or status.get("failureCode") or "?")[:200]
        raise Rejected(_("Bluesky cannot use the video: %(reason)s", reason=reason), excerpt(answer))
    if not status:
        raise NotSent(wire.nonsense_words(), excerpt(answer)) if answer.ok else _refusal(answer)
    return {"id": status["jobId"][:200]}


def _status(answer: Answer) -> Mapping[str, Any]:
    """The job that an answer tells of, bare or wrapped; empty when it names none."""
    try:
        found = answer.json()
    except BadAnswer:
        return {}
    said = found.get("jobStatus", found) if isinstance(found, Mapping) else None
    return said if isinstance(said, Mapping) and isinstance(said.get("jobId"), str) and said["jobId"] else {}


def _refusal(answer: Answer) -> Trouble:
    """The service not letting a video in says nothing about how the account signs in to post."""
    trouble = wire.trouble_of(answer)
    if isinstance(trouble, SignIn):
        return Rejected(_("Bluesky takes no video from this account: %(reason)s", reason=excerpt(answer, 200)))
    return NotSent(trouble.words, trouble.answer) if isinstance(trouble, Ambiguous) else trouble


def _blob(found: Any) -> dict[str, Any] | None:
    """A reference to a file of the repository, as a record names it; None when it is none."""
    ref = found.get("ref") if isinstance(found, Mapping) else None
    link = ref.get("$link") if isinstance(ref, Mapping) else None
    if not isinstance(link, str) or not isinstance(found.get("size"), int) or len(link) > 200:
        return None
    return {"$type": "blob", "ref": {"$link": link}, "mimeType": KIND, "size": found["size"]}
