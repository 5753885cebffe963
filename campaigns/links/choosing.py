"""Which target a visitor is sent to: pure functions over a link's plan and what the request showed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import regex

DEVICES = ("phone", "tablet", "computer", "ios", "android")

_TABLET = regex.compile(r"iPad|Tablet|PlayBook|Silk(?!.*Mobile)|Android(?!.*Mobile)|HarmonyOS.*Pad", regex.IGNORECASE)
_PHONE = regex.compile(r"iPhone|iPod|Mobile|Windows Phone|MicroMessenger(?!.*Windows)", regex.IGNORECASE)
_APPLE = regex.compile(r"iPhone|iPad|iPod", regex.IGNORECASE)
_ANDROID = regex.compile(r"Android|HarmonyOS", regex.IGNORECASE)
_LANGUAGE = regex.compile(r"[a-z]{2,3}")


class Choosable(Protocol):
    """A way as far as the choice goes; see `models.Way`."""

    @property
    def device(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def weight(self) -> int | None: ...


def choose(
    ways: Sequence[Choosable], main_weight: int, *, mark: str, key: str, browser: str, language: str, region: str
) -> int | None:
    """The place of the way to take in `ways`; None is the main target.

    The first rule that fits wins. Whoever no rule takes is dealt to the A/B ways by weight, always to the same for the same
    `mark` as long as the weights stay; `key` keeps one link's dealing apart from another's.
    """
    for place, way in enumerate(ways):
        if way.weight is None and fits(way, browser, language, region):
            return place
    shared = [(place, way.weight) for place, way in enumerate(ways) if way.weight]
    if not shared:
        return None
    dealt = deal([*(weight for _place, weight in shared), main_weight], key=key, mark=mark)
    return shared[dealt][0] if dealt < len(shared) else None


def deal(weights: Sequence[int], *, key: str, mark: str) -> int:
    """The place that `mark` is dealt to by weight: always the same as long as the weights stay. `key` keeps one dealing apart
    from another. One weight at least is more than 0.
    """
    point = int.from_bytes(hashlib.blake2b(f"{key}|{mark}".encode(), digest_size=8).digest()) / 2**64 * sum(weights)
    for place, weight in enumerate(weights):
        if point < weight:
            return place
        point -= weight
    return max(place for place, weight in enumerate(weights) if weight)


def fits(way: Choosable, browser: str, language: str, region: str) -> bool:
    """Whether a visitor fits everything that a rule names. What is not known fits nothing that asks for it."""
    if way.device and way.device not in (device_of(browser), system_of(browser)):
        return False
    if way.language and way.language != language:
        return False
    return not way.region or region == way.region or region.startswith(f"{way.region}-")


@lru_cache(8192)
def device_of(browser: str) -> str:
    """phone, tablet or computer, by the User-Agent header; empty when there is none."""
    if not browser:
        return ""
    if _TABLET.search(browser):
        return "tablet"
    return "phone" if _PHONE.search(browser) else "computer"


@lru_cache(8192)
def system_of(browser: str) -> str:
    """ios or android; empty for everything else."""
    if _APPLE.search(browser):
        return "ios"
    return "android" if _ANDROID.search(browser) else ""


@lru_cache(2048)
def language_of(header: str) -> str:
    """The main part of the language that an Accept-Language header wants most, such as zh; empty for none."""
    best, wanted = "", 0.0
    for part in header.lower().split(",")[:10]:
        tag, _semicolon, quality = part.strip().partition(";q=")
        found = _LANGUAGE.fullmatch(tag.partition("-")[0])
        weight = _weight(quality)
        if found and weight > wanted:
            best, wanted = found.group(), weight
    return best


def _weight(quality: str) -> float:
    try:
        return float(quality) if quality else 1.0
    except ValueError:
        return 0.0
