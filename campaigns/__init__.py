"""What the brand starts."""

from __future__ import annotations

from flask import Flask

from campaigns import (
    approval,
    chains,
    compliance,
    control,
    debrief,
    demo,
    draws,
    groupbuys,
    insights,
    lane,
    links,
    pages,
    parcels,
    participation,
    payments,
    planning,
    posts,
    publishing,
)


def init_app(app: Flask) -> None:
    rooms = (
        planning, participation, links, posts, publishing, approval, lane, payments, groupbuys, draws, parcels, chains,
        pages, control, debrief, insights, compliance, demo
    )  # fmt: skip
    for room in rooms:
        room.init_app(app)
