"""Files are read line by line, packed or not, and one that breaks off says so."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from community.inbox import threadfile
from community.inbox.threadfile import ThreadFile, UnusableFile, opened


def lines_of(path: Path) -> list[tuple[int, bytes | None]]:
    with opened(str(path)) as file:
        return [(file.number, line) for line in file.lines()]


def written(tmp_path: Path, content: bytes, name: str = "threads.jsonl") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_lines_come_with_their_numbers_and_blank_ones_are_passed_over(tmp_path: Path, packed: bool) -> None:
    content = b"\xef\xbb\xbfone\n\n  \ntwo\r\nthree"
    path = written(tmp_path, gzip.compress(content) if packed else content)
    assert lines_of(path) == [(1, b"one\n"), (4, b"two\r\n"), (5, b"three")]


def test_packed_is_what_begins_so_whatever_its_name(tmp_path: Path) -> None:
    assert lines_of(written(tmp_path, gzip.compress(b"one\n"), "threads.txt")) == [(1, b"one\n")]
    assert lines_of(written(tmp_path, b"one\n", "threads.jsonl.gz")) == [(1, b"one\n")]


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    assert lines_of(written(tmp_path, b"")) == []


def test_a_line_longer_than_a_line_may_be_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threadfile, "LONGEST_LINE", 10)
    content = b"x" * 10 + b"\n" + b"y" * 35 + b"\nz\n" + b"w" * 11
    assert lines_of(written(tmp_path, content)) == [(1, b"x" * 10 + b"\n"), (2, None), (3, b"z\n"), (4, None)]


def test_a_packed_file_that_breaks_off_gives_its_whole_lines_and_then_says_so(tmp_path: Path) -> None:
    content = b"".join(b"%d %s\n" % (number, os.urandom(600).hex().encode()) for number in range(500))
    path = written(tmp_path, gzip.compress(content)[:-2000])
    read: list[bytes] = []
    with pytest.raises(UnusableFile, match="breaks off after line"), opened(str(path)) as file:
        read.extend(line for line in file.lines() if line)
    assert len(read) > 100
    assert b"".join(read) == content[: len(b"".join(read))]


def test_a_damaged_packed_file_says_so(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(os.urandom(5000).hex().encode() + b"\n"))
    packed[len(packed) // 2 : len(packed) // 2 + 200] = b"\x00" * 200
    with pytest.raises(UnusableFile, match=r"damaged|breaks off"):
        lines_of(written(tmp_path, bytes(packed)))


def test_a_file_that_is_not_there_or_is_a_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="No such file"):
        lines_of(tmp_path / "nowhere.jsonl")
    with pytest.raises(UnusableFile, match="Is a directory"):
        lines_of(tmp_path)


def test_how_far_along_is_known_for_files_and_not_for_pipes(tmp_path: Path) -> None:
    with opened(str(written(tmp_path, b"one\ntwo\n"))) as file:
        assert file.share == 0
        list(file.lines())
        assert file.share == 1
    reading, writing = os.pipe()
    os.write(writing, b"one\n")
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        file = ThreadFile(pipe)
        assert list(file.lines()) == [b"one\n"]
        assert file.share is None
