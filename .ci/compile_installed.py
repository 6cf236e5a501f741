"""Compile packages while pip still installs others: `compile_installed.py SITE_PACKAGES`.

pip would compile each module on the one core that it uses, and tests that run side by side would
compile those that they import each for itself. This goes on until it is stopped.
"""

from __future__ import annotations

import csv
import py_compile
import sys
import time
from pathlib import Path


def main(site_packages: Path) -> None:
    """Compile the modules of every package that is there, or comes."""
    compiled: set[Path] = set()
    while True:
        # A package's record is the last that pip writes of it.
        for record in sorted(set(site_packages.glob("*.dist-info/RECORD")) - compiled):
            compiled.add(record)
            for name, *_ in csv.reader(record.read_text(encoding="utf-8").splitlines()):
                module = site_packages / name
                # Nobody imports a package's tests, and some records name what isn't there.
                if module.suffix == ".py" and "/tests/" not in name and module.is_file():
                    py_compile.compile(str(module), quiet=2)
        time.sleep(0.2)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
