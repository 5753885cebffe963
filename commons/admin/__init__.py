from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from commons.admin import brand

    brand.init_app(app)
