from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from campaigns.posts import models

    assert models
