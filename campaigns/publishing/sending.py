"""Sending to a network, step by step, so that whatever breaks, what was done is known or known to be unknown.

`begin` writes down what is about to be done and the caller commits; `carry_out` does it outside of any transaction; `settle`
writes down what came of it and the caller commits again. Whoever finds an open try whose lease has ended knows that its
maker is gone, and looks on the channel instead of sending again (see `verdicts`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from campaigns.publishing import holding, verdicts
from campaigns.publishing.content import outgoing_of
from campaigns.publishing.ending import end, stand
from campaigns.publishing.models import (
    LATE,
    Attempt,
    AttemptKind,
    AttemptOutcome,
    Delivery,
    DeliveryPart,
    DeliveryState,
)
from campaigns.publishing.rows import (
    locked,
    next_number,
    note,
    part_of,
    parts_of,
    progress_of,
    tries_of,
    waiting_among,
)
from campaigns.publishing.slots import may_be_sent
from campaigns.publishing.verdicts import Ending, Verdict
from commons import clock, jobs
from commons.accounts.sessions import last_address
from commons.db import db, random_id
from community.channels import accounts
from community.channels.models import ChannelAccount, ChannelPost
from community.channels.outcomes import NotSent, Trouble
from community.channels.protocol import Call, Outgoing, Sent, facts_of, network_named

LOOKED_AT_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One call that is about to be made and is written down already. Without an attempt it freezes the requests."""

    delivery_id: int
    lease: str
    account: ChannelAccount
    attempt_id: int | None = None
    kind: AttemptKind = AttemptKind.SEND
    call: Call | None = None
    outgoing: Outgoing | None = None


Outcome = Sent | list[dict[str, Any]] | Trouble | None


def begin(delivery_id: int, at: datetime) -> Step | None:
    """What is to be done next about a claimed delivery, written down; None when there is nothing, or somebody is at it."""
    delivery = locked(delivery_id)
    if delivery is None or delivery.state is not DeliveryState.PUBLISHING or delivery.lease is None:
        return None
    if _is_being_tried(delivery, at):
        return None
    if delivery.tried_at is None and delivery.late_at is not None and at > delivery.late_at:
        end(delivery, DeliveryState.MISSED, LATE, at)
        return None
    parts = parts_of(delivery)
    if not _may_go_on(delivery, parts, at):
        return None
    delivery.lease, delivery.lease_until = random_id(16), at + call_lease()
    if not parts:
        sender_ip = last_address(delivery.scheduled_by_id)
        outgoing = outgoing_of(delivery.post, delivery.account, at, key=delivery.public_id, sender_ip=sender_ip)
        return Step(delivery.id, delivery.lease, accounts.apart(delivery.account), outgoing=outgoing)
    waiting = waiting_among(parts)
    if waiting is None:
        _go_on(delivery, at)
        return None
    return _try(delivery, waiting, parts, at)


def carry_out(step: Step, at: datetime) -> Outcome:
    """Do it: no transaction is open meanwhile. Troubles are results here; anything else that is raised is an error of ours."""
    channel = network_named(step.account.channel)
    try:
        if step.outgoing is not None:
            return channel.freeze(step.account, step.outgoing, at)
        assert step.call is not None
        if step.kind is AttemptKind.FIND:
            return channel.find(step.account, step.call, at)
        return channel.send(step.account, step.call, at)
    except Trouble as trouble:
        return trouble


def settle(step: Step, outcome: Outcome, at: datetime) -> bool:
    """Write down what came of it; whether to go on at once. What another has taken over meanwhile is left to him."""
    delivery = locked(step.delivery_id)
    if delivery is None:
        return False
    if step.attempt_id is None:
        return delivery.lease == step.lease and _settle_freezing(delivery, outcome, at)
    attempt = db.session.get_one(Attempt, step.attempt_id)
    part = part_of(delivery, attempt.part)
    if isinstance(outcome, Sent):
        _note_sent(attempt, part, outcome, at)  # a fact, whoever holds the delivery by now
        return _go_on(delivery, at)
    attempt.end(*_outcome_words(step.kind, outcome), at)
    db.session.flush()
    if delivery.lease != step.lease:
        return False
    return _go_on(delivery, at) if part.external_id is not None else _follow_verdict(delivery, part, outcome, at)


def interrupt(delivery_id: int, error: str, at: datetime) -> None:
    """An error of our own broke the step off: what it had begun is in doubt."""
    delivery = locked(delivery_id)
    if delivery is None or delivery.state is not DeliveryState.PUBLISHING:
        return
    query = select(Attempt).where(Attempt.delivery_id == delivery.id, Attempt.outcome == AttemptOutcome.OPEN)
    for attempt in db.session.scalars(query):
        attempt.end(AttemptOutcome.INTERRUPTED, error, at)
    db.session.flush()
    parts = parts_of(delivery)
    waiting = waiting_among(parts)
    if not parts:
        _note_freezing(delivery, AttemptOutcome.INTERRUPTED, error, at)
    if waiting is not None and tries_of(delivery, waiting):
        _follow_verdict(delivery, waiting, None, at)
    else:
        delivery.lease, delivery.lease_until = None, at + verdicts.PAUSES[2]


def call_lease() -> timedelta:
    """How long one call may take; after that its maker is taken for dead."""
    return timedelta(seconds=current_app.config["CALL_LEASE_SECONDS"])


def _may_go_on(delivery: Delivery, parts: Sequence[DeliveryPart], at: datetime) -> bool:
    """Before the first try all who have a say are asked. Later a hold stops what surely stands nowhere, and nothing else."""
    if delivery.tried_at is None:
        return all(ask(delivery, at) for ask in may_be_sent)
    if not parts or parts[0].external_id is not None or verdicts.in_doubt(tries_of(delivery, parts[0])):
        return True
    return not holding.catch(delivery, at)


def _is_being_tried(delivery: Delivery, at: datetime) -> bool:
    query = select(Attempt.id).where(
        Attempt.delivery_id == delivery.id, Attempt.outcome == AttemptOutcome.OPEN, Attempt.lease_until > at
    )
    return db.session.execute(query).first() is not None


def _try(delivery: Delivery, part: DeliveryPart, parts: Sequence[DeliveryPart], at: datetime) -> Step:
    """The next try at `part`, written down."""
    facts = facts_of(delivery.account)
    tries = tries_of(delivery, part)
    kind = verdicts.next_kind(tries, facts, at)
    attempt = Attempt(
        delivery=delivery,
        number=next_number(delivery),
        round=delivery.round,
        part=part.number,
        kind=kind,
        request=part.request,
        progress=progress_of(delivery, part),
        started_at=at,
        lease_until=delivery.lease_until,
    )
    db.session.add(attempt)
    delivery.tried_at = delivery.tried_at or at
    db.session.flush()
    call = Call(
        request=part.request,
        earlier=tuple(_sent(earlier) for earlier in parts if earlier.number < part.number),
        first_tried_at=tries[0].started_at if tries else at,
        progress=attempt.progress,
        keep=_keeper(attempt.id, delivery.id),
    )
    return Step(delivery.id, str(delivery.lease), accounts.apart(delivery.account), attempt.id, kind, call)


def _keeper(attempt_id: int, delivery_id: int) -> Any:
    def keep(progress: Mapping[str, Any]) -> None:
        """Write progress down at once, and hold the lease for another call."""
        until = clock.now() + call_lease()
        values = {"progress": dict(progress), "lease_until": until}
        db.session.execute(update(Attempt).where(Attempt.id == attempt_id).values(**values))
        db.session.execute(update(Delivery).where(Delivery.id == delivery_id).values(lease_until=until))
        db.session.commit()

    return keep


def _sent(part: DeliveryPart) -> Sent:
    return Sent(str(part.external_id), part.url, details=part.details)


def _settle_freezing(delivery: Delivery, outcome: Outcome, at: datetime) -> bool:
    if isinstance(outcome, list) and outcome:
        db.session.add_all(
            DeliveryPart(
                delivery=delivery, number=number, request=request, is_comment=bool(request.get("comment")), details={}
            )
            for number, request in enumerate(outcome, start=1)
        )
        db.session.flush()
        return True
    trouble = outcome if isinstance(outcome, Trouble) else NotSent("")
    _note_freezing(delivery, *_outcome_words(AttemptKind.FREEZE, trouble), at)
    refused = trouble.word in {AttemptOutcome.REJECTED, AttemptOutcome.SIGN_IN}
    again_at = getattr(trouble, "until", None) or at + verdicts.PAUSES[2]
    if refused or delivery.late_at is None or again_at > delivery.late_at:
        _note_sign_in(delivery, trouble)
        end(delivery, DeliveryState.FAILED if refused else DeliveryState.MISSED, trouble.words, at)
    else:
        delivery.lease, delivery.lease_until = None, again_at
    return False


def _note_freezing(delivery: Delivery, outcome: AttemptOutcome, answer: str, at: datetime) -> None:
    """Why the requests could not be made, for whoever looks at the delivery; a try at sending it is not."""
    note(delivery, AttemptKind.FREEZE, outcome, answer, at)


def _outcome_words(kind: AttemptKind, outcome: Outcome) -> tuple[AttemptOutcome, str]:
    if isinstance(outcome, Trouble):
        return AttemptOutcome(outcome.word), "\n".join(filter(None, (outcome.words, outcome.answer)))
    return (AttemptOutcome.NOT_FOUND if kind is AttemptKind.FIND else AttemptOutcome.AMBIGUOUS), ""


def _note_sent(attempt: Attempt, part: DeliveryPart, sent: Sent, at: datetime) -> None:
    word = AttemptOutcome.FOUND if attempt.kind is AttemptKind.FIND else AttemptOutcome.PUBLISHED
    attempt.end(word, sent.answer or sent.url or sent.external_id, at)
    note_standing(part, sent, at)


def note_standing(part: DeliveryPart, sent: Sent, at: datetime) -> None:
    """The part stands on the channel; the first word about that holds."""
    if part.external_id is None:
        part.external_id, part.url, part.details, part.sent_at = sent.external_id, sent.url, dict(sent.details), at
    db.session.flush()


def _go_on(delivery: Delivery, at: datetime) -> bool:
    """A part stands: on to the next, or all of it does. Whether there is more to do now.

    What had been given up as unknown meanwhile is known by this.
    """
    if delivery.state not in {DeliveryState.PUBLISHING, DeliveryState.UNKNOWN}:
        return False
    parts = parts_of(delivery)
    if waiting_among(parts) is None:
        all_stands(delivery, parts, at)
        return False
    if delivery.lease is None:
        try_again(delivery, at)
    return delivery.lease is not None


def all_stands(delivery: Delivery, parts: Sequence[DeliveryPart], at: datetime, since: datetime | None = None) -> None:
    """Nothing is left to send. What stands there is read back a minute later."""
    stand(delivery, channel_post(delivery, parts, at), since or at)
    key = f"publishing.look {delivery.public_id} {delivery.round}"
    jobs.send("publishing.look", due=at + LOOKED_AT_AFTER, key=key, delivery_id=delivery.id)


def try_again(delivery: Delivery, at: datetime) -> None:
    """Have the tick take it up again at once, with fresh patience. Flushed."""
    delivery.state, delivery.reason = DeliveryState.PUBLISHING, ""
    delivery.lease, delivery.lease_until = None, at
    delivery.late_at = max(delivery.late_at or at, at + timedelta(seconds=delivery.lateness_limit))
    db.session.flush()


def _follow_verdict(delivery: Delivery, part: DeliveryPart, outcome: Outcome, at: datetime) -> bool:
    facts = facts_of(delivery.account)
    patient_until = max(delivery.late_at or at, (delivery.tried_at or at) + verdicts.PATIENCE)
    until = getattr(outcome, "until", None)
    verdict = verdicts.after(tries_of(delivery, part), facts, at, patient_until=patient_until, until=until)
    if verdict.ending is not None:
        _end_part(delivery, verdict, outcome, at)
        return False
    delivery.lease, delivery.lease_until = None, verdict.again_at
    return False


def _end_part(delivery: Delivery, verdict: Verdict, outcome: Outcome, at: datetime) -> None:
    words = outcome.words if isinstance(outcome, Trouble) else ""
    standing = any(part.external_id is not None for part in parts_of(delivery))
    if isinstance(outcome, Trouble):
        _note_sign_in(delivery, outcome)
    if verdict.ending is Ending.UNKNOWN:
        state = DeliveryState.UNKNOWN
    elif standing:
        state = DeliveryState.PARTIAL
    else:
        state = DeliveryState.MISSED if verdict.ending is Ending.OUT_OF_TIME else DeliveryState.FAILED
    end(delivery, state, words, at)


def _note_sign_in(delivery: Delivery, trouble: Trouble) -> None:
    if trouble.word == AttemptOutcome.SIGN_IN:
        delivery.account.trouble = trouble.words[:300]


def channel_post(delivery: Delivery, parts: Sequence[DeliveryPart], at: datetime) -> ChannelPost:
    """The post as the rest of the house knows it, made once."""
    first, post = parts[0], delivery.post
    query = select(ChannelPost).where(
        ChannelPost.account_id == delivery.account_id, ChannelPost.external_id == first.external_id
    )
    outgoing = outgoing_of(post, delivery.account, at)
    return db.session.scalar(query) or accounts.note_post(
        delivery.account, outgoing, Sent(str(first.external_id), first.url, details=first.details), at
    )
