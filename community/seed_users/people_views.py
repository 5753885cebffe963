"""All people together: who invited whom, and who stays. For the team."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext as _

from commons import jobs
from commons.db import db
from commons.paging import asked_page
from commons.permissions import Permission
from commons.web import allow, go
from community.members.facts import name_of
from community.seed_users import cohorts, lineage, retention
from community.seed_users.models import Unit
from community.seed_users.staff_views import bp, private_table
from community.seed_users.wording import GROUPS, UNITS


@bp.get("/tree")
@allow(Permission.MEMBER_READ)
def tree() -> str:
    found, number = lineage.lineage(), asked_page()
    return render_template(
        "community/seed_users/tree.html",
        found=found,
        figure=lineage.drawn(found) if found.member_ids else None,
        lines=lineage.lines(found, number),
        number=number,
        has_more=len(found.member_ids) > number * lineage.PAGE,
    )


@bp.get("/tree.csv")
@allow(Permission.MEMBER_READ)
def export_tree() -> Response:
    return private_table(list(_tree_rows()), "who-invited-whom")


@bp.get("/retention")
@allow(Permission.MEMBER_READ)
def stays() -> str:
    unit, group = _asked()
    count, found = retention.counted(unit)
    return render_template(
        "community/seed_users/retention.html",
        unit=unit,
        group=group,
        units=UNITS,
        groups=GROUPS,
        count=count,
        cohorts=found,
        columns=max((len(cohort.active[group]) for cohort in found), default=0),
        mean=cohorts.mean,
        fewest=cohorts.FEWEST,
        acts=[name_of(kind) for kind in retention.ACTS],
    )


@bp.get("/retention.csv")
@allow(Permission.MEMBER_READ)
def export_retention() -> Response:
    unit, _group = _asked()
    return private_table(list(_retention_rows(unit)), f"retention-by-{unit.value}")


@bp.post("/retention")
@allow(Permission.SEED_USER_MANAGE)
def count_again() -> Response:
    """Count now instead of next night; in the background, since there may be many people."""
    jobs.send("seed_users.count_retention")
    db.session.commit()
    flash(_("It is being counted. Reload the page in a moment."), "info")
    return go(url_for("seed_users.stays"))


def _asked() -> tuple[Unit, str]:
    unit, group = request.args.get("by", ""), request.args.get("who", "")
    return (
        Unit(unit) if unit in list(Unit) else Unit.MONTH,
        group if group in cohorts.GROUPS else cohorts.GROUPS[0],
    )


def _tree_rows() -> Iterator[Sequence[object]]:
    yield (
        _("Number"), _("Fan"), _("Invited by"), _("Seed user"), _("Came"), _("Depth"), _("Directly invited"),
        _("In all below"),
    )  # fmt: skip
    found, page = lineage.lineage(), 1
    while lines := lineage.lines(found, page):
        for line in lines:
            inviter = line.inviter.name if line.inviter is not None else ""
            since = line.since.date().isoformat()
            yield (
                line.number,
                line.member.name,
                inviter,
                int(line.is_seed),
                since,
                line.level,
                line.direct,
                line.together,
            )
        page += 1


def _retention_rows(unit: Unit) -> Iterator[Sequence[object]]:
    yield _("Joined from"), _("Who"), _("Number of people"), *(str(number) for number in range(cohorts.PERIODS))
    for cohort in retention.counted(unit)[1]:
        for group, words in GROUPS.items():
            yield cohort.first.isoformat(), str(words), cohort.people[group], *cohort.active[group]
