"""How a refund leaves: it is written down before it is sent, read back when the answer was lost, and put off when nobody answers.

Between sending and knowing anything may die. `SENT` is that moment, made visible: whoever comes next asks the provider what
became of it, and sends again only under the same key.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from flask_babel import gettext as _

from campaigns.payments import refunding, rows
from campaigns.payments.models import EXTERNAL_LENGTH, Refund, RefundState
from campaigns.payments.slots import Answer, Away, ByHand, RefundOrder, Refused, SentBack, provider_named, purpose_named
from campaigns.payments.telling import tell
from commons import clock, jobs
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict
from commons.i18n import speaking
from commons.jobs.pauses import pause

MOST_TRIES = 8
LONGEST_TROUBLE = 300


class Settled(Conflict):
    """Somebody else was faster, or it went through meanwhile."""


@jobs.job(refunding.JOB, queue="networks")
def send_refund(refund_id: int) -> None:
    """Send one refund: begin, ask the provider outside of any transaction, write down what it said. Safe to call twice."""
    begun = begin(refund_id, clock.now())
    db.session.commit()
    if begun is not None:
        order, provider, was_sent = begun
        answer = ask_provider(order, provider, was_sent)
        note(refund_id, answer, clock.now())


def begin(refund_id: int, at: datetime) -> tuple[RefundOrder, str, bool] | None:
    """Write down that it is sent: what to send, by which provider, and whether it was sent before. None: nothing to send."""
    refund = rows.locked_refund(refund_id)
    if refund.state in (RefundState.DONE, RefundState.FAILED) or refund.by_hand_at is not None:
        return None
    was_sent = refund.sent_at is not None
    refund.state, refund.sent_at = RefundState.SENT, refund.sent_at or at
    refund.tries += 1
    db.session.flush()
    receipt = refund.receipt
    user = refund.payment.member.user
    with speaking(user.language if user is not None else None):
        reason = refunding.reason_words(refund)
    order = RefundOrder(refund.public_id, receipt.external_id, refund.payment.public_id, refund.amount, reason)
    return order, receipt.provider, was_sent


def ask_provider(order: RefundOrder, provider_name: str, was_sent: bool) -> Answer:
    """What the provider says; of an order that was sent before, first what became of that."""
    provider = provider_named(provider_name)
    known = provider.refunded(order) if was_sent else None
    return known or provider.refund(order)


def note(refund_id: int, answer: Answer, at: datetime) -> None:
    """Write down what the provider said. A refund that is done stays done, whoever answers later."""
    refund = rows.locked_refund(refund_id)
    if refund.state is not RefundState.SENT:
        return
    match answer:
        case SentBack(external_id):
            _done(refund, external_id, at)
        case ByHand():
            refund.state, refund.by_hand_at, refund.sent_at = RefundState.WAITING, at, None
        case Refused(words):
            _fail(refund, words, at)
        case Away(words):
            _put_off(refund, words, at)
        case _:
            assert_never(answer)
    db.session.flush()


def told(refund: Refund, external_id: str, at: datetime) -> bool:
    """The provider tells by itself that the money has gone back; whether that was new."""
    held = rows.locked_refund(refund.id)
    if held.state is RefundState.DONE:
        return False
    _done(held, external_id[:EXTERNAL_LENGTH], at)
    return True


def try_again(refund: Refund, *, by: User, at: datetime) -> None:
    """A person has a failed refund tried once more; the provider is asked first what became of it. Raises `Settled`."""
    held = _held(refund, RefundState.FAILED)
    held.state, held.trouble = RefundState.WAITING, ""
    db.session.flush()
    tell("payment.refund_tried_again", held.payment, at, amount=held.amount, about=_once(held), by=by)
    refunding.leave(held, at)


def done_by_hand(refund: Refund, reference: str, *, by: User, at: datetime) -> None:
    """A person has sent the money back, under `reference`. Raises `Settled`."""
    held = rows.locked_refund(refund.id)
    if not held.needs_a_person:
        raise _settled()
    held.done_by_id = by.id
    _done(held, reference, at, by)


def _done(refund: Refund, external_id: str, at: datetime, by: User | None = None) -> None:
    refund.state, refund.done_at, refund.external_id, refund.trouble = RefundState.DONE, at, external_id, ""
    db.session.flush()
    tell("payment.refunded", refund.payment, at, amount=refund.amount, about=refund.public_id, by=by)
    purpose = purpose_named(refund.payment.purpose)
    if purpose is not None:
        purpose.refunded(refund, at)


def _fail(refund: Refund, words: str, at: datetime) -> None:
    refund.state, refund.trouble = RefundState.FAILED, words[:LONGEST_TROUBLE]
    tell("payment.refund_failed", refund.payment, at, amount=refund.amount, about=_once(refund), why=refund.trouble)


def _put_off(refund: Refund, words: str, at: datetime) -> None:
    refund.trouble = words[:LONGEST_TROUBLE]
    if refund.tries % MOST_TRIES == 0:
        _fail(refund, words, at)
    else:
        refunding.leave(refund, at, due=at + pause(refund.tries % MOST_TRIES))


def _held(refund: Refund, state: RefundState) -> Refund:
    held = rows.locked_refund(refund.id)
    if held.state is not state:
        raise _settled()
    return held


def _once(refund: Refund) -> str:
    return f"{refund.public_id}:{refund.tries}"


def _settled() -> Settled:
    return Settled(_("This refund has moved on meanwhile."), _("Reload the page to see how it stands now."))
