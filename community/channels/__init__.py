"""Channels: where posts of the brand stand, one protocol for all of them."""

from __future__ import annotations

from flask import Flask

from commons.cli import preparing
from community.channels import accounts, protocol
from community.channels.circle import Circle


def init_app(app: Flask) -> None:
    protocol.register(Circle())
    preparing.plug(accounts.prepare)
