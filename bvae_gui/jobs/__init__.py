"""Child processes: trainings that outlive the window, the look at data, and projections.

Nothing here knows a panel. What stands here is imported when it is first used: the map needs one of
them as the window starts, and the others what takes time to load.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bvae_gui.jobs.command import Source
    from bvae_gui.jobs.job import Job, State
    from bvae_gui.jobs.manager import JobManager
    from bvae_gui.jobs.projecting import Projector
    from bvae_gui.jobs.survey import Survey, Surveyor

_HOMES = {
    "Job": "job",
    "JobManager": "manager",
    "Projector": "projecting",
    "Source": "command",
    "State": "job",
    "Survey": "survey",
    "Surveyor": "survey",
}

__all__ = ["Job", "JobManager", "Projector", "Source", "State", "Survey", "Surveyor"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
