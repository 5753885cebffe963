"""Where pictures and videos lie: a folder, named by MEDIA_URL. A file is there whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import unquote, urlsplit

from flask import current_app
from flask_babel import gettext as _

from commons.errors import DomainError
from commons.setting_error import SettingError


class NotKept(DomainError):
    """The store cannot be written: the disk is full or the folder is not ours."""

    status = 503


class Store:
    """Files by key, such as `3f/9a…/320`. Writing a key again with the same content changes nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def at(cls, url: str) -> Store:
        """The store that MEDIA_URL names; SettingError for anything but an absolute `file://` path."""
        parts = urlsplit(url)
        if parts.scheme != "file" or parts.netloc or not parts.path.startswith("/"):
            raise SettingError("MEDIA_URL must be file:// and an absolute path")
        return cls(Path(unquote(parts.path)))

    def path(self, key: str) -> Path:
        return self.folder / key

    def write(self, key: str, data: bytes) -> None:
        """Keep `data`; a crash in the middle leaves no half file under `key`. Raises `NotKept`."""
        path = self.path(key)
        with keeping():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, data)

    def take_over(self, key: str, file: Path) -> None:
        """Keep `file`, which lies in a `workplace`, under `key`; it is moved. Raises `NotKept`."""
        path = self.path(key)
        with keeping():
            path.parent.mkdir(parents=True, exist_ok=True)
            with file.open("rb") as written:
                os.fsync(written.fileno())
            file.chmod(0o644)
            os.utime(file)
            file.replace(path)

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        """A folder on the disk of the store for what is not finished yet; gone afterwards. Raises `NotKept`."""
        with keeping():
            self.unfinished.mkdir(parents=True, exist_ok=True)
            place = Path(mkdtemp(dir=self.unfinished))
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)

    @property
    def unfinished(self) -> Path:
        return self.folder / "unfinished"


@contextmanager
def keeping() -> Iterator[None]:
    """What the disk refuses inside is refused by name."""
    try:
        yield
    except OSError as obstacle:
        raise NotKept(
            _("The file could not be stored."), _("Tell an administrator: %(why)s", why=obstacle.strerror)
        ) from obstacle


def store() -> Store:
    """The store of the current application."""
    found: Store = current_app.extensions["media"]
    return found


def _write_whole(path: Path, data: bytes) -> None:
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    try:
        with fresh.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
