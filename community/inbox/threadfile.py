"""Files of threads: an original with all its reposts and comments, one JSON object a line, gzipped or not."""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

LONGEST_LINE = 64 * 1024 * 1024
GZIP = b"\x1f\x8b"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class UnusableFile(Exception):
    """The file cannot be opened, or cannot be read on. The message says so in words."""


class ThreadFile:
    """The lines of an open file, each with its number, and how far along in the file they are."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self.size = _size(raw)
        self.number = 0

    @property
    def share(self) -> float | None:
        """How much of the file has been read, 0..1; None where its size is not known (a pipe)."""
        return min(1.0, self._raw.tell() / self.size) if self.size else None

    def lines(self) -> Iterator[bytes | None]:
        """Every line that is not blank; None stands for one too long to be read. Raises `UnusableFile`."""
        try:
            yield from self._lines(_opened(self._raw))
        except EOFError as error:
            raise UnusableFile(f"the compressed file breaks off after line {self.number}") from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise UnusableFile(f"the compressed file is damaged after line {self.number}: {error}") from error
        except OSError as error:
            raise UnusableFile(f"reading failed after line {self.number}: {error.strerror or error}") from error

    def _lines(self, content: BinaryIO) -> Iterator[bytes | None]:
        while line := content.readline(LONGEST_LINE + 1):
            self.number += 1
            if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                _skip_line(content)
                yield None
                continue
            line = line.removeprefix(BYTE_ORDER_MARK) if self.number == 1 else line
            if line.strip():
                yield line


@contextmanager
def opened(name: str) -> Iterator[ThreadFile]:
    """The file called `name`, `-` for standard input. Raises `UnusableFile`."""
    if name == "-":
        yield ThreadFile(sys.stdin.buffer)
        return
    try:
        raw = Path(name).open("rb")  # noqa: SIM115 (closed below; an error of the body is not one of opening)
    except OSError as error:
        raise UnusableFile(error.strerror or str(error)) from error
    with raw:
        yield ThreadFile(raw)


def _opened(raw: BinaryIO) -> BinaryIO:
    """The content of `raw`, unpacked when it begins as gzip does, whatever it is called."""
    start = raw.peek(len(GZIP)) if isinstance(raw, io.BufferedReader) else b""
    return io.BufferedReader(gzip.GzipFile(fileobj=raw)) if start.startswith(GZIP) else raw


def _skip_line(content: BinaryIO) -> None:
    while piece := content.readline(LONGEST_LINE):
        if piece.endswith(b"\n"):
            return


def _size(raw: BinaryIO) -> int | None:
    try:
        found = os.fstat(raw.fileno())
    except (OSError, ValueError):
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None
