"""What the composer page shows: the form, every channel, what may be put in, who else is here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from campaigns.posts import labelling
from campaigns.posts.drafts import Draft
from campaigns.posts.forms import PostForm
from campaigns.posts.models import BrandPost
from campaigns.posts.previewing import Panel, deliveries_of, panels
from campaigns.posts.snippets import all_snippets
from campaigns.publishing import scheduling
from campaigns.publishing.timeline import timeline_of
from commons import zones


def composer(post: BrandPost, form: PostForm, draft: Draft, at: datetime) -> dict[str, Any]:
    """The page with `draft` in front of the writer: what the post says, or what was just typed."""
    deliveries = deliveries_of(post)
    shown = panels(post, draft, deliveries)
    return {
        "post": post,
        "form": form,
        "draft": draft,
        "alts": form.alts,
        "refused": [],
        "panels": shown,
        "frozen": any(panel.is_out for panel in shown),
        "deliveries": deliveries,
        "timelines": {delivery.id: timeline_of(delivery) for delivery in deliveries},
        "lacking": lacking_of(shown),
        "labels": labelling.offered(draft.labels or ()),
        "snippets": all_snippets(),
        "clock_change": _clock_change(form),
        "theirs": None,
        "typed": [],
        "refusal": None,
        "opened": "",
        "at": at,
    }


def lacking_of(shown: list[Panel]) -> list[tuple[str, str]]:
    """(account, sentence) of everything that keeps the post from going out where it still has to."""
    return [
        (panel.account.name, words) for panel in shown if panel.chosen and not panel.is_out for words in panel.lacking
    ]


def _clock_change(form: PostForm) -> str:
    when, zone = form.when.data, form.zone.data
    return scheduling.clock_change(when, zone) if when and zones.is_zone(zone or "") else ""
