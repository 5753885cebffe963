"""What waits in the circles, as hosts and staff see it."""

from __future__ import annotations

from flask import Flask

from community.circle.interests import measures, mediating, reporting, waiting
from community.circle.interests.models import Reason
from community.members.roster import handle_of
from tests.community.circle.interests.factories import (
    brand,
    make_circle,
    make_host,
    make_joined,
    make_post,
    new_key,
    user_of,
)
from tests.factories import NOON, make_staff


def test_reports_and_disputes_wait_for_hosts_and_appeals_for_staff(app: Flask) -> None:
    circle, other = make_circle(), make_circle("相机", "Cameras")
    fan, reader, host = make_joined(circle), make_joined(circle, "老周"), make_host(circle)
    for reporter in (reader, host):
        reporting.report(make_post(circle, fan, f"给{reporter.name}看的"), reporter, Reason.ABUSE, NOON)
    mediating.ask(circle, handle_of(reader), handle_of(fan), "误会", NOON, key=new_key())
    mute = measures.mute(circle, fan, rule=1, reason="理由", days=3, by=brand(), at=NOON)
    measures.appeal(mute, "不公平", NOON)
    assert (waiting.for_keeper(user_of(host), circle), waiting.for_keeper(make_staff(), circle)) == (3, 4)
    assert waiting.in_circles([circle.id, other.id]) == {circle.id: 4}


def test_a_dispute_that_somebody_mediates_waits_no_more(app: Flask) -> None:
    circle = make_circle()
    one, two = make_joined(circle), make_joined(circle, "老周")
    dispute = mediating.ask(circle, handle_of(one), handle_of(two), "误会", NOON, key=new_key())
    mediating.take(dispute, brand(), NOON)
    assert waiting.in_circles().total() == 0
