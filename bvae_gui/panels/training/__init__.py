"""Trainings: what to train, and how it goes."""

from bvae_gui.panels.training.panel import TrainingPanel

__all__ = ["TrainingPanel"]
