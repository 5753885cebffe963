"""A personal data server of the AT protocol as its documentation describes it (docs.bsky.app, atproto.com/specs), on a socket.

Keeps: sessions with short access and single-use refresh tokens; records at keys that must be TIDs, where writing the same
content again changes nothing and answers alike; blobs named by their content, which a record may only name once they are
there; 429 with `ratelimit-reset`; errors as {"error", "message"}. It is the video service too: a video comes with a token for
that one purpose, is worked on, and lies in the repository as another file than the one that came; the same one again is an
error (409) that names it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from werkzeug.wrappers import Request

from community.channels.protocol import Connection
from tests.community.channels.contract import ContractServer, Reply, main

HANDLE, PASSWORD = "teahouse.test", "abcd-efgh-ijkl-mnop"
DID = "did:plc:teahouseteahouseteahouse"
PEOPLE = {HANDLE: DID, "friend.test": "did:plc:friendfriendfriendfriend"}
TID = set("234567abcdefghijklmnopqrstuvwxyz")
PUT = "com.atproto.repo.putRecord"
UPLOAD_VIDEO = "app.bsky.video.uploadVideo"


class Refused(Exception):
    def __init__(self, reply: Reply) -> None:
        super().__init__(str(reply.content))
        self.reply = reply


class Refusal(Refused):
    def __init__(self, status: int, error: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(Reply({"error": error, "message": message}, status, headers or {}))


class BlueskyServer(ContractServer):
    """One account. `records` are its posts by key, `writes` how often one of them really changed.

    `limit` is how many more records it takes, `sign_ins` how many more sessions it begins; `says_taken` has a key in use answered as `createRecord` does.
    """

    posting = f"/xrpc/{PUT}"

    def __init__(self, port: int = 0, *, limit: int = 5000, sign_ins: int = 30, **more: Any) -> None:
        super().__init__(port, **more)
        self.limit = limit
        self.records: dict[str, dict[str, Any]] = {}
        self.blobs: dict[str, dict[str, Any]] = {}
        self.writes = 0
        self.password_holds = True
        self.active = True
        self.says_taken = False
        self.sign_ins = sign_ins
        self.looks = 0  # how often a fresh video answers that it is not ready
        self.kept_elsewhere = True  # whether another server keeps the account than the one it signs in at
        self.no_videos = ""  # why no video is taken from the account
        self.bad_video = ""  # why none of its videos can be worked on
        self.jobs: dict[str, dict[str, Any]] = {}
        self._service_tokens: set[str] = set()
        self._access: set[str] = set()
        self._refresh: set[str] = set()

    def connection(self) -> Connection:
        """The account as `Bluesky.connect` gives it, with a session of its own."""
        return connection_to(self.url)

    def standing(self) -> list[dict[str, Any]]:
        return [{"id": self._uri(key), "text": record["text"], "key": key} for key, record in self.records.items()]

    def expire(self, *, sessions: bool = False) -> None:
        """The access tokens are too old; with `sessions` the refresh tokens too."""
        self._access.clear()
        if sessions:
            self._refresh.clear()

    def answer(self, request: Request) -> Reply:
        acts = {
            "com.atproto.server.createSession": self._create_session,
            "com.atproto.server.refreshSession": self._refresh_session,
            "com.atproto.server.getSession": self._get_session,
            "com.atproto.identity.resolveHandle": self._resolve,
            "com.atproto.repo.uploadBlob": self._upload,
            "com.atproto.repo.getRecord": self._get_record,
            "com.atproto.server.getServiceAuth": self._service_auth,
            "com.atproto.server.describeServer": self._describe,
            UPLOAD_VIDEO: self._upload_video,
            "app.bsky.video.getJobStatus": self._job_status,
            PUT: self._put,
        }
        act = acts.get(request.path.removeprefix("/xrpc/"))
        if act is None:
            return Reply({"error": "MethodNotImplemented", "message": "Method Not Implemented"}, 501)
        try:
            with self.lock:
                return Reply(act(request))
        except Refused as refusal:
            return refusal.reply

    def _create_session(self, request: Request) -> dict[str, Any]:
        asked = json.loads(request.get_data())
        if self.sign_ins <= 0:
            raise Refusal(429, "RateLimitExceeded", "Rate Limit Exceeded", self._reset())
        self.sign_ins -= 1
        if not self.password_holds or asked["identifier"] not in {HANDLE, DID} or asked["password"] != PASSWORD:
            raise Refusal(401, "AuthenticationRequired", "Invalid identifier or password")
        return self._session()

    def _refresh_session(self, request: Request) -> dict[str, Any]:
        if _token(request) not in self._refresh:
            raise Refusal(400, "ExpiredToken", "Token has been revoked")
        self._refresh.discard(_token(request))
        return self._session()

    def _get_session(self, request: Request) -> dict[str, Any]:
        self._check(request)
        session = {"did": DID, "handle": HANDLE, **self._status()}
        home = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": "https://home.test"}
        return {**session, "didDoc": {"id": DID, "service": [home]}} if self.kept_elsewhere else session

    def _describe(self, request: Request) -> dict[str, Any]:
        return {"did": "did:web:front.test", "availableUserDomains": []}

    def _service_auth(self, request: Request) -> dict[str, Any]:
        self._check(request)
        asked = request.args
        home = "did:web:home.test" if self.kept_elsewhere else "did:web:front.test"
        for_us = asked["aud"] == home and asked["lxm"] == "com.atproto.repo.uploadBlob"
        if not for_us or not 0 < int(asked["exp"]) - self.now().timestamp() <= 3600:
            raise Refusal(400, "BadExpiration", "expiration or audience is not one that is given")
        token = f"service-{secrets.token_hex(8)}"
        self._service_tokens.add(token)
        return {"token": token}

    def _upload_video(self, request: Request) -> dict[str, Any]:
        if _token(request) not in self._service_tokens or request.args["did"] != DID:
            raise Refusal(401, "AuthMissing", "Authentication Required")
        if self.no_videos:
            raise Refusal(401, "unconfirmed_email", self.no_videos)
        data = request.get_data()
        if request.headers["Content-Type"] != "video/mp4" or not request.args["name"].endswith(".mp4"):
            raise Refusal(400, "InvalidRequest", "Unsupported content type")
        job_id = f"job{hashlib.sha256(data).hexdigest()[:12]}"
        if job_id in self.jobs:
            again = {**self._job(job_id), "error": "already_exists", "message": "Video already processed"}
            raise Refused(Reply(again, 409))
        optimised = b"optimised " + data
        self.jobs[job_id] = {"looks": self.looks, "name": _cid(0x55, optimised), "size": len(optimised)}
        return self._job(job_id)

    def _job_status(self, request: Request) -> dict[str, Any]:
        job = self.jobs.get(request.args["jobId"])
        if job is None:
            raise Refusal(400, "InvalidRequest", "Job not found")
        job["looks"] = max(job["looks"] - 1, 0)
        return {"jobStatus": self._job(request.args["jobId"])}

    def _job(self, job_id: str) -> dict[str, Any]:
        job = self.jobs[job_id]
        status = {"jobId": job_id, "did": DID, "state": "JOB_STATE_ENCODING", "progress": 40}
        if self.bad_video:
            return {**status, "state": "JOB_STATE_FAILED", "error": "validation_failure", "message": self.bad_video}
        if job["looks"]:
            return status
        blob = {"$type": "blob", "ref": {"$link": job["name"]}, "mimeType": "video/mp4", "size": job["size"]}
        self.blobs[job["name"]] = blob
        return {**status, "state": "JOB_STATE_COMPLETED", "progress": 100, "blob": blob}

    def _resolve(self, request: Request) -> dict[str, Any]:
        if request.args["handle"] not in PEOPLE:
            raise Refusal(400, "InvalidRequest", "Unable to resolve handle")
        return {"did": PEOPLE[request.args["handle"]]}

    def _upload(self, request: Request) -> dict[str, Any]:
        self._check(request)
        data = request.get_data()
        name = _cid(0x55, data)
        self.blobs[name] = {
            "$type": "blob",
            "ref": {"$link": name},
            "mimeType": request.headers["Content-Type"],
            "size": len(data),
        }
        return {"blob": self.blobs[name]}

    def _put(self, request: Request) -> dict[str, Any]:
        self._check(request)
        asked = json.loads(request.get_data())
        record, rkey = asked["record"], asked["rkey"]
        self._check_record(asked, record, rkey)
        if self.says_taken and rkey in self.records:
            raise Refusal(500, "InternalServerError", f"There is already a value at key: app.bsky.feed.post/{rkey}")
        if self.records.get(rkey) != record:
            self.records[rkey] = record
            self.writes += 1
            self.limit -= 1
        return {"uri": self._uri(rkey), "cid": self.version(rkey)}

    def _check_record(self, asked: dict[str, Any], record: dict[str, Any], rkey: str) -> None:
        if self.limit <= 0:
            raise Refusal(429, "RateLimitExceeded", "Rate Limit Exceeded", self._reset())
        if len(rkey) != 13 or not set(rkey) <= TID:
            raise Refusal(400, "InvalidRequest", "Invalid record key")
        if asked["repo"] != DID or record.get("$type") != asked["collection"]:
            raise Refusal(400, "InvalidRequest", "Invalid app.bsky.feed.post record")
        if len(record["text"].encode()) > 3000:
            raise Refusal(400, "InvalidRequest", "Record/text must not be longer than 3000 bytes")
        embed = record.get("embed", {})
        if any(image["image"]["size"] > 2_000_000 for image in embed.get("images", [])):
            raise Refusal(400, "InvalidRequest", "Record/embed/images/0/image must be smaller than 2000000 bytes")
        shown = [*(image["image"] for image in embed.get("images", [])), embed.get("video")]
        if any(blob is not None and self.blobs.get(blob["ref"]["$link"]) != blob for blob in shown):
            raise Refusal(400, "BlobNotFound", "Could not find blob")

    def _get_record(self, request: Request) -> dict[str, Any]:
        rkey = request.args["rkey"]
        if rkey not in self.records:
            raise Refusal(400, "RecordNotFound", f"Could not locate record: {self._uri(rkey)}")
        return {"uri": self._uri(rkey), "cid": self.version(rkey), "value": self.records[rkey]}

    def _reset(self) -> dict[str, str]:
        return {"ratelimit-reset": str(int((self.now() + timedelta(minutes=5)).timestamp()))}

    def _session(self) -> dict[str, Any]:
        access, refresh = f"access-{secrets.token_hex(8)}", f"refresh-{secrets.token_hex(8)}"
        self._access.add(access)
        self._refresh.add(refresh)
        return {"accessJwt": access, "refreshJwt": refresh, "did": DID, "handle": HANDLE, **self._status()}

    def _status(self) -> dict[str, Any]:
        return {"active": True} if self.active else {"active": False, "status": "suspended"}

    def _check(self, request: Request) -> None:
        if not _token(request):
            raise Refusal(401, "AuthMissing", "Authentication Required")
        if _token(request) not in self._access:
            raise Refusal(400, "ExpiredToken", "Token has expired")

    def _uri(self, rkey: str) -> str:
        return f"at://{DID}/app.bsky.feed.post/{rkey}"

    def version(self, rkey: str) -> str:
        return _cid(0x71, json.dumps(self.records[rkey], sort_keys=True).encode())


def connection_to(url: str) -> Connection:
    """An account on a server at `url` whose tokens are too old already: its app password holds."""
    credentials = {"server": url, "did": DID, "password": PASSWORD, "access": "old", "refresh": "old"}
    return Connection(DID, f"@{HANDLE}", credentials, {"handle": HANDLE, "server": url})


def _token(request: Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def _cid(codec: int, content: bytes) -> str:
    raw = bytes((1, codec, 0x12, 0x20)) + hashlib.sha256(content).digest()
    return "b" + base64.b32encode(raw).decode().rstrip("=").lower()


if __name__ == "__main__":
    main(lambda port, wanted: BlueskyServer(port, limit=wanted.limit, sign_ins=wanted.limit))
