"""What the visits of a link come to: people, uniques, where they came from, and how its targets compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, distinct, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from campaigns.intervals import Difference, Share
from campaigns.links.conversions.models import Conversion
from campaigns.links.models import Hit, Link, Verdict, Way
from commons.db import db

MOST_LINES = 10


@dataclass(frozen=True)
class Line:
    """So many people with one `value`: a device, a region, a site. `share` is of all people of the link."""

    value: str
    people: int
    share: float


@dataclass(frozen=True)
class Outcome:
    """What one target brought: visits by people, and the orders of those. `way` None is the main target; `against` compares an
    A/B way with it.
    """

    way: Way | None
    people: int
    share: Share
    against: Difference | None


def uniques(link: Link) -> int:
    """Different visitors, each counted once a day: a mark is the same for one UTC day and no longer."""
    seen = select(func.count(distinct(Hit.visitor))).where(_people(link))
    return db.session.scalar(seen) or 0


def breakdowns(link: Link) -> dict[str, Sequence[Line]]:
    """People by the site that they came from, device, language and region."""
    return {
        "sites": sites(link),
        "devices": _lines(link, Hit.device),
        "languages": _lines(link, Hit.language),
        "regions": _lines(link, Hit.region),
    }


def sites(link: Link) -> Sequence[Line]:
    """The sites that people came from, by host; empty for those who came from none."""
    counted = db.session.execute(_grouped(link, Hit.referrer)).all()
    by_site: dict[str, int] = {}
    for referrer, count in counted:
        site = referrer.partition("://")[2].partition("/")[0].removeprefix("www.") if "://" in referrer else ""
        by_site[site] = by_site.get(site, 0) + count
    return _shown(sorted(by_site.items(), key=lambda pair: (-pair[1], pair[0])))


def outcomes(link: Link) -> Sequence[Outcome]:
    """The main target and each A/B way with visits by people and orders; empty for a link without A/B ways.

    An order counts for the way that the visit took which it names. Orders that name only the link count for none.
    """
    ways = [way for way in link.ways if way.weight is not None]
    if not ways:
        return []
    people = people_by_way(link)
    orders = _by_way(
        select(Hit.way_id, func.count(distinct(Conversion.hit_uid)))
        .join(Conversion, Conversion.hit_uid == Hit.uid)
        .where(_people_of_all(link))
        .group_by(Hit.way_id)
    )
    main = Share(orders.get(None, 0), people.get(None, 0))
    found = [Outcome(None, main.trials, main, None)]
    for way in ways:
        share = Share(orders.get(way.id, 0), people.get(way.id, 0))
        against = Difference(share, main) if share.trials and main.trials else None
        found.append(Outcome(way, share.trials, share, against))
    return found


def people_by_way(link: Link) -> dict[int | None, int]:
    """Visits by people by the way that they took, also through the link as posts show it; None is the main target."""
    return _by_way(select(Hit.way_id, func.count()).where(_people_of_all(link)).group_by(Hit.way_id))


def _by_way(query: Any) -> dict[int | None, int]:
    return dict(db.session.execute(query).all())


def _people(link: Link) -> ColumnElement[bool]:
    return (Hit.link_id == link.id) & (Hit.verdict == Verdict.HUMAN)


def _people_of_all(link: Link) -> ColumnElement[bool]:
    """People who came by the link itself, or by it as a post on some channel shows it."""
    ids = select(Link.id).where(or_(Link.id == link.id, Link.origin_id == link.id))
    return Hit.link_id.in_(ids) & (Hit.verdict == Verdict.HUMAN)


def _lines(link: Link, column: InstrumentedAttribute[str]) -> Sequence[Line]:
    return _shown([(value, count) for value, count in db.session.execute(_grouped(link, column))])


def _grouped(link: Link, column: InstrumentedAttribute[str]) -> Any:
    return select(column, func.count()).where(_people(link)).group_by(column).order_by(func.count().desc(), column)


def _shown(counted: Sequence[tuple[str, int]]) -> Sequence[Line]:
    whole = sum(count for _value, count in counted)
    return [Line(value, count, count / whole) for value, count in counted[:MOST_LINES]]
