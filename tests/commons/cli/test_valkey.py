"""The embedded Valkey: a private socket whose path the kernel takes, and data that survives a kill."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from commons.cli import valkey
from tests.servers.valkey import Valkey


def test_the_socket_lies_in_var(tmp_path: Path) -> None:
    assert valkey.socket_path(tmp_path).is_relative_to(tmp_path.resolve())


def test_a_var_that_lies_too_deep_gets_a_short_private_folder(tmp_path: Path) -> None:
    deep = tmp_path / "-".join(["deep"] * 30)
    valkey.command(deep)
    socket = valkey.socket_path(deep)
    assert len(os.fsencode(socket)) <= valkey.SOCKET_PATH_LIMIT
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    socket.parent.rmdir()


def test_two_deep_folders_get_two_sockets(tmp_path: Path) -> None:
    paths = {valkey.socket_path(tmp_path / ("deep" * 30) / name) for name in ("one", "two")}
    assert len(paths) == 2


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs").symlink_to("/")
    with pytest.raises(PermissionError):
        valkey.private_folder(tmp_path / "theirs")


def test_its_folder_and_socket_are_private(valkey: Valkey) -> None:
    folder = valkey.folder / "valkey"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "valkey.sock").stat().st_mode) == 0o700


def test_what_was_written_survives_a_kill() -> None:
    server = Valkey().start()
    with server.client() as client:
        client.set("kept", "yes")
        client.wait(0, 0)
    server.kill()
    server.start()
    with server.client() as client:
        assert client.get("kept") == b"yes"
    server.stop()
