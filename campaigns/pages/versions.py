"""Versions of a page: kept once, never changed, and the way back to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import joinedload

from campaigns.pages import drafting
from campaigns.pages.blocks import Block
from campaigns.pages.models import CampaignPage, PageVersion, Publication
from commons import events
from commons.accounts.models import User
from commons.db import db
from commons.errors import Invalid


def keep(page: CampaignPage, *, revision: int, by: User, at: datetime, note: str = "") -> PageVersion:
    """Keep the draft as a version; the last one where that says the same. Raises `Stale` unless the draft is what was read,
    `Invalid` when it has no blocks.
    """
    drafting.require_unchanged(page, revision)
    if not page.draft:
        raise Invalid(_("A page needs at least one block."), _("Add one, then try again."))
    last = latest(page)
    if last is not None and last.blocks == page.draft:
        return last
    version = PageVersion(
        page=page,
        number=last.number + 1 if last else 1,
        blocks=page.draft,
        note=note.strip()[:200],
        made_by_id=by.id,
        made_at=at,
    )
    db.session.add(version)
    db.session.flush()
    events.track(
        "campaign_page.kept",
        key=f"campaign_page.kept:{version.public_id}",
        at=at,
        actor_id=by.id,
        subject=page,
        campaign_id=page.campaign_id,
        payload={"title": page.campaign.title, "number": version.number},
    )
    return version


def restore(version: PageVersion, *, revision: int, by: User, at: datetime) -> None:
    """Make the draft what this version was; fans see no difference until it is published. Raises `Stale`."""
    blocks = [Block.of(kept) for kept in version.blocks]
    drafting.replace(version.page, blocks, revision=revision, by=by, at=at)


def latest(page: CampaignPage) -> PageVersion | None:
    query = select(PageVersion).where(PageVersion.page_id == page.id).order_by(PageVersion.number.desc())
    return db.session.scalars(query.limit(1)).first()


def versions_of(page: CampaignPage, most: int = 100) -> Sequence[PageVersion]:
    """The newest versions, newest first."""
    query = select(PageVersion).where(PageVersion.page_id == page.id).options(joinedload(PageVersion.made_by))
    return db.session.scalars(query.order_by(PageVersion.number.desc()).limit(most)).all()


def current(campaign_id: int) -> PageVersion | None:
    """The version that fans see; None as long as none was published: one query."""
    query = (
        select(PageVersion)
        .join(Publication, Publication.version_id == PageVersion.id)
        .where(Publication.published_at.is_not(None), PageVersion.page_id == _page_of(campaign_id))
    )
    return db.session.scalars(query.order_by(Publication.due_at.desc(), Publication.id.desc()).limit(1)).first()


def publications_of(page: CampaignPage) -> Sequence[Publication]:
    """Everything that was published or is planned, what comes last in front."""
    query = select(Publication).where(Publication.page_id == page.id, Publication.cancelled_at.is_(None))
    query = query.options(joinedload(Publication.version), joinedload(Publication.by))
    return db.session.scalars(query.order_by(Publication.due_at.desc(), Publication.id.desc()).limit(100)).all()


def _page_of(campaign_id: int) -> ScalarSelect[int]:
    return select(CampaignPage.id).where(CampaignPage.campaign_id == campaign_id).scalar_subquery()
