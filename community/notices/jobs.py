"""The tick looks for members who wait for a message; a worker writes it."""

from __future__ import annotations

from commons import jobs
from community.notices import sending

jobs.sweep("notices.send", queue="default", claim=sending.claim, run=sending.send)
