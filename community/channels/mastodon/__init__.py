"""Mastodon, and what speaks like it: any instance, connected by consent or by a token.

Written from its public documentation (docs.joinmastodon.org/methods). Its rule for repeated requests: an Idempotency-Key is
kept for up to an hour and covers requests one after the other, not two at the same time; whoever sends holds the delivery's
lease, so there are never two.
"""

from __future__ import annotations

from community.channels.mastodon.channel import Mastodon

__all__ = ["Mastodon"]
