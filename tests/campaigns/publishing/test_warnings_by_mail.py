"""The letter before something goes out: to whom, in whose language and zone, with what to press, and how often."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from campaigns.groupbuys import offering
from campaigns.links.making import make_link
from campaigns.publishing import findings, preflight, scheduling
from commons import jobs
from commons.accounts.models import User
from commons.zones import to_local
from community.channels.accounts import circle_account
from tests.campaigns.factories import make_draft
from tests.campaigns.posts.factories import make_post
from tests.campaigns.publishing.scripted import Scripted, planned_there
from tests.campaigns.publishing.test_preflight import DAY, planned
from tests.factories import make_staff
from tests.servers.smtp import Smtp

HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def author(app: Flask, at: datetime) -> User:
    """Nora, who reads English and lives in Berlin."""
    return make_staff(name="Nora", language="en", zone="Europe/Berlin")


def letters(smtp: Smtp, to: User) -> list[str]:
    return [str(mail.get_content()).replace("\r\n", "\n") for mail in smtp.to(str(to.email))]


def test_it_is_written_in_the_language_and_zone_of_whoever_planned_it_with_every_button(
    author: User, at: datetime, network: Scripted, smtp: Smtp
) -> None:
    delivery = planned_there(author, at, due=at + 3 * DAY, link=make_link("/no-such-page", by=author, at=at))
    network.refreshes = [{"expires_at": at + 2 * DAY + timedelta(hours=5)}]
    jobs.drain(at + 2 * DAY)
    (letter,) = letters(smtp, author)
    assert "It goes out on 品牌号 at 2026-03-04 13:00 (Europe/Berlin)." in letter
    assert "ends on 2026-03-03 18:00, before this goes out.\n  Reconnect: http" in letter
    assert f"/channels/{delivery.account.public_id}\n" in letter
    assert "There is no page of ours at this address.\n  Change the link: http" in letter
    assert f"{delivery.post.url}#link\n" in letter


def test_what_would_stop_it_is_told_again_half_an_hour_before(author: User, at: datetime, smtp: Smtp) -> None:
    offer = make_draft(deadline=to_local(at + 9 * DAY, "Asia/Shanghai"))
    delivery = planned(author, at, link=make_link(f"/groupbuys/{offer.public_id}", by=author, at=at))
    due = at + 3 * DAY
    jobs.drain(due - DAY)
    jobs.drain(due - HALF_HOUR)
    assert len(letters(smtp, author)) == 2
    assert "will not be open" in letters(smtp, author)[1]
    offering.open_offer(offer, by=author, at=due - HALF_HOUR)
    preflight.check(delivery.id, due - HALF_HOUR)
    jobs.drain(due - HALF_HOUR)
    assert len(letters(smtp, author)) == 2


def test_what_only_wants_a_look_is_told_once(author: User, at: datetime, smtp: Smtp) -> None:
    planned(author, at, link=make_link("/no-such-page", by=author, at=at))
    due = at + 3 * DAY
    jobs.drain(due - DAY)
    jobs.drain(due - HALF_HOUR)
    assert len(letters(smtp, author)) == 1


def test_a_finding_that_a_colleague_sees_in_another_language_is_the_same_finding(
    author: User, at: datetime, network: Scripted, smtp: Smtp
) -> None:
    delivery = planned_there(author, at, due=at + 3 * DAY)
    delivery.account.facts = {"characters": 5}
    jobs.drain(at + 2 * DAY)
    (before,) = findings.open_of(delivery)
    preflight.check(delivery.id, at + 2 * DAY, asked=True)  # the words of this process are Chinese
    assert list(findings.open_of(delivery)) == [before]
    assert "The text is longer than 5 characters" in letters(smtp, author)[0]
    assert set(before.about) == {"zh", "en"}


def test_whoever_has_left_is_not_written_to(author: User, at: datetime, smtp: Smtp) -> None:
    post = make_post(author, link=make_link("/no-such-page", by=author, at=at))
    scheduling.schedule(post, circle_account(), to_local(at + 3 * DAY, "UTC"), "UTC", by=author, at=at)
    author.ended_at = at
    jobs.drain(at + 2 * DAY)
    assert letters(smtp, author) == []
