"""The brand's own community: the feed, comments, likes, shares, the daily check-in and the fan's status page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.nav import NavItem
from community.channels.slots import first_comments
from community.members.slots import fact_words, kind_words
from community.notices.slots import sentences


def init_app(app: Flask) -> None:
    from community.circle import (
        answered,
        boards,
        card_views,
        comment_views,
        commenting,
        interests,
        people,
        rendering,
        status_views,
        views,
    )

    assert card_views
    assert comment_views
    assert status_views
    rendering.init_app(app)
    first_comments.plug(commenting.say_first)
    app.register_blueprint(views.bp)
    boards.init_app(app)
    sentences.plug(answered.sentences)
    fact_words.plug(_fact_words)
    kind_words.plug(_kind_words)
    interests.init_app(app)
    people.init_app(app)
    nav.add(
        app,
        "fan",
        NavItem("circle.feed", _l("Circle"), "circles", 10),
        NavItem("circle.me", _l("My place"), "user-circle", 40),
    )


def _fact_words() -> Mapping[str, Any]:
    return {"interaction.withdrawn": _l("Withdrew a comment")}


def _kind_words() -> Mapping[str, Any]:
    return {"interaction.withdrawn": _l("Comment withdrawn")}
