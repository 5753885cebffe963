"""Profiles: what members tell about themselves, each answer with its source and consent, and the guardians of the young."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from community.members.profiles import models

    assert models
