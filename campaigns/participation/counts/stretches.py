"""Stretches of time that counts are kept by: pure, and the same in SQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Integer, cast, func, literal_column

from campaigns.participation.counts.models import Grain
from commons.db import db

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def floor(moment: datetime, grain: Grain) -> datetime:
    """The beginning of the stretch around a moment; the epoch for the total."""
    return from_seconds(int((moment - EPOCH).total_seconds()) // grain * grain) if grain else EPOCH


def from_seconds(seconds: int) -> datetime:
    return EPOCH + timedelta(seconds=seconds)


def seconds_of(column: Any, grain: Grain) -> Any:
    """The same as an expression over a column of moments: seconds since the epoch."""
    if not grain:
        return cast(literal_column("0"), BigInteger)
    if db.engine.dialect.name == "postgresql":
        since = cast(func.floor(func.extract("epoch", column)), BigInteger)
    else:
        since = cast(func.strftime("%s", column), Integer)
    return since - since % literal_column(str(int(grain)))
