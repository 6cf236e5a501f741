"""What can go wrong, said in one sentence each.

Every error that a user's input or machine can cause derives from `BvaeError`. Its message is
complete on its own: it names the thing, what was expected and what was received, and, where there
is one, the way out. The shell prints the message and nothing else; the window shows it as it is.
"""

from __future__ import annotations


class BvaeError(Exception):
    """An expected failure whose message is written for the person at the keyboard."""


class DataError(BvaeError):
    """Images, labels or the files that they come from can't be used."""


class ConfigError(BvaeError, ValueError):
    """A training setting is out of its range or contradicts another."""


class BundleError(BvaeError):
    """A bundle is missing, damaged, from a newer version, or no bundle at all."""


class StoreError(BvaeError):
    """The model cache can't do what was asked: unknown name, name taken, no room, no permission."""


class DeviceError(BvaeError):
    """The requested computing device is not there or can't be used."""


class AnchorError(BvaeError, ValueError):
    """A place in latent space was described in a way that names no place."""


class AnnotationError(BvaeError, ValueError):
    """A saved selection or direction is not there, not fit to be kept, or can't be read."""
