"""Templates and hashtag sets: words that the team uses again and again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import regex
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from campaigns.posts.models import Snippet, SnippetKind
from commons import events
from commons.accounts.models import User
from commons.db import db, random_id
from commons.errors import Conflict, Invalid
from community.circle.wording import is_blank, tidy

MOST_SNIPPETS = 200
_APART = regex.compile(r"[\s,，;；、]+")


class NameTaken(Conflict):
    """Another of its kind is called so."""


def all_snippets() -> Mapping[SnippetKind, Sequence[Snippet]]:
    """Every snippet, by kind and name."""
    found = db.session.scalars(select(Snippet).order_by(Snippet.name).limit(2 * MOST_SNIPPETS)).all()
    return {kind: [snippet for snippet in found if snippet.kind is kind] for kind in SnippetKind}


def text_of(public_id: str, user: User) -> str:
    """The text of the snippet of that id; empty when there is none."""
    if not public_id:
        return ""
    return (
        db.session.scalar(
            Snippet.visible_to(user).where(Snippet.public_id == public_id).with_only_columns(Snippet.text)
        )
        or ""
    )


def make(kind: SnippetKind, name: str, text: str, *, by: User, at: datetime) -> Snippet:
    """A new snippet. Raises `NameTaken`, or `Invalid` when nothing is in it."""
    if len(all_snippets()[kind]) >= MOST_SNIPPETS:
        raise Invalid(_("There are %(count)s of them already. Delete one first.", count=MOST_SNIPPETS))
    snippet = Snippet(kind=kind, name="", text="", changed_by=by, changed_at=at)
    _fill(snippet, name, text, by=by, at=at)
    _tell("snippet.made", snippet, by, at)
    return snippet


def change(snippet: Snippet, name: str, text: str, *, by: User, at: datetime) -> Snippet:
    """Give a snippet other words. Raises as `make` does. Posts that were written with it keep theirs."""
    _fill(snippet, name, text, by=by, at=at)
    _tell("snippet.changed", snippet, by, at)
    return snippet


def delete(snippet: Snippet, *, by: User, at: datetime) -> None:
    """Posts that were written with it keep their words."""
    _tell("snippet.deleted", snippet, by, at)
    db.session.delete(snippet)
    db.session.flush()


def hashtags_in(text: str) -> str:
    """The tags of a list however it was typed, each with its `#`, each once."""
    words = (word.strip("#＃") for word in _APART.split(text))
    return " ".join(dict.fromkeys(f"#{word}" for word in words if word))


def _fill(snippet: Snippet, name: str, text: str, *, by: User, at: datetime) -> None:
    name, text = tidy(name).replace("\n", " ")[:80], tidy(text)
    if snippet.kind is SnippetKind.HASHTAGS:
        text = hashtags_in(text)
    if is_blank(name) or is_blank(text):
        raise Invalid(_("Give it a name and some words."))
    try:
        with db.session.begin_nested():
            snippet.name, snippet.text = name, text
            snippet.changed_by, snippet.changed_at = by, at
            db.session.add(snippet)
    except IntegrityError as error:
        raise NameTaken(_("“%(name)s” is there already; choose another name.", name=name)) from error


def _tell(kind: str, snippet: Snippet, by: User, at: datetime) -> None:
    key = f"{kind}:{snippet.public_id}:{random_id()}"
    events.track(kind, key=key, at=at, actor_id=by.id, subject=snippet, payload={"name": snippet.name})
