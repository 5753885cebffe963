"""The register of everything that was ever held, and what people decided about it, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from commons.accounts.models import User
from commons.db import db
from community.loyalty.watching import showing, words
from community.loyalty.watching.models import SuspectMember, Suspicion
from community.members.facts import name_of

AT_ONCE = 200


def rows(by: User) -> Iterator[Sequence[object]]:
    """The heading, then all suspicions that `by` may see, the oldest first; moments in UTC."""
    yield (
        _("What was seen"), _("Fact"), _("Those concerned"), _("Growth points"), _("Points"), _("Found"), _("Decision"),
        _("Decided"), _("Decided by"), _("Reason"),
    )  # fmt: skip
    people = selectinload(Suspicion.people).joinedload(SuspectMember.member)
    query = Suspicion.visible_to(by).options(people, joinedload(Suspicion.decided_by)).order_by(Suspicion.id)
    last = 0
    while some := db.session.scalars(query.where(Suspicion.id > last).limit(AT_ONCE)).all():
        yield from map(_row, some)
        last = some[-1].id


def _row(suspicion: Suspicion) -> Sequence[object]:
    held = showing.held_in_all(suspicion)
    return (
        str(words.SIGNS[suspicion.sign]),
        name_of(suspicion.event_kind),
        str(_(", ")).join(suspect.member.name for suspect in suspicion.people),
        held.growth,
        held.points,
        suspicion.found_at.isoformat(),
        str(words.OUTCOMES[suspicion.outcome]),
        suspicion.decided_at.isoformat() if suspicion.decided_at else "",
        suspicion.decided_by.name if suspicion.decided_by else "",
        suspicion.reason,
    )
