"""Pin and hash requirements/*.in into requirements/*.txt, for every platform and Python from 3.11 on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETS = ("base", "dev", "bench", "node", "uv")
COMPILE = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
SILENT = ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate"]


def main() -> int:
    program, *words = COMPILE
    for name in SETS:
        files = [f"requirements/{name}.in", "--output-file", f"requirements/{name}.txt"]
        command = [str(Path(sys.executable).parent / program), *words, *SILENT, *sys.argv[1:], *files]
        if subprocess.call(command, cwd=ROOT):
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
