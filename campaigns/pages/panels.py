"""What the room shows on the lead's board."""

from __future__ import annotations

from datetime import datetime

from campaigns.pages import drafting, versions
from campaigns.pages.experiments.reading import running_in
from campaigns.planning.models import Campaign
from commons.panels import Panel


def on_board(campaign: Campaign, _at: datetime) -> Panel:
    """Which version fans see, what is planned, which tests run."""
    page, standing = drafting.page_of(campaign), versions.current(campaign.id)
    planned = [one for one in versions.publications_of(page) if one.is_planned] if page else []
    context = {
        "campaign": campaign,
        "standing": standing,
        "differs": page is not None and standing is not None and standing.blocks != page.draft,
        "planned": planned[-1] if planned else None,
        "experiments": running_in(campaign.id),
    }
    return Panel("campaigns/pages/_on_board.html", context, order=20)
