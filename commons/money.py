"""Money is whole minor units with a currency; nothing is ever a float."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision

DEFAULT_CURRENCY = "CNY"
_AMOUNT = re.compile(r"[+-]?\d{1,15}(\.\d{0,4})?")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """`minor` units (fen, cents) of an ISO 4217 `currency`."""

    minor: int
    currency: str = DEFAULT_CURRENCY

    @classmethod
    def parse(cls, text: str, currency: str = DEFAULT_CURRENCY) -> Money:
        """Read a decimal amount such as `128.50`; ValueError when it is none or finer than a minor unit."""
        digits = text.strip().replace(",", "")
        if not _AMOUNT.fullmatch(digits):
            raise ValueError(f"{text[:40]!r} is not an amount")
        minor = Decimal(digits).scaleb(get_currency_precision(currency))
        if minor != minor.to_integral_value():
            raise ValueError(f"{text!r} is not a whole number of minor units of {currency}")
        return cls(int(minor), currency)

    @property
    def amount(self) -> Decimal:
        return Decimal(self.minor).scaleb(-get_currency_precision(self.currency))

    def in_words(self, locale: str) -> str:
        return format_currency(self.amount, self.currency, locale=locale)


def amount_of(amount: str, currency: str) -> Money:
    """Money as another house tells it: not negative, and no more than a column holds; ValueError for anything else."""
    code = (currency or DEFAULT_CURRENCY).strip().upper()
    money = Money.parse(amount, code) if len(code) == 3 and code.isascii() and code.isalpha() else None
    if money is None or not 0 <= money.minor < 2**31:
        raise ValueError("no amount")
    return money
