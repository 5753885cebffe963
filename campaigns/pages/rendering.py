"""From blocks to what a fan sees. However many blocks, each kind reads once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import render_template
from markupsafe import Markup

from campaigns.pages.blocks import Block, BlockKind, Scene, known
from campaigns.pages.media import pictures_of, videos_of
from campaigns.participation import reading
from campaigns.planning import wording
from campaigns.planning.models import Campaign
from commons.panels import Panel
from community.members.models import Member

REST = "more"
"""The kind that shows what other rooms bring: draws have to be found, so a page without it shows it at its end."""


@dataclass(frozen=True)
class Shown:
    """A block ready to be shown; `kind` None: of a kind that there is not (any more)."""

    block: Block
    kind: BlockKind | None
    scene: Scene
    context: Mapping[str, Any] = field(default_factory=dict)

    def html(self) -> Markup:
        """The block as markup; empty when there is nothing to show at the moment."""
        if self.kind is None:
            return Markup()
        page = render_template(self.kind.template, block=self.block, scene=self.scene, **self.context)
        return Markup(page.strip())  # noqa: S704 (a template escapes what it shows)


def shown(blocks: Sequence[Block], campaign: Campaign, member: Member | None, at: datetime) -> list[Shown]:
    """The blocks with what they read for this visitor at this moment."""
    scene = Scene(campaign, member, at, pictures_of(blocks), videos_of(blocks))
    kinds, contexts = known(), dict[str, Mapping[str, Any]]()
    for name, kind in kinds.items():
        of_kind = [block for block in blocks if block.kind == name]
        if of_kind:
            contexts |= kind.read(of_kind, scene)
    return [Shown(block, kinds.get(block.kind), scene, contexts.get(block.id, {})) for block in blocks]


def fans_page(blocks: Sequence[Block], campaign: Campaign, member: Member | None, at: datetime) -> Panel:
    """The whole page as fans see it, without the frame of the site."""
    if all(block.kind != REST for block in blocks):
        blocks = [*blocks, Block(REST, REST)]
    context = {
        "campaign": campaign,
        "blocks": shown(blocks, campaign, member, at),
        "state": wording.state_of(campaign, at),
        "standing": reading.standing(campaign, at),
    }
    return Panel("campaigns/pages/_page.html", context)
