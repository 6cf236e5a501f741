"""Child processes: trainings that outlive the window, the look at data, and projections.

Nothing here knows a panel.
"""

from bvae_gui.jobs.command import Source
from bvae_gui.jobs.job import Job, State
from bvae_gui.jobs.manager import JobManager
from bvae_gui.jobs.projecting import Projector
from bvae_gui.jobs.survey import Survey, Surveyor

__all__ = ["Job", "JobManager", "Projector", "Source", "State", "Survey", "Surveyor"]
