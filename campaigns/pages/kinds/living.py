"""Blocks that follow what happens: missions, the most active, featured entries, group buys, a countdown, posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import NumberRange, ValidationError
from wtforms.validators import Optional as MayBeEmpty

from campaigns.groupbuys.models import GroupBuy
from campaigns.groupbuys.reading import of_campaign
from campaigns.pages import slots
from campaigns.pages.blocks import Block, BlockForm, BlockKind, Scene, words
from campaigns.participation import reading
from campaigns.planning import slots as of_planning
from campaigns.planning import wording
from campaigns.planning.missions import kinds
from campaigns.planning.models import Campaign
from commons import zones
from commons.forms import CountField, WallClockField, ZoneField
from commons.panels import in_order
from community.circle.feed import posts_of_campaign
from community.loyalty.ranking.boards import named
from community.reviews import featuring

MOST_LINES = 50
Read = Mapping[str, Mapping[str, Any]]


class HeadingForm(BlockForm):
    """For blocks that bring their content themselves."""

    title_zh, title_en = words(_l("Heading"), most=120)


class CountedForm(HeadingForm):
    most = CountField(_l("How many at most"), validators=[NumberRange(1, MOST_LINES)], default=6)


def alike(blocks: Sequence[Block], context: Mapping[str, Any]) -> Read:
    """Every one of the blocks shows the same."""
    return {block.id: context for block in blocks}


def most_of(blocks: Sequence[Block]) -> int:
    return max(int(block.fields["most"]) for block in blocks)


class Missions(BlockKind):
    """The missions of the campaign, with how far the visitor is."""

    name = "missions"
    label = _l("Missions")
    hint = _l("What fans can do, and how far each of them is.")
    icon = "checklist"
    form = HeadingForm
    template = "campaigns/pages/kinds/missions.html"
    once = True

    def read(self, blocks: Sequence[Block], scene: Scene) -> Read:
        missions = reading.progress_of(scene.member, scene.campaign.missions)
        state = wording.state_of(scene.campaign, scene.at)
        return alike(blocks, {"missions": missions, "icons": kinds.icons(), "state": state})


class Leaderboard(BlockKind):
    """Who is most active in the campaign. Whoever stands on no board by name is not named here either."""

    name = "leaderboard"
    label = _l("Leaderboard")
    hint = _l("The most active fans of the campaign, as far as they want to be named.")
    icon = "trophy"
    form = CountedForm
    template = "campaigns/pages/kinds/leaderboard.html"
    starts_with: ClassVar[Mapping[str, Any]] = {"most": 10}

    def read(self, blocks: Sequence[Block], scene: Scene) -> Read:
        rows = reading.top(scene.campaign, most_of(blocks))
        shown = named([row.member_id for row in rows])
        lines = [(shown.get(row.member_id), row.facts) for row in rows]
        return {block.id: {"lines": lines[: int(block.fields["most"])]} for block in blocks}


class Gallery(BlockKind):
    """What people handed in and we recommend."""

    name = "gallery"
    label = _l("Gallery of featured entries")
    hint = _l("What fans handed in and you featured.")
    icon = "star"
    form = CountedForm
    template = "campaigns/pages/kinds/gallery.html"
    starts_with: ClassVar[Mapping[str, Any]] = {"most": 6}

    def read(self, blocks: Sequence[Block], scene: Scene) -> Read:
        most = most_of(blocks)
        found = (plug(scene.campaign, scene.at, most) for plug in slots.galleries)
        entries: Sequence[slots.Entry] = next(filter(None, found), ())
        return {block.id: {"entries": entries[: int(block.fields["most"])]} for block in blocks}


def featured_shares(_campaign: Campaign, at: datetime, most: int) -> list[slots.Entry]:
    """What stands featured on top of what fans share."""
    shares = [feature.submission for feature in featuring.showing("shares", at)[:most]]
    return [
        slots.Entry(
            author=share.member.name,
            text=share.text,
            url=share.url,
            picture_url=share.pictures[0].thumb_url if share.pictures else "",
            picture_alt=share.pictures[0].alt if share.pictures else "",
        )
        for share in shares
    ]


class GroupBuyForm(HeadingForm):
    offer = SelectField(_l("Which group buy"), default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offers = of_campaign(self.campaign.id) if self.campaign else ()
        self.offer.choices = {"": str(_l("All of the campaign"))} | {one.public_id: one.title for one in offers}


class GroupBuys(BlockKind):
    """The campaign's group buys, or one of them."""

    name = "group_buy"
    label = _l("Group buy")
    hint = _l("The group buys of the campaign with price, people and time left.")
    icon = "shopping-bag"
    form = GroupBuyForm
    template = "campaigns/pages/kinds/group_buy.html"

    def read(self, blocks: Sequence[Block], scene: Scene) -> Read:
        offers = of_campaign(scene.campaign.id)
        return {block.id: {"offers": _chosen(offers, block.fields.get("offer", ""))} for block in blocks}


def _chosen(offers: Sequence[GroupBuy], public_id: str) -> list[GroupBuy]:
    return [offer for offer in offers if public_id in ("", offer.public_id)]


class CountdownForm(HeadingForm):
    to = SelectField(
        _l("Until when"),
        choices=lambda: [("end", _l("The end of the campaign")), ("start", _l("The beginning of the campaign")), ("own", _l("A time of its own"))],
    )  # fmt: skip
    when = WallClockField(_l("Time of its own"), validators=[MayBeEmpty()])
    zone = ZoneField()
    over_zh, over_en = words(_l("What stands there afterwards"), most=200)

    def validate_when(self, field: WallClockField) -> None:
        if self.to.data == "own" and not field.data and not field.errors:
            raise ValidationError(_l("Choose the time."))


class Countdown(BlockKind):
    """How much time is left until the end, the beginning, or a time of its own."""

    name = "countdown"
    label = _l("Countdown")
    hint = _l("How much time is left; it runs by itself.")
    icon = "clock"
    form = CountdownForm
    template = "campaigns/pages/kinds/countdown.html"
    starts_with: ClassVar[Mapping[str, Any]] = {"to": "end"}

    def read(self, blocks: Sequence[Block], scene: Scene) -> Read:
        return {block.id: self._left(block, scene) for block in blocks}

    def _left(self, block: Block, scene: Scene) -> Mapping[str, Any]:
        until = deadline(block.fields, scene.campaign)
        return {"until": until, "is_over": until <= scene.at}


def deadline(fields: Mapping[str, Any], campaign: Campaign) -> datetime:
    """The moment that a countdown runs to."""
    if fields["to"] == "own":
        return zones.to_utc(datetime.fromisoformat(fields["when"]), fields["zone"])
    return campaign.starts_at if fields["to"] == "start" else campaign.ends_at


class Posts(BlockKind):
    """The campaign's posts in the circle, the newest first."""

    name = "posts"
    label = _l("Posts of the campaign")
    hint = _l("What stands in the circle for this campaign, the newest first.")
    icon = "message-circle"
    form = CountedForm
    template = "campaigns/pages/kinds/posts.html"
    starts_with: ClassVar[Mapping[str, Any]] = {"most": 20}

    def read(self, blocks: Sequence[Block], scene: Scene) -> Read:
        posts = posts_of_campaign(scene.campaign.id, most_of(blocks))
        return {block.id: {"posts": posts[: int(block.fields["most"])]} for block in blocks}


class More(BlockKind):
    """What other rooms bring to the campaign, such as draws. A page without this block shows it at its end."""

    name = "more"
    label = _l("Draws and more")
    hint = _l("What else belongs to the campaign, such as its draws. Without this block it stands at the end.")
    icon = "ticket"
    form = BlockForm
    template = "campaigns/pages/kinds/more.html"
    once = True

    def read(self, blocks: Sequence[Block], scene: Scene) -> Read:
        panels = in_order(plug(scene.campaign, scene.at) for plug in of_planning.page_panels)
        return alike(blocks, {"panels": panels})

    def summary(self, block: Block) -> str:
        return ""
