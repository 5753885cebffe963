"""A provider says who somebody is: what each of them must be able to do, and which of them this house works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from commons.accounts import addresses
from commons.accounts.models import User
from commons.slots import Slot


@dataclass(frozen=True, slots=True)
class Departure:
    """Where to send the person, and what must be kept (encrypted) until the answer comes."""

    address: str
    kept: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HandleName:
    """By which name a channel knows the person: what the handles of that channel are called."""

    channel: str
    external_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Proven:
    """Who somebody is, as a provider has just said. `subject` never changes and is unique at the `issuer`.

    `email` counts only where the provider says that it was verified. `handle` is the handle that is proven along with it.
    `told` is what else the provider tells of the person, in its own words, for rooms that may offer it to the person.
    """

    provider: str
    issuer: str
    subject: str
    name: str
    email: str = ""
    email_verified: bool = False
    handle: HandleName | None = None
    told: Mapping[str, str] = field(default_factory=dict)

    @property
    def verified_email(self) -> str:
        """The address that the provider answers for, in its one form; else empty."""
        email = addresses.normal(self.email)
        return email if self.email_verified and addresses.is_address(email) else ""


class Provider(Protocol):
    """`name` stands in addresses, `label` on buttons. `asks_where`: the person says at which address the account is.

    None of these uses the database between a call and its answer. They raise a `failures.NotIdentified`. `answer` is the
    query that came back; that its `state` is ours has been checked, and that it holds a `code`.
    """

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def icon(self) -> str: ...

    @property
    def asks_where(self) -> bool: ...

    def depart(self, where: str, redirect_uri: str, state: str, at: datetime) -> Departure: ...

    def arrive(self, kept: Mapping[str, Any], answer: Mapping[str, str], redirect_uri: str, at: datetime) -> Proven: ...


offered: Slot[Callable[[], Sequence[Provider]]] = Slot("providers that the settings of this house name")
identified: Slot[Callable[[User, Proven, datetime], object]] = Slot(
    "a person has proven an identity: it was linked, or was the way in"
)


def known() -> list[Provider]:
    """The providers that people may choose from, in order."""
    return [provider for offer in offered for provider in offer()]


def named(name: str) -> Provider | None:
    """The provider that is called so, if this house works with it."""
    return next((provider for provider in known() if provider.name == name), None)


def label_of(name: str) -> str:
    """What the provider is called; its bare name when the house no longer works with it."""
    provider = named(name)
    return provider.label if provider is not None else name.capitalize()
