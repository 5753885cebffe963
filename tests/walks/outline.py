"""Reading the map of the pages: indented lines become pages and what is opened from each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

PRESS = "press "


@dataclass
class Page:
    """One line: its address, rule or button, the name that `staging` knows it by, and what is opened from it."""

    words: str
    staged: str = ""
    inner: list[Page] = field(default_factory=list)

    @property
    def is_pressed(self) -> bool:
        return self.words.startswith(PRESS)

    def all(self) -> Iterator[Page]:
        yield self
        for page in self.inner:
            yield from page.all()


def read(text: str) -> list[Page]:
    """The outermost pages of a text of such lines."""
    outermost = Page("")
    path = [outermost]
    for line in filter(str.strip, text.splitlines()):
        words = line.strip()
        page = Page(words) if words.startswith(PRESS) else _named(words)
        depth = (len(line) - len(line.lstrip())) // 4
        del path[depth + 1 :]
        path[-1].inner.append(page)
        path.append(page)
    return outermost.inner


def _named(words: str) -> Page:
    address, _space, name = words.removesuffix(")").partition(" (") if words.endswith(")") else (words, "", "")
    return Page(address, name)
