"""Confirmed rows are written in the background, each in a transaction of its own."""

from __future__ import annotations

from campaigns.posts.exchange import importing
from commons import jobs


def register() -> None:
    jobs.sweep("posts.import", queue="default", claim=importing.claim, run=importing.write_row)
