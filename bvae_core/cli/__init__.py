"""`bvae`: every thing the window can do, from the shell.

One module a group of commands. What is slow to import — NumPy, matplotlib, TensorFlow — is imported
by the command that needs it, so that `bvae --help` answers at once.
"""

from bvae_core.cli.main import main

__all__ = ["main"]
