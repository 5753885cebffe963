"""`make run`: look whether everything is free to start, prepare the database, then hand over to the process manager."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
from pathlib import Path

from dotenv import load_dotenv

from commons.cli import readiness, valkey
from commons.cli.keep import die_with_parent
from commons.config import Settings
from commons.setting_error import SettingError

ROOT = Path(__file__).resolve().parent.parent.parent
PROCESSES = [
    "web",
    "tick",
    "worker-publishing",
    "worker-networks",
    "worker-looking",
    "worker-proving",
    "worker-default",
]


class Obstacle(Exception):
    """What keeps Quanzi from starting, in one line."""


def main() -> int:
    os.chdir(ROOT)
    load_dotenv(ROOT / ".env")
    try:
        start()
    except (Obstacle, SettingError) as obstacle:
        sys.stderr.write(f"quanzi: {obstacle}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def start() -> None:
    """Become the process manager. Raises `Obstacle` and `SettingError` while nothing has been started yet."""
    host, port = os.environ.get("WEB_HOST") or "127.0.0.1", os.environ.get("WEB_PORT") or "8000"
    os.environ.setdefault("BASE_URL", f"http://{host}:{port}")
    require_free(host, port)
    settings = writable_settings()
    processes = PROCESSES if settings.redis_url else [*PROCESSES, embedded_valkey(settings)]
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    if not readiness.is_ready(settings):
        prepare_database()
    switch_demo_on(settings)
    sys.stdout.write(f"\n  Quanzi: {os.environ['BASE_URL']}   (Ctrl-C stops it)\n\n")
    sys.stdout.flush()
    os.environ["QUANZI_MANAGER"] = str(os.getpid())
    os.execvp("honcho", ["honcho", "-e", os.devnull, "start", *processes])


def require_free(host: str, port: str) -> None:
    if not port.isdigit():
        raise Obstacle(f"WEB_PORT must be a number, not {port!r}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except (OSError, OverflowError) as refusal:
            raise Obstacle(f"port {port} of {host} is taken ({refusal}); try `WEB_PORT=8001 make run`") from refusal


def writable_settings() -> Settings:
    """The settings, once it is sure that `var/` can be written."""
    var = os.environ.get("QUANZI_VAR") or str(ROOT / "var")
    try:
        Path(var).mkdir(mode=0o700, parents=True, exist_ok=True)
        trial = Path(var) / f".trial-{os.getpid()}"
        trial.touch()
        trial.unlink()
        return Settings.from_environ(os.environ)
    except OSError as refusal:
        raise Obstacle(
            f"{var} cannot be written ({refusal.strerror}); set QUANZI_VAR to a folder that can"
        ) from refusal


def embedded_valkey(settings: Settings) -> str:
    """Point every process at the embedded server; the name of its line in the Procfile."""
    try:
        valkey.command(settings.var)
    except valkey.NoValkey as refusal:
        raise Obstacle(str(refusal)) from refusal
    except OSError as refusal:
        raise Obstacle(f"the queue's folder {refusal.filename}: {refusal.strerror}") from refusal
    os.environ["REDIS_URL"] = valkey.url(settings.var)
    return "valkey"


def prepare_database() -> None:
    """Migrate and, at the very first start, seed: in a process of its own, as that takes the whole application."""
    done = subprocess.run([sys.executable, "-m", "flask", "prepare"], preexec_fn=die_with_parent)
    if done.returncode:
        raise Obstacle("the database could not be prepared; what stands above says why")


def switch_demo_on(settings: Settings) -> None:
    """Demo mode for a database that `flask prepare` has seeded, unless the environment decides; print its sign-in names."""
    marker = demo_marker(settings)
    if settings.production or not marker.exists():
        return
    seeded, _, names = marker.read_text(encoding="utf-8").partition("\n")
    if seeded == fingerprint(settings) and os.environ.setdefault("QUANZI_DEMO", "1") not in {"0", "false", "no"}:
        sys.stdout.write(f"\n{names}")


def demo_marker(settings: Settings) -> Path:
    return settings.var / "demo"


def fingerprint(settings: Settings) -> str:
    """Which database was seeded, without its password."""
    return hashlib.sha256(settings.database_url.encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
