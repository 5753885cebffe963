"""Pages that several rooms have: each view is written once, and what differs between rooms is its first argument."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from flask import Blueprint

from commons.permissions import Permission
from commons.web import allow

Views = Sequence[tuple[str, str, Callable[..., Any]]]
"""Method, rule, and the view; on a blueprint it goes by the view's own name."""


def put_onto(bp: Blueprint, views: Views, room: object, permission: Permission, below: str = "") -> None:
    """Add the views to the blueprint of a room, each for whoever has the permission; their rules begin with `below`."""
    for method, rule, view in views:
        bp.add_url_rule(below + rule, view.__name__, allow(permission)(_in_room(room, view)), methods=[method])


def _in_room(room: object, view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def viewed(**values: str) -> Any:
        return view(room, **values)

    return viewed
