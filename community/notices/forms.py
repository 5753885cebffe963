"""Where a fan wants to be told."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField

from commons.forms import Form
from community.notices import wishes
from community.notices.models import Medium, NoticeWish
from community.notices.saying import topics

NEITHER = "neither"
WAYS = {Medium.PUSH.value: _l("Push"), Medium.MAIL.value: _l("Mail"), NEITHER: _l("Neither")}
_FIELD = "about_"


class WishForm(Form):
    """For each topic one way, or neither. A button called `all` chooses the same for every topic."""

    @property
    def topics(self) -> list[Field]:
        """The choices, one a topic."""
        return [field for field in self if field.name.startswith(_FIELD)]

    @property
    def chosen(self) -> dict[str, str]:
        """The way by topic, or `neither`."""
        every = request.form.get("all", "")
        return {field.name.removeprefix(_FIELD): every if every in WAYS else field.data for field in self.topics}

    @property
    def wish(self) -> dict[str, Any]:
        """What was chosen, as `wishes.change` takes it."""
        chosen = self.chosen
        by_push = [topic for topic, way in chosen.items() if way == Medium.PUSH]
        mail, push = Medium.MAIL in chosen.values(), bool(by_push)
        without = [topic for topic, way in chosen.items() if way == NEITHER] if mail or push else []
        return {"mail": mail, "push": push, "without": without, "by_push": by_push}


def wish_form(wish: NoticeWish | None, *, fresh: bool = False) -> WishForm:
    """The form about the topics that there are, as the wish has it; what was just sent goes before, unless `fresh`."""
    fields = {
        f"{_FIELD}{topic}": RadioField(name, choices=_choices(), default=_way(wish, topic))
        for topic, name in topics().items()
    }
    kind = type("TopicForm", (WishForm,), fields)
    made: WishForm = kind(formdata=None) if fresh else kind()
    return made


def _choices() -> dict[str, str]:
    return {way: str(name) for way, name in WAYS.items()}


def _way(wish: NoticeWish | None, topic: str) -> str:
    way = wishes.way_about(wish, topic)
    return way.value if way is not None else NEITHER
