"""What members are told, and where: on their pages, by mail, by push, as each of them wishes."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from community.notices import models

    assert models
