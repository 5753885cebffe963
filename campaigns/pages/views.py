"""The editor of a campaign's page. Every verb answers with the region of the editor, to scripts and to plain forms alike."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user

from campaigns.pages import drafting, editing, media
from campaigns.pages.blocks import BlockForm, known
from campaigns.pages.drafting import MOST_BLOCKS
from campaigns.pages.editing import Written
from campaigns.planning.models import Campaign
from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.media.uploads import takes_videos
from commons.permissions import Permission
from commons.security import csp
from commons.web import allow, go, is_htmx, one_or_404

bp = Blueprint("pages", __name__, url_prefix="/pages")


@bp.get("/<public_id>")
@allow(Permission.PAGE_WRITE)
def editor(public_id: str) -> Response:
    """The page as fans see it, with what may be done to each block; `?edit=` opens one, `?add=&place=` a new one."""
    campaign = campaign_named(public_id)
    written = None
    if "edit" in request.args:
        written = editing.opened(campaign, drafting.page_of(campaign), request.args["edit"])
    elif "add" in request.args:
        written = editing.begun(campaign, request.args["add"], number("place", MOST_BLOCKS))
    return answer(campaign, written=written)


@bp.post("/<public_id>/blocks")
@allow(Permission.PAGE_WRITE)
@takes_videos
def add(public_id: str) -> Response:
    campaign, kind = campaign_named(public_id), request.form.get("kind", "")
    written = editing.begun(campaign, kind, number("place", MOST_BLOCKS))
    return _save(campaign, written)


@bp.post("/<public_id>/blocks/<block_id>")
@allow(Permission.PAGE_WRITE)
@takes_videos
def change(public_id: str, block_id: str) -> Response:
    """Also of a block that somebody has removed meanwhile: what was typed is then offered as a new one."""
    campaign = campaign_named(public_id)
    draft = editing.draft_of(campaign, drafting.page_of(campaign))
    kind = next((block.kind for block in draft if block.id == block_id), request.form.get("kind", ""))
    return _save(campaign, Written(kind, editing.begun(campaign, kind, 0).form, block_id))


@bp.post("/<public_id>/blocks/<block_id>/move")
@allow(Permission.PAGE_WRITE)
def move(public_id: str, block_id: str) -> Response:
    """Up or down by a button (`place` is where it goes), or wherever it was dropped."""
    campaign, at, place = campaign_named(public_id), clock.now(), number("place", 0)
    page = drafting.begun(campaign, by=current_user, at=at)
    return _done(
        campaign,
        lambda: drafting.move(page, block_id, place, revision=_revision(), by=current_user, at=at),
        block_id,
    )


@bp.post("/<public_id>/blocks/<block_id>/duplicate")
@allow(Permission.PAGE_WRITE)
def duplicate(public_id: str, block_id: str) -> Response:
    campaign, at = campaign_named(public_id), clock.now()
    page = drafting.begun(campaign, by=current_user, at=at)
    return _done(
        campaign, lambda: drafting.duplicate(page, block_id, revision=_revision(), by=current_user, at=at), block_id
    )


@bp.post("/<public_id>/blocks/<block_id>/remove")
@allow(Permission.PAGE_WRITE)
def remove(public_id: str, block_id: str) -> Response:
    campaign, at = campaign_named(public_id), clock.now()
    page = drafting.begun(campaign, by=current_user, at=at)
    return _done(campaign, lambda: drafting.remove(page, block_id, revision=_revision(), by=current_user, at=at))


@bp.post("/<public_id>/undo")
@allow(Permission.PAGE_WRITE)
def undo(public_id: str) -> Response:
    """Take the last change back."""
    campaign, at = campaign_named(public_id), clock.now()
    page = drafting.begun(campaign, by=current_user, at=at)
    return _done(campaign, lambda: drafting.undo(page, revision=_revision(), by=current_user, at=at))


def campaign_named(public_id: str) -> Campaign:
    return one_or_404(Campaign.visible_to(current_user, clock.now()), public_id)


def number(name: str, usual: int) -> int:
    """A small whole number of the request; what is none is `usual`."""
    given = request.values.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 6 else usual


def answer(
    campaign: Campaign, *, written: Written | None = None, refusal: DomainError | None = None, status: int = 200
) -> Response:
    """The editor as it stands now: the region for htmx, else the whole page. Only this page may frame one of ours."""
    context = editing.context(campaign, clock.now(), written=written, refusal=refusal)
    template = "campaigns/pages/_canvas.html" if is_htmx() else "campaigns/pages/editor.html"
    response = make_response(render_template(template, **context), status)
    response.headers["Content-Security-Policy"] = csp(frame_src="'self'")
    return response


def _revision() -> int:
    return number("revision", 0)


def _save(campaign: Campaign, written: Written) -> Response:
    """Keep what was typed into a block's form. Files are taken in before the page is locked."""
    at = clock.now()
    form: BlockForm = known()[written.kind].form(campaign=campaign)
    typed = Written(written.kind, form, written.block_id, written.place)
    if not form.validate_on_submit():
        return answer(campaign, written=typed, status=422)
    db.session.commit()
    if not media.take_in(form, by=current_user, at=at):
        return answer(campaign, written=typed, status=422)
    db.session.commit()
    try:
        block_id = _written_down(campaign, typed)
    except DomainError as refusal:
        db.session.rollback()
        return _refused(campaign_named(campaign.public_id), typed, refusal)
    return _shown(campaign, block_id)


def _refused(campaign: Campaign, typed: Written, refusal: DomainError) -> Response:
    """What was typed stays in its form; in one of a new block where its own is gone."""
    blocks = editing.draft_of(campaign, drafting.page_of(campaign))
    if typed.block_id and all(block.id != typed.block_id for block in blocks):
        typed = Written(typed.kind, typed.form, place=len(blocks) + 1)
    return answer(campaign, written=typed, refusal=refusal, status=refusal.status)


def _written_down(campaign: Campaign, typed: Written) -> str:
    at, fields = clock.now(), typed.form.content()
    page = drafting.begun(campaign, by=current_user, at=at)
    if not typed.block_id:
        block_id = drafting.add(page, typed.kind, fields, typed.place, by=current_user, at=at).id
    else:
        block_id = typed.block_id
        drafting.change(page, block_id, fields, revision=_revision(), by=current_user, at=at)
    db.session.commit()
    return block_id


def _done(campaign: Campaign, verb: Any, block_id: str = "") -> Response:
    """Do it, or say why not above the page as it stands."""
    try:
        verb()
    except DomainError as refusal:
        db.session.rollback()
        return answer(campaign_named(campaign.public_id), refusal=refusal, status=refusal.status)
    db.session.commit()
    return _shown(campaign, block_id)


def _shown(campaign: Campaign, block_id: str) -> Response:
    if is_htmx():
        return answer(campaign)
    anchor = f"block-{block_id}" if block_id else None
    return go(url_for("pages.editor", public_id=campaign.public_id, _anchor=anchor))
