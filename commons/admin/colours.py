"""Colours of a brand: reading them, and which ink is readable on them (WCAG 2.2, relative luminance and contrast ratio)."""

from __future__ import annotations

import re

WHITE, DARK, BLACK = "#ffffff", "#140f0b", "#000000"
READABLE = 4.5
_HEX = re.compile(r"#[0-9a-f]{6}")


def is_colour(text: str) -> bool:
    """Whether `text` is exactly `#rrggbb` in lower case; nothing else ever reaches a style sheet."""
    return _HEX.fullmatch(text) is not None


def contrast(one: str, two: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(colour: str) -> str:
    """White where it reads, else a dark ink: at least 4.5 to 1 on any colour."""
    return next((ink for ink in (WHITE, DARK) if contrast(colour, ink) >= READABLE), BLACK)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
