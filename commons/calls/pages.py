"""The page of the keys with which other houses sign their calls: making one, seeing its secret once, ending it.

A room puts it onto its blueprint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, make_response, render_template, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import StringField
from wtforms.validators import Length

from commons import clock
from commons.calls.keys import KeyRing
from commons.calls.signing import HEADERS
from commons.db import db
from commons.forms import Form, required
from commons.permissions import Permission
from commons.shared_pages import Views, put_onto
from commons.web import absolute_url, go, one_or_404


class KeyForm(Form):
    name = StringField(_l("Which shop signs with it"), validators=[required(), Length(max=80)])


@dataclass(frozen=True)
class KeyPages:
    """What differs between rooms. `template` stands over that of `commons/calls`, which names what to fill in; `door` is the
    endpoint that takes what the keys sign, with the values of its address.
    """

    ring: KeyRing[Any]
    permission: Permission
    template: str
    door: str
    door_values: Mapping[str, str] = field(default_factory=dict)

    def put_onto(self, bp: Blueprint, below: str = "") -> None:
        """Add the page at `<below>/keys`, for whoever has the permission."""
        put_onto(bp, VIEWS, self, self.permission, below)


def key_list(room: KeyPages) -> Response:
    return _page(room, KeyForm(formdata=None))


def make_key(room: KeyPages) -> Response:
    """Make a key and show its secret, in this one answer and never again."""
    form = KeyForm()
    if not form.validate_on_submit():
        return _page(room, form, 422)
    key, secret = room.ring.make(form.name.data or "", by=current_user, at=clock.now())
    db.session.commit()
    answer = _page(room, KeyForm(formdata=None), fresh=key, secret=secret)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def end_key(room: KeyPages, public_id: str) -> Response:
    key = one_or_404(room.ring.keys.visible_to(current_user), public_id)
    room.ring.end(key, by=current_user, at=clock.now())
    db.session.commit()
    return go(url_for(".key_list"))


VIEWS: Views = (
    ("GET", "/keys", key_list),
    ("POST", "/keys", make_key),
    ("POST", "/keys/<public_id>/end", end_key),
)


def _page(room: KeyPages, form: KeyForm, status: int = 200, fresh: Any = None, secret: str = "") -> Response:
    context = {
        "form": form,
        "keys": room.ring.listed(),
        "fresh": fresh,
        "secret": secret,
        "address": absolute_url(room.door, **room.door_values),
        "headers": HEADERS,
    }
    return make_response(render_template(room.template, **context), status)
