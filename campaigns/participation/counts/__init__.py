"""Numbers of a campaign that are kept as people take part, so that they are read and not counted. See docs/control-room.md."""

from __future__ import annotations


def init_app() -> None:
    from campaigns.links import slots as of_links
    from campaigns.participation.counts import goals, jobs, visits
    from campaigns.planning import slots as of_planning
    from commons import events
    from commons.cli import preparing

    events.readers.plug(goals.read)
    of_planning.kept.plug(goals.numbers)
    of_links.visited.plug(visits.note)
    of_links.regrouped.plug(visits.regroup)
    preparing.plug(jobs.fill)
