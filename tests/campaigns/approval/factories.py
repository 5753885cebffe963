"""Routes, people and planned posts for the tests of approval, made through the real verbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from campaigns.approval.models import ApprovalItem, ApprovalRequest, ApprovalRoute
from campaigns.approval.routing import Rules, set_route
from campaigns.posts.models import BrandPost
from campaigns.posts.writing import Draft, save
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery
from commons import clock, zones
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Role
from community.channels.accounts import circle_account
from tests.campaigns.posts.factories import make_post
from tests.factories import make_staff

ZONE = "Asia/Shanghai"


def an_approver(name: str = "周砚", role: Role = Role.APPROVER) -> User:
    return make_staff(role, name)


def a_route(*steps: Mapping[str, Any], **changes: Any) -> ApprovalRoute:
    """One step, anybody, for everything; unless said otherwise."""
    usual: dict[str, Any] = {"campaign": None, "account": None, "steps": list(steps) or [{}]}
    by = make_staff(Role.ADMINISTRATOR, "管理员")
    return set_route(None, Rules(**{**usual, **changes}), by=by, at=clock.now())


def plan(post: BrandPost, by: User, *, hours: float = 24) -> Delivery:
    """Schedule it for the circle, so many hours from now."""
    when = zones.to_local(clock.now() + timedelta(hours=hours), ZONE)
    return scheduling.schedule(post, circle_account(), when, ZONE, by=by, at=clock.now())


def asked(by: User, text: str = "明天上午十点，第一批龙井开团。", *, hours: float = 24) -> ApprovalRequest:
    """A post that was planned and waits for approval."""
    return request_of(plan(make_post(by, text), by, hours=hours))


def request_of(delivery: Delivery) -> ApprovalRequest:
    """What is asked about a delivery now."""
    return db.session.query(ApprovalItem).filter_by(live_delivery_id=delivery.id).one().request


def delivery_of(request: ApprovalRequest) -> Delivery:
    return request.items[0].delivery


def edit(post: BrandPost, text: str, by: User, at: datetime) -> None:
    save(
        post, Draft(text=text, campaign=post.campaign, link=post.link, ad=post.ad), revision=post.revision, by=by, at=at
    )


def words(pieces: Sequence[Any]) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in pieces]
