"""Weibo, by its open platform: OAuth 2 and statuses/share.

Written from its public documentation (open.weibo.com/wiki) and from public clients of it. It knows no idempotent write: what
nobody knows is looked for among the account's own newest posts, and never sent again by itself.
"""

from __future__ import annotations

from community.channels.weibo.channel import Weibo

__all__ = ["Weibo"]
