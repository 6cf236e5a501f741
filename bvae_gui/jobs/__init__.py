"""Trainings in child processes: a queue of jobs that outlive the window, and the look at data.

Nothing here knows a panel.
"""

from bvae_gui.jobs.command import Source
from bvae_gui.jobs.job import Job, State
from bvae_gui.jobs.manager import JobManager
from bvae_gui.jobs.survey import Survey, Surveyor

__all__ = ["Job", "JobManager", "Source", "State", "Survey", "Surveyor"]
