"""The receipt of a delivery: what was agreed to and by whom, what was sent, every try, what came back, what stands there now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from campaigns.differing import Piece
from campaigns.publishing.comparing import pieces
from campaigns.publishing.models import Attempt, AttemptOutcome, Delivery, DeliveryPart, DeliveryState
from campaigns.publishing.slots import Agreement, agreements
from campaigns.publishing.timeline import reason_of
from campaigns.publishing.trying_words import kind_words, try_words
from commons.db import db
from commons.web import absolute_url
from community.channels.accounts import apart
from community.channels.outcomes import Trouble
from community.channels.protocol import Sent, channel_named, network_named


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One part as it was sent and as it stood when it was last looked at (`live_at`; a `live_text` of None: gone then)."""

    number: int
    is_comment: bool
    text: str
    media: Sequence[Mapping[str, Any]]
    request: Mapping[str, Any]
    external_id: str | None
    url: str
    sent_at: datetime | None
    live_text: str | None
    live_at: datetime | None

    @property
    def is_gone(self) -> bool:
        return self.live_at is not None and self.live_text is None

    @property
    def pieces(self) -> Sequence[Piece]:
        return pieces(self.text, self.live_text or "")

    @property
    def differs(self) -> bool:
        return self.live_text is not None and any(piece.kind != "same" for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything that is known about how one post went to one account."""

    delivery: Delivery
    agreements: Sequence[Agreement]
    parts: Sequence[ShownPart]
    attempts: Sequence[Attempt]
    made_at: datetime


def receipt_of(delivery: Delivery, at: datetime) -> Receipt:
    said = [agreement for ask in agreements for agreement in ask(delivery)]
    return Receipt(delivery, said, parts_of(delivery, at), attempts_of(delivery), at)


def attempts_of(delivery: Delivery) -> Sequence[Attempt]:
    """Every try, oldest first."""
    return db.session.scalars(select(Attempt).where(Attempt.delivery_id == delivery.id).order_by(Attempt.number)).all()


def parts_of(delivery: Delivery, at: datetime) -> Sequence[ShownPart]:
    """What was sent, part by part; nothing before anything was frozen."""
    query = select(DeliveryPart).where(DeliveryPart.delivery_id == delivery.id).order_by(DeliveryPart.number)
    kept = [_kept(part) for part in db.session.scalars(query)]
    return kept or list(_in_the_circle(delivery, at))


def look_again(delivery_id: int, at: datetime) -> Trouble | None:
    """Fetch what stands on the network now. Commits. Why that could not be done; None when it could."""
    delivery = db.session.get_one(Delivery, delivery_id)
    account, is_ours = apart(delivery.account), channel_named(delivery.account.channel).facts.transactional
    query = select(DeliveryPart).where(DeliveryPart.delivery_id == delivery_id, DeliveryPart.external_id.is_not(None))
    sent = {part.id: Sent(str(part.external_id), part.url, details=part.details) for part in db.session.scalars(query)}
    db.session.commit()
    if is_ours:
        return None
    found: dict[int, str | None] = {}
    try:
        for part_id, one in sent.items():
            found[part_id] = network_named(account.channel).look(account, one)
    except Trouble as trouble:
        return trouble
    finally:
        for part_id, text in found.items():
            part = db.session.get_one(DeliveryPart, part_id)
            part.live_text, part.live_at = text, at
        db.session.commit()
    return None


def file_name(delivery: Delivery) -> str:
    """Name of an exported receipt, without its ending: the day it went out, or was meant to, and the id."""
    day = delivery.published_at or delivery.due_at
    return f"receipt-{day:%Y-%m-%d}-{delivery.public_id}" if day else f"receipt-{delivery.public_id}"


def as_json(receipt: Receipt) -> str:
    return json.dumps(dict(_facts(receipt)), ensure_ascii=False, indent=2, default=_plain)


def as_rows(receipt: Receipt) -> Iterator[Sequence[object]]:
    """The same as lines of a table: where it stands in the receipt, and the value."""
    yield ("field", "value")
    for name, value in _facts(receipt):
        yield from _flat(name, value)


def _facts(receipt: Receipt) -> Iterator[tuple[str, Any]]:
    delivery = receipt.delivery
    yield "delivery", delivery.public_id
    yield "post", delivery.post.public_id
    yield "author", delivery.post.author.name
    yield (
        "account",
        {"channel": delivery.account.channel, "name": delivery.account.name, "id": delivery.account.external_id},
    )
    yield "state", delivery.state.value
    yield "reason", reason_of(delivery)
    yield "planned_for", delivery.due_at
    yield "wall_clock", delivery.wall_clock
    yield "zone", delivery.zone
    yield "planned_by", delivery.scheduled_by.name if delivery.scheduled_by else None
    yield "published_at", delivery.published_at
    yield "lateness_seconds", delivery.lateness
    yield "agreements", [asdict(agreement) for agreement in receipt.agreements]
    yield "parts", [_part_facts(part) for part in receipt.parts]
    yield "attempts", [_attempt_facts(attempt) for attempt in receipt.attempts]
    yield "made_at", receipt.made_at


def _part_facts(part: ShownPart) -> dict[str, Any]:
    names = ("number", "is_comment", "text", "external_id", "url", "sent_at", "live_text", "live_at")
    known = {name: getattr(part, name) for name in names}
    return {**known, "media": list(part.media), "differs": part.differs, "request": dict(part.request)}


def _attempt_facts(attempt: Attempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "round": attempt.round,
        "part": attempt.part,
        "kind": attempt.kind.value,
        "outcome": attempt.outcome.value,
        "words": f"{kind_words(attempt)}: {try_words(attempt)}",
        "started_at": attempt.started_at,
        "ended_at": attempt.ended_at,
        "answer": attempt.answer,
    }


def _kept(part: DeliveryPart) -> ShownPart:
    return ShownPart(
        part.number, part.is_comment, _text_in(part.request), list(_media_in(part.request)), part.request,
        part.external_id, part.url, part.sent_at, part.live_text, part.live_at,
    )  # fmt: skip


def _in_the_circle(delivery: Delivery, at: datetime) -> Iterator[ShownPart]:
    """In our own house the request of the try that worked is what was sent, and the post itself is what stands there."""
    live = delivery.channel_post
    query = select(Attempt).where(Attempt.delivery_id == delivery.id, Attempt.outcome == AttemptOutcome.PUBLISHED)
    attempt = db.session.scalar(query.order_by(Attempt.number.desc()).limit(1))
    if attempt is None or delivery.state is not DeliveryState.PUBLISHED:
        return
    yield ShownPart(
        number=1,
        is_comment=False,
        text=str(attempt.request.get("text", "")),
        media=list(_media_in(attempt.request)),
        request=attempt.request,
        external_id=live.external_id if live else None,
        url=absolute_url("circle.post", public_id=live.public_id) if live else "",
        sent_at=attempt.ended_at,
        live_text=live.text if live else None,
        live_at=at,
    )


def _text_in(request: Mapping[str, Any]) -> str:
    """The words of a frozen request, wherever a channel puts them."""
    inner: Mapping[str, Any] = next(
        (request[name] for name in ("record", "body") if isinstance(request.get(name), Mapping)), {}
    )
    return str(request.get("text") or inner.get("text") or "")


def _media_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every file in a frozen request, by the hash of its bytes."""
    if isinstance(value, Mapping):
        if "sha256" in value:
            yield {name: value[name] for name in ("sha256", "media_type", "alt", "size") if name in value}
        else:
            for inner in value.values():
                yield from _media_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _media_in(inner)


def _flat(name: str, value: Any) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{name}.{key}", inner)
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value, start=1):
            yield from _flat(f"{name}.{number}", inner)
    else:
        yield name, _plain(value) if isinstance(value, datetime) else value


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
