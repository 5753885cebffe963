"""Web push: browsers that take notices, our key, and the messages that only the browser can read (RFC 8030, 8291, 8292)."""

from __future__ import annotations

from commons.cli import preparing


def init_app() -> None:
    from community.notices.push import jobs, keys

    assert jobs
    preparing.plug(keys.prepare)
