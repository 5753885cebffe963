"""Once an hour: the campaigns that run are looked through."""

from __future__ import annotations

from campaigns.participation.persons import finding
from campaigns.planning.reading import running
from commons import clock, jobs
from commons.db import db

HOUR = 3600


@jobs.job("participation.find_accounts")
def find_accounts() -> None:
    at = clock.now()
    for campaign in running(at):
        finding.look(campaign, at)
        db.session.commit()


jobs.every("participation.find_accounts", seconds=HOUR)
