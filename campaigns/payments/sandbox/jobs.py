"""The sandbox calls: what was charged there is told here, through the door that all calls come in by."""

from __future__ import annotations

from campaigns.payments.sandbox import site
from campaigns.payments.sandbox.models import SandboxCharge
from campaigns.payments.sandbox.provider import Sandbox
from commons import clock, jobs
from commons.db import db


@jobs.job(site.JOB, queue="networks")
def tell(charge_id: int) -> None:
    """Call about one charge; a call that is refused is made again later, as real providers do."""
    charge, at = db.session.get_one(SandboxCharge, charge_id), clock.now()
    call = site.call_about(charge, at)
    Sandbox().called(site.headers_of(call), call.body, at)
    charge.told_at = at
