"""Working on the draft of a page. Every change counts one revision further and can be undone.

Whoever changes a page says which `revision` was read. Two people may work on different blocks at once; where both touched
the same, the second is refused (`Stale`) and told what the first did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from campaigns.pages import media
from campaigns.pages.blocks import Block, known
from campaigns.pages.comparing import Change, changes
from campaigns.pages.models import CampaignPage, PageEdit
from campaigns.pages.usual import usual_blocks
from campaigns.planning.models import Campaign
from commons import events
from commons.accounts.models import User
from commons.db import db, insert_new
from commons.errors import Conflict, Invalid

MOST_BLOCKS = 40
KEPT_EDITS = 100

Edit = Callable[[list[Block]], list[Block]]


class Stale(Conflict):
    """Somebody has changed the same since it was read: `changes` says what, `who` did it last."""

    def __init__(self, found: Sequence[Change], who: str) -> None:
        super().__init__(
            _("%(who)s has changed this in the meantime. Nothing of yours is lost.", who=who),
            _("Look at what changed, then do it once more."),
        )
        self.changes = found
        self.who = who


class NoSuchBlock(Conflict):
    """The block is not in the draft any more."""


def page_of(campaign: Campaign) -> CampaignPage | None:
    """The page that somebody has begun to write; None as long as nobody has."""
    return db.session.scalars(select(CampaignPage).where(CampaignPage.campaign_id == campaign.id)).one_or_none()


def begun(campaign: Campaign, *, by: User, at: datetime) -> CampaignPage:
    """The campaign's page, locked until the commit; begun with the usual blocks where there is none."""
    query = select(CampaignPage).where(CampaignPage.campaign_id == campaign.id).with_for_update()
    query = query.execution_options(populate_existing=True)
    found = db.session.scalars(query).one_or_none()
    if found is not None:
        return found
    blocks = [block.as_json() for block in usual_blocks(campaign)]
    row = {"campaign_id": campaign.id, "draft": blocks, "changed_by_id": by.id, "changed_at": at}
    if insert_new(CampaignPage, row) is not None:
        page = db.session.scalars(query).one()
        _remember(page, "begin", by, at)
        _tell("campaign_page.begun", page, by, at)
        return page
    return db.session.scalars(query).one()


def blocks_of(page: CampaignPage) -> list[Block]:
    return [Block.of(kept) for kept in page.draft]


def add(page: CampaignPage, kind: str, fields: Mapping[str, Any], place: int, *, by: User, at: datetime) -> Block:
    """Put a new block at `place` (counted from 0; anything behind the end is the end). `Invalid` for one too many."""
    block = Block.new(kind, fields)
    _require_room(blocks_of(page), kind)
    _write(page, lambda blocks: [*blocks[: max(place, 0)], block, *blocks[max(place, 0) :]], "add", by, at)
    return block


def change(
    page: CampaignPage, block_id: str, fields: Mapping[str, Any], *, revision: int, by: User, at: datetime
) -> None:
    """Give a block other fields. Raises `Stale` when the block was changed or removed since `revision`."""
    _require_fresh(page, revision, block_id)
    _require_known(page, block_id)
    wanted = dict(fields)
    _write(page, lambda blocks: [_with(one, wanted) if one.id == block_id else one for one in blocks], "change", by, at)


def move(page: CampaignPage, block_id: str, place: int, *, revision: int, by: User, at: datetime) -> None:
    """Put a block at `place` among the others; at the ends it stays. Raises `Stale` when the order changed since."""
    _require_fresh(page, revision)
    _require_known(page, block_id)
    _write(page, lambda blocks: _moved(blocks, block_id, place), "move", by, at)


def duplicate(page: CampaignPage, block_id: str, *, revision: int, by: User, at: datetime) -> Block:
    """Put a copy of a block behind it. Raises `Stale`, and `Invalid` for a kind of which a page has one."""
    _require_fresh(page, revision, block_id)
    source = _require_known(page, block_id)
    copy = Block.new(source.kind, source.fields)
    _require_room(blocks_of(page), source.kind)
    place = [one.id for one in blocks_of(page)].index(block_id) + 1
    _write(page, lambda blocks: [*blocks[:place], copy, *blocks[place:]], "duplicate", by, at)
    return copy


def remove(page: CampaignPage, block_id: str, *, revision: int, by: User, at: datetime) -> None:
    """Take a block out; undoing brings it back. One that is gone already is no matter."""
    if all(one.id != block_id for one in blocks_of(page)):
        return
    _require_fresh(page, revision, block_id)
    _write(page, lambda blocks: [one for one in blocks if one.id != block_id], "remove", by, at)


def undo(page: CampaignPage, *, revision: int, by: User, at: datetime) -> None:
    """Take the change that led to `revision` back; itself a change, so undoing it brings the other back. Raises `Stale`
    when somebody changed anything since.
    """
    if page.revision != revision:
        raise _stale(page, edit_at(page, revision))
    before = edit_at(page, revision - 1)
    if before is None:
        raise Conflict(_("There is nothing to undo."))
    blocks = [Block.of(kept) for kept in before.blocks]
    _write(page, lambda _now: blocks, "undo", by, at)


def replace(page: CampaignPage, blocks: Sequence[Block], *, revision: int, by: User, at: datetime) -> None:
    """Make the draft these blocks. Raises `Stale` when anything changed since `revision`."""
    require_unchanged(page, revision)
    _write(page, lambda _now: list(blocks), "restore", by, at)


def require_unchanged(page: CampaignPage, revision: int) -> None:
    """Raises `Stale` unless the draft is what was read."""
    if page.revision != revision:
        raise _stale(page, edit_at(page, revision))


def edit_at(page: CampaignPage, revision: int) -> PageEdit | None:
    """How the draft stood at a revision; None when that is too long ago."""
    query = select(PageEdit).where(PageEdit.page_id == page.id, PageEdit.revision == revision)
    return db.session.scalars(query).one_or_none()


def last_act(page: CampaignPage) -> str:
    """What the last change did: add, change, move, duplicate, remove, undo, restore or begin."""
    edit = edit_at(page, page.revision)
    return edit.act if edit else ""


def _require_fresh(page: CampaignPage, revision: int, block_id: str = "") -> None:
    """Nobody has changed this block since (or, without one, the order of them)."""
    if page.revision == revision:
        return
    read = edit_at(page, revision)
    if read is None:
        raise _stale(page, None)
    then, now = [Block.of(kept) for kept in read.blocks], blocks_of(page)
    if block_id:
        touched = _named(then, block_id) != _named(now, block_id)
    else:
        touched = [one.id for one in then] != [one.id for one in now]
    if touched:
        raise _stale(page, read)


def _stale(page: CampaignPage, read: PageEdit | None) -> Stale:
    found = changes(read.blocks, page.draft) if read is not None else []
    return Stale(found, page.changed_by.name)


def _named(blocks: Sequence[Block], block_id: str) -> Block | None:
    return next((one for one in blocks if one.id == block_id), None)


def _require_known(page: CampaignPage, block_id: str) -> Block:
    found = _named(blocks_of(page), block_id)
    if found is None:
        raise NoSuchBlock(_("This block is no longer there."), _("Reload the page to see how it stands now."))
    return found


def _require_room(blocks: Sequence[Block], kind: str) -> None:
    if len(blocks) >= MOST_BLOCKS:
        raise Invalid(_("A page has at most %(count)s blocks.", count=MOST_BLOCKS))
    found = known().get(kind)
    if found is None:
        raise Invalid(_("There is no such kind of block."))
    if found.once and any(one.kind == kind for one in blocks):
        raise Invalid(_("A page has one block “%(kind)s” at most.", kind=found.label))


def _with(block: Block, fields: Mapping[str, Any]) -> Block:
    return Block(block.id, block.kind, fields)


def _moved(blocks: list[Block], block_id: str, place: int) -> list[Block]:
    block = _named(blocks, block_id)
    rest = [one for one in blocks if one.id != block_id]
    at = min(max(place, 0), len(rest))
    return [*rest[:at], *([block] if block else []), *rest[at:]]


def _write(page: CampaignPage, edit: Edit, act: str, by: User, at: datetime) -> None:
    """What changes nothing is no change."""
    blocks = edit(blocks_of(page))
    draft = [block.as_json() for block in blocks]
    if draft == page.draft:
        return
    page.draft = draft
    page.revision += 1
    page.changed_by_id, page.changed_at = by.id, at
    db.session.flush()
    media.hold(page, blocks)
    _remember(page, act, by, at)


def _remember(page: CampaignPage, act: str, by: User, at: datetime) -> None:
    db.session.add(PageEdit(page_id=page.id, revision=page.revision, act=act, blocks=page.draft, by_id=by.id, at=at))
    db.session.execute(
        delete(PageEdit).where(PageEdit.page_id == page.id, PageEdit.revision <= page.revision - KEPT_EDITS)
    )
    db.session.flush()


def _tell(kind: str, page: CampaignPage, by: User, at: datetime) -> None:
    events.track(
        kind,
        key=f"{kind}:{page.public_id}",
        at=at,
        actor_id=by.id,
        subject=page,
        campaign_id=page.campaign_id,
        payload={"title": page.campaign.title},
    )
