"""When a version becomes the page: at once, or at a wall-clock time in a zone. Planned ones are moved and cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import update

from campaigns.pages.models import PageVersion, Publication
from campaigns.pages.versions import current
from commons import events, jobs, zones
from commons.accounts.models import User
from commons.db import changed, db
from commons.errors import Conflict, Invalid
from commons.jobs.leasing import take_due

FURTHEST = timedelta(days=2 * 366)
LEASE = timedelta(minutes=10)
MINUTES = "%Y-%m-%dT%H:%M"


class AlreadyOut(Conflict):
    """It has been published meanwhile, or was cancelled: there is nothing to move."""


def publish(version: PageVersion, zone: str, *, by: User, at: datetime) -> Publication | None:
    """Make a version the page, now. One that is the page already stays it, and None is returned."""
    standing = current(version.page.campaign_id)
    if standing is not None and standing.id == version.id:
        return None
    local = zones.to_local(at, zone)
    made = _publication(version, local, zone, at, by, at)
    _go_out(made.id, at)
    db.session.refresh(made)
    return made


def schedule(version: PageVersion, wall_clock: datetime, zone: str, *, by: User, at: datetime) -> Publication:
    """Plan a version for the moment at which a clock on the wall in `zone` shows `wall_clock`. `Invalid` for a moment that
    is over or more than two years away.
    """
    due = _moment(wall_clock, zone, at)
    made = _publication(version, wall_clock, zone, due, by, at)
    _tell("campaign_page.scheduled", made, by, at)
    return made


def move(publication: Publication, wall_clock: datetime, zone: str, *, by: User, at: datetime) -> None:
    """Plan it for another time. Raises `AlreadyOut`, and what `schedule` raises."""
    due = _moment(wall_clock, zone, at)
    values = {"wall_clock": wall_clock.strftime(MINUTES), "zone": zone, "due_at": due, "live_due_at": due}
    _change_planned(publication, values)
    _tell("campaign_page.moved", publication, by, at)


def cancel(publication: Publication, *, by: User, at: datetime) -> None:
    """It will not come. Cancelling twice is once; raises `AlreadyOut` when it is out."""
    if publication.cancelled_at is not None:
        return
    _change_planned(publication, {"cancelled_at": at, "live_due_at": None})
    _tell("campaign_page.cancelled", publication, by, at)


def claim(at: datetime, limit: int) -> Sequence[int]:
    """Take up to `limit` planned publications that are due, for ten minutes."""
    return take_due(Publication.live_due_at, at, limit, lease=LEASE)


def run(publication_id: int, at: datetime) -> None:
    """Publish one that is due. One that was moved, cancelled or published meanwhile is left alone."""
    _go_out(publication_id, at)


def register() -> None:
    jobs.sweep("pages.publish", claim=claim, run=run)


def _go_out(publication_id: int, at: datetime) -> None:
    due = (
        Publication.id == publication_id,
        Publication.published_at.is_(None),
        Publication.cancelled_at.is_(None),
        Publication.due_at <= at,
    )
    if changed(update(Publication).where(*due).values(published_at=at, live_due_at=None)) == 0:
        return
    publication = db.session.get_one(Publication, publication_id, populate_existing=True)
    _tell("campaign_page.published", publication, publication.by, at)


def _publication(
    version: PageVersion, wall_clock: datetime, zone: str, due: datetime, by: User, at: datetime
) -> Publication:
    made = Publication(
        page=version.page,
        version=version,
        wall_clock=wall_clock.strftime(MINUTES),
        zone=zone,
        due_at=due,
        live_due_at=due,
        by=by,
        asked_at=at,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _change_planned(publication: Publication, values: dict[str, object]) -> None:
    planned = (
        Publication.id == publication.id,
        Publication.published_at.is_(None),
        Publication.cancelled_at.is_(None),
    )
    if changed(update(Publication).where(*planned).values(**values)) == 0:
        raise AlreadyOut(_("It is out already, or was cancelled."), _("Reload the page to see how it stands now."))
    db.session.refresh(publication)


def _moment(wall_clock: datetime, zone: str, at: datetime) -> datetime:
    due = zones.to_utc(wall_clock, zone)
    if due <= at:
        raise Invalid(_("This time is over already."), _("Choose a later one, or publish now."))
    if due > at + FURTHEST:
        raise Invalid(_("Choose a time within the next two years."))
    return due


def _tell(kind: str, publication: Publication, by: User, at: datetime) -> None:
    page = publication.page
    events.track(
        kind,
        key=f"{kind}:{publication.public_id}:{at.isoformat()}",
        at=at,
        actor_id=by.id,
        subject=page,
        campaign_id=page.campaign_id,
        payload={
            "title": page.campaign.title,
            "number": publication.version.number,
            "when": f"{publication.wall_clock.replace('T', ' ')} {publication.zone}",
        },
    )
