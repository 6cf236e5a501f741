"""Child processes: trainings that outlive the window, the look at data, and projections.

Nothing here knows a panel. What stands here is imported when it is first used: the map needs one of
them as the window starts, and the others what takes time to load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bvae_core._lazy import lazy_names

if TYPE_CHECKING:
    from bvae_gui.jobs.command import Source
    from bvae_gui.jobs.job import Job, State
    from bvae_gui.jobs.manager import JobManager
    from bvae_gui.jobs.projecting import Projector
    from bvae_gui.jobs.survey import Survey, Surveyor

__all__ = ["Job", "JobManager", "Projector", "Source", "State", "Survey", "Surveyor"]

__getattr__ = lazy_names(
    __name__,
    {
        "Job": "job",
        "JobManager": "manager",
        "Projector": "projecting",
        "Source": "command",
        "State": "job",
        "Survey": "survey",
        "Surveyor": "survey",
    },
)
