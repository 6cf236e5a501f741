"""Children that run this program's own `bvae`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from qtpy.QtCore import QProcess, QProcessEnvironment

import bvae_core


def prepare(process: QProcess, folder: str, *arguments: str, module: str = "bvae_core.cli") -> None:
    """Make ready to run `bvae`, or another module, with these arguments in a folder.

    A crash leaves a traceback on standard error.
    """
    environment = QProcessEnvironment.systemEnvironment()
    # Children find the project from wherever this process did, and all else as it does.
    ours = str(Path(bvae_core.__file__).resolve().parents[1])
    inherited = environment.value("PYTHONPATH")
    environment.insert("PYTHONPATH", os.pathsep.join(filter(None, (inherited, ours))))
    process.setProcessEnvironment(environment)
    process.setWorkingDirectory(folder)
    process.setProgram(sys.executable)
    process.setArguments(["-P", "-X", "faulthandler", "-m", module, *arguments])
