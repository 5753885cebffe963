"""What comes back from people: received, listed, drawn as threads, brought in from files."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import events, nav
from commons.accounts import slots as accounts
from commons.admin import audit
from commons.nav import NavItem
from commons.permissions import Permission
from community.loyalty.watching.slots import words_said
from community.members.merging import facts as merging
from community.members.slots import fact_words, kind_words


def init_app(app: Flask) -> None:
    from community.inbox import answering, joining, leaving, saying, thread_views, views, wording
    from community.inbox.cli import import_group

    assert thread_views
    app.register_blueprint(views.bp)
    app.jinja_env.filters["channel_word"] = wording.channel_word
    app.cli.add_command(import_group)
    accounts.exporting.plug(leaving.export)
    accounts.erasing.plug(leaving.erase)
    audit.sentences.plug(wording.acts)
    events.readers.plug(answering.read)
    merging.of_handles.plug(joining.facts_of)
    merging.joined.plug(joining.tell_of_answers)
    words_said.plug(saying.said)
    fact_words.plug(answering.fact_words)
    kind_words.plug(answering.kind_words)
    group = _l("Circle")
    nav.add(
        app,
        "staff",
        NavItem("inbox.index", _l("Inbox"), "inbox", 34, Permission.INBOX_READ, group),
        NavItem("inbox.thread_list", _l("Threads"), "sitemap", 36, Permission.INBOX_READ, group),
    )
