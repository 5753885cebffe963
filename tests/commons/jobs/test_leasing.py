"""Taking what is due: once for each lease, the longest overdue first."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from campaigns.links.models import Link
from commons.db import db
from commons.jobs.leasing import take_due
from tests.campaigns.factories import a_link

LEASE = timedelta(minutes=10)


def due_at(moment: datetime | None) -> Link:
    link = a_link()
    link.check_due_at = moment
    db.session.flush()
    return link


def test_the_longest_overdue_are_taken_first_and_are_nobody_elses_until_the_lease_is_over(
    app: Flask, at: datetime
) -> None:
    late, later, to_come = (due_at(at + timedelta(minutes=minutes)) for minutes in (-1, -3, 11))
    due_at(None)

    assert take_due(Link.check_due_at, at, 1, lease=LEASE) == [later.id]
    assert take_due(Link.check_due_at, at, 5, lease=LEASE) == [late.id]
    assert take_due(Link.check_due_at, at, 5, lease=LEASE) == []
    assert take_due(Link.check_due_at, at + LEASE, 5, lease=LEASE) == [late.id, later.id]
    db.session.refresh(to_come)
    assert to_come.check_due_at == at + timedelta(minutes=11)


def test_only_rows_are_taken_of_which_more_is_true(app: Flask, at: datetime) -> None:
    one, other = due_at(at), due_at(at)

    assert take_due(Link.check_due_at, at, 5, Link.slug == other.slug, lease=LEASE) == [other.id]
    assert take_due(Link.check_due_at, at, 5, lease=LEASE) == [one.id]
