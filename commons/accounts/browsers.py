"""What a browser says about itself, in words that a person recognises."""

from __future__ import annotations

LONGEST = 200
# In this order: most browsers also claim to be the ones further down.
APPS = (
    ("MicroMessenger", "WeChat"),
    ("Weibo", "Weibo"),
    ("QQBrowser", "QQ"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def short(user_agent: str) -> str:
    """`Chrome · Android`; as much as is known, empty when nothing is."""
    found = (_first(user_agent, APPS), _first(user_agent, SYSTEMS))
    return " · ".join(word for word in found if word)


def _first(user_agent: str, words: tuple[tuple[str, str], ...]) -> str:
    return next((word for mark, word in words if mark in user_agent), "")
