"""Numbers of a campaign that are kept as people take part, so that they are read and not counted. See docs/control-room.md."""

from __future__ import annotations


def init_app() -> None:
    from campaigns.links import slots as of_links
    from campaigns.participation.counts import jobs, visits
    from commons.cli import preparing

    of_links.visited.plug(visits.note)
    of_links.regrouped.plug(visits.regroup)
    preparing.plug(jobs.fill)
