"""A post as cells. The same cells are exported, compared with an imported row, and shown in its diff."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from campaigns.links.making import address_of
from campaigns.links.models import Link
from campaigns.planning.models import Campaign
from campaigns.posts.exchange.columns import COLUMNS, STATES
from campaigns.posts.models import BrandPost
from campaigns.posts.standing import standing
from campaigns.publishing.models import Delivery, DeliveryState
from community.channels.models import ChannelAccount

PART_MARK = "---"
BETWEEN = "; "

Cells = dict[str, str]


def cells_of(post: BrandPost, deliveries: Sequence[Delivery], titles: set[str]) -> Cells:
    """What each column holds for the post. `titles` are those that only one campaign has; others go by their id."""
    wall_clock, zone = planned(deliveries)
    return {
        "id": post.public_id,
        "text": post.text,
        "parts": parts_cell(post.more or []),
        "first_comment": post.first_comment,
        "content_warning": post.content_warning,
        "channels": channels_cell(variant.account for variant in post.variants),
        "campaign": campaign_cell(post.campaign, titles),
        "labels": BETWEEN.join(sorted(label.name for label in post.labels)),
        "when": when_cell(wall_clock),
        "zone": zone,
        "state": standing(delivery.state for delivery in deliveries).value,
        "link": link_cell(post.link),
    }


def outside(cells: Cells) -> list[str]:
    """The cells in their order, as a file holds them: the state in the reader's language."""
    shown = {**cells, "state": str(STATES[DeliveryState(cells["state"])])}
    return [shown[name] for name in COLUMNS]


def planned(deliveries: Sequence[Delivery]) -> tuple[datetime | None, str]:
    """When the post goes out, or went: the earliest of its deliveries that have a time."""
    timed = [one for one in deliveries if one.due_at is not None and one.wall_clock and one.zone]
    if not timed:
        return None, ""
    first = min(timed, key=lambda one: (one.state is DeliveryState.CANCELLED, one.due_at, one.id))
    return datetime.fromisoformat(str(first.wall_clock)), str(first.zone)


def parts_cell(parts: Iterable[str]) -> str:
    """The parts of a thread, a line of three hyphens between them; such a line in a part gets a backslash before it."""
    return f"\n{PART_MARK}\n".join("\n".join(_marked(line) for line in str(part).split("\n")) for part in parts)


def parts_in(cell: str) -> list[str]:
    """What `parts_cell` was given, less empty parts."""
    parts: list[list[str]] = [[]]
    for line in cell.replace("\r\n", "\n").split("\n"):
        if line.strip() == PART_MARK:
            parts.append([])
        else:
            parts[-1].append(line[1:] if line.strip("\\") == PART_MARK else line)
    return [text for text in ("\n".join(lines).strip() for lines in parts) if text]


def channels_cell(accounts: Iterable[ChannelAccount]) -> str:
    return BETWEEN.join(account_word(account) for account in sorted(accounts, key=lambda one: one.id))


def account_word(account: ChannelAccount) -> str:
    """The circle by its name alone, every other account as `channel:account`."""
    return account.channel if account.external_id == account.channel else f"{account.channel}:{account.external_id}"


def campaign_cell(campaign: Campaign | None, titles: set[str]) -> str:
    if campaign is None:
        return ""
    return campaign.title if campaign.title in titles else campaign.public_id


def when_cell(wall_clock: datetime | None) -> str:
    """To the minute, or to the second where that says more."""
    return f"{wall_clock:%Y-%m-%d %H:%M:%S}".removesuffix(":00") if wall_clock else ""


def link_cell(link: Link | None) -> str:
    return address_of(link) if link else ""


def _marked(line: str) -> str:
    return f"\\{line}" if line.strip("\\") == PART_MARK else line
