"""Words of the writing desk for the audit log."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l


def acts() -> dict[str, Any]:
    """What staff did to posts and to what helps to write them."""
    return {
        "post.gone_back": _l("made the post “%(text)s” what it was in version %(number)s"),
        "snippet.made": _l("made “%(name)s” for the composer"),
        "snippet.changed": _l("changed “%(name)s” of the composer"),
        "snippet.deleted": _l("deleted “%(name)s” of the composer"),
    }
