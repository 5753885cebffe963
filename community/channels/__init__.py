"""Channels: where posts of the brand stand, one protocol for all of them."""

from __future__ import annotations

from flask import Flask

from commons.cli import preparing
from community.channels import accounts, protocol
from community.channels.bluesky import Bluesky
from community.channels.circle import Circle
from community.channels.mastodon import Mastodon
from community.channels.weibo import Weibo


def init_app(app: Flask) -> None:
    protocol.register(Circle())
    protocol.register(Bluesky())
    protocol.register(Mastodon())
    protocol.register(Weibo())
    preparing.plug(accounts.prepare)
