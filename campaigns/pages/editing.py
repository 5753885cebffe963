"""What the editor shows: the blocks as fans see them, the one that is being written, what may be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort

from campaigns.pages import drafting, versions
from campaigns.pages.blocks import Block, BlockForm, known
from campaigns.pages.comparing import title_of
from campaigns.pages.media import pictures_of, videos_of
from campaigns.pages.models import CampaignPage
from campaigns.pages.rendering import Shown, shown
from campaigns.pages.usual import usual_blocks
from campaigns.planning import wording
from campaigns.planning.models import Campaign
from commons.errors import DomainError


@dataclass(frozen=True)
class Written:
    """The block that is being written, with its form: one of the page (`block_id`), or a new one at `place`."""

    kind: str
    form: BlockForm
    block_id: str = ""
    place: int = 0


@dataclass(frozen=True)
class Line:
    """One block of the editor. `lacks` are the languages, zh or en, in which it has fewer words than in the other."""

    shown: Shown
    title: str
    lacks: tuple[str, ...]


def draft_of(campaign: Campaign, page: CampaignPage | None) -> list[Block]:
    """The blocks that the team works on: the usual ones as long as nobody has begun."""
    return drafting.blocks_of(page) if page is not None else usual_blocks(campaign)


def opened(campaign: Campaign, page: CampaignPage | None, block_id: str) -> Written:
    """A block of the draft with its form as it stands; 404 for one that is not there."""
    block = next((one for one in draft_of(campaign, page) if one.id == block_id), None)
    if block is None or block.kind not in known():
        abort(404)
    return Written(block.kind, filled(campaign, block.kind, block.fields), block.id)


def begun(campaign: Campaign, kind: str, place: int) -> Written:
    """A new block with its form; 404 for a kind that there is not."""
    if kind not in known():
        abort(404)
    return Written(kind, filled(campaign, kind, known()[kind].starts_with), place=place)


def filled(campaign: Campaign, kind: str, fields: Mapping[str, Any]) -> BlockForm:
    """The form of a kind with what a block keeps."""
    values = dict(fields)
    if values.get("when"):
        values["when"] = datetime.fromisoformat(values["when"])
    form = known()[kind].form(formdata=None, campaign=campaign, data=values)
    form.make_room()
    return form


def context(
    campaign: Campaign, at: datetime, *, written: Written | None = None, refusal: DomainError | None = None
) -> dict[str, Any]:
    """Everything that the region of the editor shows."""
    page = drafting.page_of(campaign)
    blocks = draft_of(campaign, page)
    lines = [Line(one, title_of(one.block), lacking(one.block)) for one in shown(blocks, campaign, None, at)]
    out = versions.current(campaign.id)
    return {
        "campaign": campaign,
        "page": page,
        "revision": page.revision if page else 0,
        "undoable": page is not None and page.revision > 0,
        "last_act": drafting.last_act(page) if page else "",
        "lines": lines,
        "kinds": [
            kind for kind in known().values() if not (kind.once and any(one.kind == kind.name for one in blocks))
        ],
        "all_kinds": known(),
        "written": written,
        "refusal": refusal,
        "changes": refusal.changes if isinstance(refusal, drafting.Stale) else [],
        "published": out,
        "differs": page is not None and (out is None or out.blocks != page.draft),
        "state": wording.state_of(campaign, at),
        **_media(written),
    }


def lacking(block: Block) -> tuple[str, ...]:
    """The languages in which something is said only in the other."""
    texts = [block.fields, *block.fields.get("lines", ())]
    pairs = [(fields, name[:-3]) for fields in texts for name in fields if name.endswith("_zh")]
    return tuple(
        tag
        for tag, other in (("zh", "en"), ("en", "zh"))
        if any(fields.get(f"{name}_{other}") and not fields.get(f"{name}_{tag}") for fields, name in pairs)
    )


def _media(written: Written | None) -> dict[str, Any]:
    """The picture and the video that the open form has, to be shown in it."""
    if written is None:
        return {"kept_picture": None, "kept_video": None}
    fields = {name: written.form[name].data for name in ("picture", "video") if name in written.form}
    block = Block("", written.kind, fields)
    return {
        "kept_picture": next(iter(pictures_of([block]).values()), None),
        "kept_video": next(iter(videos_of([block]).values()), None),
    }
