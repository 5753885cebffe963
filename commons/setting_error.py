"""What is said of a setting that cannot be used."""

from __future__ import annotations


class SettingError(ValueError):
    """A setting is missing or does not parse. The message names the variable and what it should hold."""
