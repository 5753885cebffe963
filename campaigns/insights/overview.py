"""The page at a glance: the headlines of a period beside those of the period before, for the screen, for paper and for files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from campaigns.insights import cohorts, complaints, figures, funnel, sources, wording
from campaigns.insights.asking import Asked
from campaigns.insights.figures import Figures, Group
from campaigns.insights.measures import MEASURES
from campaigns.intervals import Share
from commons.accounts.models import User
from commons.money import Money
from community.seed_users.models import Unit


@dataclass(frozen=True)
class Headline:
    """One number with the same of the period before: a count (`number`), or a share."""

    measure: str
    number: int
    before: int
    share: Share | None = None
    share_before: Share | None = None
    amounts: Sequence[Money] = ()

    @property
    def is_known(self) -> bool:
        """Whether there is anything to take a share of."""
        return self.share is None or self.share.trials > 0

    @property
    def change(self) -> float | None:
        """By how much a share has changed; None for a count, and where there was nothing before."""
        if self.share is None or self.share_before is None or not (self.share.trials and self.share_before.trials):
            return None
        return self.share.rate - self.share_before.rate


@dataclass(frozen=True)
class Overview:
    """Everything on the first page."""

    headlines: Sequence[Headline]
    groups: Sequence[Group]
    course: Sequence[figures.Step]
    is_empty: bool


def overview(asked: Asked, by: User) -> Overview:
    """The first page: a fixed number of queries, however long the period is."""
    now, before = figures.figures(asked.period)
    solved = complaints.share_of(complaints.people(asked.period))
    solved_before = complaints.share_of(complaints.people(asked.period.before))
    return Overview(
        headlines=[*_of_orders(now, before), _share("after_complaint", solved, solved_before)],
        groups=figures.new_customers(asked, by),
        course=figures.course(asked.period),
        is_empty=now.orders == before.orders == 0,
    )


def report(asked: Asked, by: User, at: datetime) -> Iterator[tuple[str, Iterator[Sequence[object]]]]:
    """The whole report as tables, each with its title: the numbers first, the definitions last."""
    page = overview(asked, by)
    yield _("Numbers"), _numbers(asked, page)
    yield _("New customers"), _new_customers(asked, page)
    yield _("Orders by day"), _course(page)
    yield _("Funnel"), _funnel(asked)
    yield _("Cohorts"), _values(asked, at)
    yield _("Definitions"), definitions()


def definitions() -> Iterator[Sequence[object]]:
    """Every measure in plain words."""
    yield _("Measure"), _("What it says"), _("What is counted"), _("Out of what"), _("Where it is from"), _("Beware")
    for one in MEASURES.values():
        words = (one.label, one.meaning, one.numerator, one.denominator, one.source, one.caveat)
        yield tuple(str(word) for word in words)


def _of_orders(now: Figures, before: Figures) -> Iterator[Headline]:
    yield Headline("orders", now.orders, before.orders, amounts=now.amounts)
    yield Headline("new_customers", now.new_customers, before.new_customers)
    yield _share("repeat_order_share", now.repeat_order_share, before.repeat_order_share)
    yield _share("repeat_rate", now.repeat_rate, before.repeat_rate)
    if now.nameless or before.nameless:
        yield Headline("nameless", now.nameless, before.nameless)


def _share(measure: str, now: Share, before: Share) -> Headline:
    return Headline(measure, now.hits, before.hits, now, before)


def _numbers(asked: Asked, page: Overview) -> Iterator[Sequence[object]]:
    period, before = asked.period, asked.period.before
    yield (
        _("Measure"),
        _("How many"),
        _("Out of"),
        _("Proportion"),
        _("How many before"),
        _("Out of, before"),
        _("Proportion before"),
    )
    yield _("Period"), f"{period.first} – {period.last}", "", "", f"{before.first} – {before.last}", "", ""
    yield _("Time zone"), period.zone, "", "", "", "", ""
    for one in page.headlines:
        yield (
            str(MEASURES[one.measure].label), one.number, *_out_of(one.share), one.before, *_out_of(one.share_before),
        )  # fmt: skip
        for money in one.amounts:
            yield _("Amount in %(currency)s", currency=money.currency), money.amount, "", "", "", "", ""


def _out_of(share: Share | None) -> tuple[object, object]:
    if share is None or not share.trials:
        return "", ""
    return share.trials, wording.tenths(share.rate)


def _new_customers(asked: Asked, page: Overview) -> Iterator[Sequence[object]]:
    heads = (_("New customers"), _("Proportion"), _("New customers before"), _("Proportion before"))
    yield str(wording.GROUPINGS[asked.by]), *heads
    for group in page.groups:
        now, before = group.customers, group.before
        yield group.name, now.hits, wording.tenths(now.rate), before.hits, wording.tenths(before.rate)


def _course(page: Overview) -> Iterator[Sequence[object]]:
    yield _("From"), _("To"), _("First orders"), _("Repeat orders"), _("Orders without a customer")
    for step in page.course:
        yield step.period.first.isoformat(), step.period.last.isoformat(), step.first, step.repeat, step.nameless


def _funnel(asked: Asked) -> Iterator[Sequence[object]]:
    narrowed = " · ".join(filter(None, (asked.campaign.title if asked.campaign else "", _channel(asked))))
    yield _("Step"), _("How many"), _("Share of the step before"), _("How many before"), _("What it means")
    if narrowed:
        yield _("Only"), narrowed, "", "", ""
    for step in funnel.steps(asked):
        share = wording.tenths(step.share.rate) if step.share and step.share.trials else ""
        measure = MEASURES[step.measure]
        yield str(measure.label), step.number, share, step.before, str(measure.meaning)


def _channel(asked: Asked) -> str:
    return sources.word(asked.channel) if asked.channel else ""


def _values(asked: Asked, at: datetime) -> Iterator[Sequence[object]]:
    yield _("Joined from"), _("Number of people"), _("Orders by now"), _("Amount by now, each"), _("Currency")
    for cohort in cohorts.values(Unit.MONTH, at, asked.period.zone):
        last = len(cohort.orders) - 1
        each = cohort.amount_each(last).amount
        yield cohort.first.isoformat(), cohort.people, cohort.orders[last], each, cohort.currency
