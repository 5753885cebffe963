"""Secret addresses under which somebody without an account looks at a draft, for some days."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.pages.models import CampaignPage, PageShare
from commons import events
from commons.accounts.models import User
from commons.db import db, random_id
from commons.errors import Gone

DAYS = (1, 3, 7, 14)
SECRET_LENGTH = 32


def share(page: CampaignPage, days: int, *, by: User, at: datetime) -> tuple[PageShare, str]:
    """A new address and its secret, which is not kept: it can be read this once."""
    secret = random_id(SECRET_LENGTH)
    made = PageShare(
        page=page, secret_sha256=_digest(secret), made_by=by, made_at=at, ends_at=at + timedelta(days=days)
    )
    db.session.add(made)
    db.session.flush()
    _tell("campaign_page.shared", made, by, at)
    return made, secret


def end(made: PageShare, *, by: User, at: datetime) -> None:
    """From now on the address shows nothing. Ending twice is once."""
    if not made.is_over(at):
        made.ended_at = at
        db.session.flush()
        _tell("campaign_page.share_ended", made, by, at)


def opened(secret: str, at: datetime) -> PageShare | None:
    """What the secret opens; None when there is no such, `Gone` when its time is over."""
    query = select(PageShare).where(PageShare.secret_sha256 == _digest(secret)).options(joinedload(PageShare.page))
    found = db.session.scalars(query).one_or_none()
    if found is not None and found.is_over(at):
        raise Gone(_("This preview is over."), _("Ask whoever sent it to you for a new one."))
    return found


def open_shares(page: CampaignPage, at: datetime) -> Sequence[PageShare]:
    """The addresses that still open the draft, the one that ends last in front."""
    query = select(PageShare).where(PageShare.page_id == page.id, PageShare.ended_at.is_(None), PageShare.ends_at > at)
    return db.session.scalars(query.order_by(PageShare.ends_at.desc()).options(joinedload(PageShare.made_by))).all()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _tell(kind: str, made: PageShare, by: User, at: datetime) -> None:
    events.track(
        kind,
        key=f"{kind}:{made.public_id}",
        at=at,
        actor_id=by.id,
        subject=made.page,
        campaign_id=made.page.campaign_id,
        payload={"title": made.page.campaign.title},
    )
