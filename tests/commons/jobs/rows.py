"""Looking at the outbox, and at what a worker would be told."""

from __future__ import annotations

import json
import zlib

from sqlalchemy import select

from commons.db import db
from commons.jobs.models import Job
from tests.servers.valkey import Valkey


def row(name: str) -> Job:
    """The only row of that name, as the database has it."""
    db.session.expire_all()
    return db.session.scalars(select(Job).where(Job.name == name)).one()


def woken(valkey: Valkey, queue: str = "default") -> list[list[int]]:
    """The lists of row ids in the queue's line, in the order in which workers take them."""
    told = []
    with valkey.client() as redis:
        for job_id in redis.lrange(f"rq:queue:{queue}", 0, -1):
            data = zlib.decompress(redis.hget(f"rq:job:{job_id.decode()}", "data"))
            told.append(json.loads(data)[2][1])
    return told
