"""Tables of posts: in from a file with a look at every row first, and out again."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from campaigns.posts.exchange import models

    assert models
