"""Where rooms say what a payment is for, and where ways to pay plug in. docs/payments.md tells how to add one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from campaigns.payments.models import Payment, Receipt, Refund
from commons.errors import Invalid
from commons.money import Money
from commons.slots import Slot


class Purpose(Protocol):
    """What payments are asked for. Each verb is called once for each fact, in the transaction that writes the fact; the row of
    the payment is held then, so whoever changes a payment and rows of his own takes the payment first.
    """

    name: str

    def paid(self, payment: Payment, receipt: Receipt, late: bool, at: datetime) -> None:
        """What was asked came in; `late`: after the payment had expired or been cancelled. A second sum for the same payment is
        not told: it goes back by itself.
        """

    def expired(self, payment: Payment, at: datetime) -> None:
        """Nothing came in time."""

    def refunded(self, refund: Refund, at: datetime) -> None:
        """Money has gone back to the payer."""

    def words(self, payment: Payment) -> tuple[str, str]:
        """What the payment is for, as a title, and the address of its page."""


@dataclass(frozen=True)
class Start:
    """What a payer is shown: a partial template of the provider and what it needs."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RefundOrder:
    """A refund as a provider learns of it. `key` names it for ever: the same key twice is one refund."""

    key: str
    external_id: str
    reference: str
    amount: Money
    reason: str


@dataclass(frozen=True)
class SentBack:
    """The provider has done it; its own name for it."""

    external_id: str


@dataclass(frozen=True)
class Away:
    """No answer that could be used. It may have arrived all the same, so it is asked for again under the same key."""

    words: str


@dataclass(frozen=True)
class Refused:
    """The provider says no, and would again."""

    words: str


@dataclass(frozen=True)
class ByHand:
    """This provider sends nothing back by itself: a person does."""


Answer = SentBack | Away | Refused | ByHand


class Provider(Protocol):
    """A way to pay. `refund` and `refunded` are called while no transaction is open."""

    name: str
    words: Any

    def is_open(self) -> bool:
        """Whether it may be chosen for new payments."""

    def start(self, payment: Payment) -> Start:
        """What the payer sees while the payment waits."""

    def refund(self, order: RefundOrder) -> Answer:
        """Send money back. The same key a second time sends nothing more and answers the same."""

    def refunded(self, order: RefundOrder) -> SentBack | Away | None:
        """What became of an order whose answer was lost; None when the provider has never heard of it, `Away` when it cannot say."""


@dataclass(frozen=True)
class Offered:
    """An offer that payments are asked for, as the pages about ways to pay show it."""

    title: str
    url: str


purposes: Slot[Callable[[], Purpose]] = Slot("what payments are for: classes of `Purpose`")
providers: Slot[Callable[[], Provider]] = Slot("ways to pay: classes of `Provider`")
reasons: Slot[Callable[[], Mapping[str, Any]]] = Slot(
    "by the name under which it is kept, why a room sends money back, in words"
)
offers: Slot[Callable[[str], Offered | None]] = Slot("the offer that a key given to `ask` names")


def purpose_named(name: str) -> Purpose | None:
    return next((purpose for make in purposes if (purpose := make()).name == name), None)


def provider_named(name: str) -> Provider:
    """The provider of that name. Raises `Invalid`."""
    found = next((provider for make in providers if (provider := make()).name == name), None)
    if found is None:
        raise Invalid(f"There is no way to pay that is called {name!r}.")
    return found


def open_providers() -> Sequence[Provider]:
    """What may be chosen for new payments."""
    return [provider for make in providers if (provider := make()).is_open()]


def offered(key: str) -> Offered | None:
    return next((found for ask in offers if key and (found := ask(key)) is not None), None)


def words_of(payment: Payment) -> tuple[str, str]:
    """Title and address of what a payment is for; its reference where no room knows."""
    purpose = purpose_named(payment.purpose)
    return purpose.words(payment) if purpose is not None else (payment.public_id, "")
