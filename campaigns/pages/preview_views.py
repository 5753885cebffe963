"""Looking at a draft or a version: on a phone, on a laptop, in either language; and by a secret address without an account."""

from __future__ import annotations

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.pages import drafting, sharing
from campaigns.pages.blocks import Block
from campaigns.pages.editing import draft_of
from campaigns.pages.forms import ShareForm
from campaigns.pages.models import PageShare, PageVersion
from campaigns.pages.rendering import fans_page
from campaigns.pages.views import bp, campaign_named
from campaigns.planning.models import Campaign
from commons import clock, i18n
from commons.db import db
from commons.permissions import Permission
from commons.security import csp, opening_limit
from commons.web import absolute_url, allow, go, one_or_404, public

WIDTHS = {"phone": (360, 740), "laptop": (1280, 800)}
LANGUAGES = ("zh_Hans", "en")


@bp.get("/<public_id>/preview")
@allow(Permission.CAMPAIGN_READ)
def preview(public_id: str) -> Response:
    """The draft (or `?version=`) in a frame as wide as a phone or a laptop."""
    return _preview(campaign_named(public_id), ShareForm(formdata=None))


@bp.get("/<public_id>/frame")
@allow(Permission.CAMPAIGN_READ)
def frame(public_id: str) -> Response:
    """The page that stands in the frame: what fans would see. Only pages of ours may show it inside of them."""
    campaign = campaign_named(public_id)
    response = _as_fans_see_it(campaign, _blocks(campaign), _language())
    response.headers["Content-Security-Policy"] = csp(frame_ancestors="'self'")
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@bp.post("/<public_id>/shares")
@allow(Permission.PAGE_WRITE)
def share(public_id: str) -> Response:
    """Make a secret address; it is shown this once."""
    campaign, form, at = campaign_named(public_id), ShareForm(), clock.now()
    if not form.validate_on_submit():
        return _preview(campaign, form, status=422)
    page = drafting.begun(campaign, by=current_user, at=at)
    _made, secret = sharing.share(page, form.days.data, by=current_user, at=at)
    db.session.commit()
    return _preview(campaign, ShareForm(formdata=None), address=absolute_url("pages.shared", secret=secret))


@bp.post("/<public_id>/shares/<share_id>/end")
@allow(Permission.PAGE_WRITE)
def end_share(public_id: str, share_id: str) -> Response:
    campaign = campaign_named(public_id)
    sharing.end(one_or_404(PageShare.visible_to(current_user), share_id), by=current_user, at=clock.now())
    db.session.commit()
    flash(_("The address shows nothing any more."), "good")
    return go(url_for("pages.preview", public_id=campaign.public_id))


@bp.get("/shared/<secret>")
@public
@opening_limit
def shared(secret: str) -> Response:
    """The draft for whoever has the secret; nothing of it is kept by search engines or told to the next page."""
    found = sharing.opened(secret, clock.now())
    if found is None:
        abort(404)
    language = request.args.get("language") or i18n.language()
    campaign = found.page.campaign
    blocks = drafting.blocks_of(found.page)
    response = _as_fans_see_it(campaign, blocks, language if language in LANGUAGES else "zh_Hans", share=found)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


def _preview(campaign: Campaign, form: ShareForm, *, address: str = "", status: int = 200) -> Response:
    width = request.args.get("width", "phone")
    page = drafting.page_of(campaign)
    response = make_response(
        render_template(
            "campaigns/pages/preview.html",
            campaign=campaign,
            version=_version(campaign),
            width=width if width in WIDTHS else "phone",
            widths=WIDTHS,
            language=_language(),
            form=form,
            address=address,
            shares=sharing.open_shares(page, clock.now()) if page else [],
        ),
        status,
    )
    response.headers["Content-Security-Policy"] = csp(frame_src="'self'")
    return response


def _as_fans_see_it(campaign: Campaign, blocks: list[Block], language: str, share: PageShare | None = None) -> Response:
    """As a visitor without an account would see it."""
    with force_locale(language):
        page = fans_page(blocks, campaign, None, clock.now())
        context = {"campaign": campaign, "page": page, "share": share, "language": language}
        return make_response(render_template("campaigns/pages/frame.html", **context))


def _blocks(campaign: Campaign) -> list[Block]:
    version = _version(campaign)
    if version is not None:
        return [Block.of(kept) for kept in version.blocks]
    return draft_of(campaign, drafting.page_of(campaign))


def _version(campaign: Campaign) -> PageVersion | None:
    """The version that `?version=` names; None: the draft."""
    wanted, page = request.args.get("version", ""), drafting.page_of(campaign)
    if not wanted:
        return None
    page_id = page.id if page else 0
    return one_or_404(PageVersion.visible_to(current_user).where(PageVersion.page_id == page_id), wanted)


def _language() -> str:
    wanted = request.args.get("language", "")
    return wanted if wanted in LANGUAGES else i18n.language()
