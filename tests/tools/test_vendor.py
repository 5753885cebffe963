"""The icon sprite: every listed icon is there, drawn in the colour of the text around it."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from tools import vendor

SVG = "{http://www.w3.org/2000/svg}"


def test_every_listed_icon_exists() -> None:
    assert [name for name in vendor.wanted_icons() if not (vendor.ICONS / f"{name}.svg").exists()] == []


def test_an_icon_becomes_a_symbol_of_its_name() -> None:
    drawn = ET.fromstring(vendor.sprite(["heart"]))
    (symbol,) = drawn.findall(f"{SVG}symbol")
    assert symbol.attrib["id"] == "heart"
    assert symbol.attrib["stroke"] == "currentColor"
    assert symbol.findall(f"{SVG}path")


def test_the_vendored_files_are_those_that_npm_installed() -> None:
    for name, source in vendor.FILES.items():
        assert Path(vendor.VENDOR / name).read_bytes() == (vendor.MODULES / source).read_bytes()
