"""Seed users for the team: the list, naming somebody, one seed user with the codes and who came by them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from commons import clock, i18n, zones
from commons.admin import brand
from commons.db import db
from commons.errors import DomainError
from commons.forms import storable
from commons.paging import asked_page
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404
from community.members.models import Member
from community.seed_users import codes, lineage, naming, reading
from community.seed_users.figures import figures_of
from community.seed_users.forms import CodesForm, EndForm, SeedUserForm
from community.seed_users.influence import DAYS, Figure, Grade, next_step
from community.seed_users.models import InvitationCode, SeedUser
from community.seed_users.reading import Search
from community.seed_users.wording import CODE_STATES, EXPLAINED, FIGURES, GRADES

bp = Blueprint("seed_users", __name__, url_prefix="/seed-users")


@bp.get("")
@allow(Permission.MEMBER_READ)
def index() -> str:
    search, number = _search(), asked_page()
    rows = reading.rows(search, current_user, clock.now())
    first = (number - 1) * reading.PAGE
    return render_template(
        "community/seed_users/index.html",
        rows=rows[first : first + reading.PAGE],
        total=len(rows),
        has_more=len(rows) > first + reading.PAGE,
        number=number,
        search=search,
        sorts=reading.SORTS,
        fields=naming.known_fields(),
        grades=GRADES,
        figures=FIGURES,
    )


@bp.get("/seed-users.csv")
@allow(Permission.MEMBER_READ)
def export() -> Response:
    rows = list(reading.table(_search(), current_user, clock.now(), i18n.zone()))
    return private_table(rows, "seed-users")


@bp.get("/name/<public_id>")
@allow(Permission.SEED_USER_MANAGE)
def new(public_id: str) -> Response:
    return _form_page(SeedUserForm(formdata=None), _member(public_id), None)


@bp.post("/name/<public_id>")
@allow(Permission.SEED_USER_MANAGE)
def name(public_id: str) -> Response:
    """Make this member a seed user."""
    member, form = _member(public_id), SeedUserForm()
    if not form.validate_on_submit():
        return _form_page(form, member, None, 422)
    seed = naming.name(member, form.words, (form.note.data or "").strip(), by=current_user, at=clock.now())
    db.session.commit()
    flash(_("%(name)s is a seed user now. Next, give out codes.", name=member.name), "good")
    return go(url_for("seed_users.show", public_id=seed.public_id))


@bp.get("/<public_id>")
@allow(Permission.MEMBER_READ)
def show(public_id: str) -> Response:
    return _page(_seed(public_id), CodesForm(formdata=None), EndForm(formdata=None))


@bp.get("/<public_id>/arrivals.csv")
@allow(Permission.MEMBER_READ)
def export_arrivals(public_id: str) -> Response:
    seed = _seed(public_id)
    return private_table(list(reading.arrival_table(seed.member, i18n.zone())), f"came-by-{seed.public_id}")


@bp.get("/<public_id>/edit")
@allow(Permission.SEED_USER_MANAGE)
def edit(public_id: str) -> Response:
    seed = _seed(public_id)
    form = SeedUserForm(formdata=None, data={"fields": _(", ").join(seed.words), "note": seed.note})
    return _form_page(form, seed.member, seed)


@bp.post("/<public_id>/edit")
@allow(Permission.SEED_USER_MANAGE)
def describe(public_id: str) -> Response:
    seed, form = _seed(public_id), SeedUserForm()
    if not form.validate_on_submit():
        return _form_page(form, seed.member, seed, 422)
    naming.describe(seed, form.words, (form.note.data or "").strip(), by=current_user, at=clock.now())
    db.session.commit()
    flash(_("Saved."), "good")
    return go(url_for("seed_users.show", public_id=public_id))


@bp.post("/<public_id>/end")
@allow(Permission.SEED_USER_MANAGE)
def end(public_id: str) -> Response:
    seed, form = _seed(public_id), EndForm()
    if not form.validate_on_submit():
        return _page(seed, CodesForm(formdata=None), form, 422)
    naming.end(seed, (form.reason.data or "").strip(), by=current_user, at=clock.now())
    db.session.commit()
    flash(_("Ended. The codes lead nowhere any more; who came by them stays."), "good")
    return go(url_for("seed_users.show", public_id=public_id))


@bp.post("/<public_id>/codes")
@allow(Permission.SEED_USER_MANAGE)
def give_codes(public_id: str) -> Response:
    seed, form = _seed(public_id), CodesForm()
    if not form.validate_on_submit():
        return _page(seed, form, EndForm(formdata=None), 422)
    try:
        made = codes.issue(
            seed, form.number.data or 0, form.most.data or 0, by=current_user, at=clock.now(), until=_until(form)
        )
    except DomainError as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal.message))
        return _page(_seed(public_id), form, EndForm(formdata=None), refusal.status)
    db.session.commit()
    flash(ngettext("%(num)s new invitation code.", "%(num)s new invitation codes.", len(made)), "good")
    return go(url_for("seed_users.show", public_id=public_id))


@bp.post("/codes/<public_id>/revoke")
@allow(Permission.SEED_USER_MANAGE)
def revoke(public_id: str) -> Response:
    code = one_or_404(InvitationCode.visible_to(current_user), public_id)
    codes.revoke(code, by=current_user, at=clock.now())
    db.session.commit()
    flash(_("Withdrawn. Nobody can use this code any more."), "good")
    return go(url_for("seed_users.show", public_id=code.seed_user.public_id))


def private_table(rows: Iterable[Sequence[object]], name: str) -> Response:
    """A table about people: nobody on the way keeps it."""
    answer = csv_answer(rows, f"{name}-{clock.now():%Y%m%d}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _seed(public_id: str) -> SeedUser:
    return one_or_404(SeedUser.visible_to(current_user), public_id)


def _member(public_id: str) -> Member:
    return one_or_404(Member.visible_to(current_user), public_id)


def _search() -> Search:
    sort = request.args.get("sort", "")
    return Search(
        field=storable(request.args.get("field", ""))[: naming.LONGEST_FIELD],
        former=request.args.get("former") == "1",
        sort=sort if sort in reading.SORTS else reading.SORTS[0],
    )


def _until(form: CodesForm) -> datetime | None:
    """The end of the last day, where the brand is."""
    return zones.day_bounds(form.last_day.data, brand.current().zone)[1] if form.last_day.data else None


def _form_page(form: SeedUserForm, member: Member, seed: SeedUser | None, status: int = 200) -> Response:
    known = [word for word, _count in naming.known_fields()]
    page = render_template("community/seed_users/form.html", form=form, member=member, seed=seed, known=known)
    return make_response(page, status)


def _page(seed: SeedUser, form: CodesForm, ending: EndForm, status: int = 200) -> Response:
    at = clock.now()
    grown = lineage.lineage(seed.member)
    page = render_template(
        "community/seed_users/show.html",
        seed=seed, form=form, ending=ending, codes=codes.of_seed_user(seed), states=CODE_STATES, at=at,
        address_of=codes.address_of, came=reading.arrivals(seed.member, asked_page()),
        together=len(grown.member_ids), direct=grown.tree.answers[0],
        figure=lineage.drawn(grown) if grown.member_ids else None, depth=grown.depth,
        reach=figures_of({seed.member_id}, at)[seed.member_id], figures=Figure, grades=GRADES, top=Grade.VERY_STRONG,
        figure_words=FIGURES, explained=EXPLAINED, next_step=next_step, days=DAYS,
    )  # fmt: skip
    return make_response(page, status)
