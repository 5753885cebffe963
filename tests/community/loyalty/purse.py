"""The ledger as a child would keep it: every point is a coin. Slow, simple, and made without looking at the real one's sums."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(eq=False)
class Thing:
    """What belongs to a purse: to whom it came, and with whom it is now."""

    number: int
    born: Purse
    home: Purse


@dataclass(eq=False)
class Bag(Thing):
    """The coins that came in together: they expire, and become available, together."""

    expires: datetime = NEVER
    opens: datetime | None = None
    expired: int = 0


@dataclass(eq=False)
class Debt(Thing):
    left: int = 0
    paid: int = 0


@dataclass(eq=False)
class Payment:
    """A spend: who paid, which coins went, and what was left owing."""

    payer: Purse
    coins: list[Bag]
    debt: Debt | None = None

    @property
    def holder(self) -> Purse:
        """Where its coins belong now: with the payer, or with whom they have gone to since."""
        parts: list[Thing] = [*self.coins, *([self.debt] if self.debt else [])]
        homes = [part.home for part in sorted(parts, key=lambda part: part.number)]
        return self.payer if self.payer in homes else homes[0]


@dataclass(eq=False)
class Purse:
    """One person's points. `coins` names for each coin the bag it came in."""

    numbers: count[int]
    bags: list[Bag] = field(default_factory=list)
    coins: list[Bag] = field(default_factory=list)
    debts: list[Debt] = field(default_factory=list)

    @property
    def balance(self) -> int:
        return len(self.open) - sum(debt.left for debt in self.debts)

    @property
    def pending(self) -> int:
        return len(self.coins) - len(self.open)

    @property
    def open(self) -> list[Bag]:
        """The coins that can be spent, in the order in which they are."""
        return sorted((bag for bag in self.coins if bag.opens is None), key=lambda bag: (bag.expires, bag.number))

    def earn(self, amount: int, expires: datetime | None, opens: datetime | None) -> Bag:
        bag = Bag(next(self.numbers), self, self, expires or NEVER, opens)
        self.bags.append(bag)
        self.coins += [bag] * amount
        self.pay_debts()
        return bag

    def spend(self, amount: int, at: datetime, may_owe: bool = False) -> Payment | None:
        """None when there is not enough."""
        self.live_until(at)
        if self.balance < amount and not may_owe:
            return None
        taken = self.open[:amount]
        for bag in taken:
            self.coins.remove(bag)
        missing = amount - len(taken)
        return Payment(self, taken, self.owe(missing) if missing else None)

    def give_back(self, payment: Payment) -> None:
        """Each coin returns to its bag where that still belongs to this person; for the others a new bag is made."""
        own = [bag for bag in payment.coins if bag.home is self]
        lost = [bag for bag in payment.coins if bag.home is not self]
        self.coins += own
        anew = len(lost)
        if payment.debt and payment.debt.home is self:
            anew += payment.debt.paid
            payment.debt.left = 0
        if anew:
            self.earn(anew, max((bag.expires for bag in lost), default=None), None)
        self.pay_debts()

    def take_back(self, bag: Bag, amount: int, at: datetime, may_owe: bool = False) -> int:
        """What was given wrongly goes, from its own bag first; how much was not there any more."""
        self.live_until(at)
        wanted = amount - bag.expired
        there = [coin for coin in self.coins if coin is bag]
        there += [coin for coin in self.open if coin is not bag]
        for coin in there[:wanted]:
            self.coins.remove(coin)
        missing = max(0, wanted - len(there))
        if missing and may_owe:
            self.owe(missing)
            return 0
        return missing

    def owe(self, amount: int) -> Debt:
        debt = Debt(next(self.numbers), self, self, amount)
        self.debts.append(debt)
        return debt

    def prove(self, bag: Bag) -> None:
        bag.opens = None
        self.pay_debts()

    def live_until(self, at: datetime) -> None:
        """What was to become available does, bag by bag; then what is over expires."""
        for bag in sorted(
            {bag for bag in self.coins if bag.opens and bag.opens <= at}, key=lambda bag: (bag.expires, bag.number)
        ):
            self.prove(bag)
        for bag in [bag for bag in self.open if bag.expires <= at]:
            bag.expired += 1
            self.coins.remove(bag)

    def pay_debts(self) -> None:
        for coin in self.open:
            debt = next((debt for debt in sorted(self.debts, key=lambda debt: debt.number) if debt.left), None)
            if debt is None:
                return
            self.coins.remove(coin)
            debt.left, debt.paid = debt.left - 1, debt.paid + 1

    def go_to(self, other: Purse, born: Purse | None = None) -> None:
        """All bags and debts go to another person, or only those that were `born` with one."""
        bags = [bag for bag in self.bags if born in {None, bag.born}]
        debts = [debt for debt in self.debts if born in {None, debt.born}]
        things: list[Thing] = [*bags, *debts]
        for thing in things:
            thing.home = other
        other.bags += bags
        other.debts += debts
        other.coins += [coin for coin in self.coins if coin in bags]
        self.coins = [coin for coin in self.coins if coin not in bags]
        self.bags = [bag for bag in self.bags if bag not in bags]
        self.debts = [debt for debt in self.debts if debt not in debts]
        other.pay_debts()
