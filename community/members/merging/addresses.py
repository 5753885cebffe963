"""Old addresses: whoever asks for a merged member finds the one as whom that one goes now."""

from __future__ import annotations

from flask import Response, redirect, request, url_for

from community.members.merging import finding

PAGES = {"members.profile", "loyalty.member", "circle.card", "circle.card_picture"}
"""Views that show the member whose public id stands in the address."""
PUBLIC = {"circle.card", "circle.card_picture"}


def lead_on() -> Response | None:
    """Before a view: send the visitor on if the member was merged. A card leads on only to a card that is shown."""
    if request.endpoint not in PAGES or request.method not in {"GET", "HEAD"}:
        return None
    given = dict(request.view_args or {})
    member = finding.by_public_id(str(given.get("public_id", "")))
    if member is None or (request.endpoint in PUBLIC and not member.card_public):
        return None
    arguments = {**request.args.to_dict(), **given, "public_id": member.public_id}
    return redirect(url_for(request.endpoint, **arguments))  # type: ignore[return-value]
