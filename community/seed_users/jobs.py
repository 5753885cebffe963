"""Once a day the tables of who stays are counted anew."""

from __future__ import annotations

from commons import clock, jobs
from commons.admin import brand
from community.seed_users import retention
from community.seed_users.models import Unit


@jobs.job("seed_users.count_retention", queue="default")
def count_retention() -> None:
    """Both tables, in the zone of the brand."""
    for unit in Unit:
        retention.count(unit, clock.now(), brand.current().zone)


jobs.every("seed_users.count_retention", seconds=86400)
