"""Publishing: one post on its way to one channel account, planned, sent once, accounted for."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from campaigns.publishing import jobs

    jobs.register()
