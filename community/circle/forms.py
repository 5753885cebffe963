"""The form under a post."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length, Regexp

from commons.db import random_id
from commons.forms import Form
from community.inbox.models import Interaction


class CommentForm(Form):
    """A comment or a reply. `key` is new for every form handed out, so that sending one twice says it once.

    What the words may be is for `commenting.say` to decide; only what no browser sends is refused here.
    """

    text = TextAreaField(_l("Your comment"), [Length(max=20_000)])
    key = HiddenField(default=random_id, validators=[Regexp(r"^[a-z0-9]{8,40}$")])
    reply_to = HiddenField(validators=[Regexp(r"^[a-z0-9]{0,12}$")])


def reply_form(root: Interaction) -> CommentForm:
    """An empty form to answer the thread of `root`."""
    return CommentForm(formdata=None, reply_to=root.public_id)
