"""Names of a package that are imported when they are first used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy_names(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Return what a package is to call ``__getattr__`` (PEP 562): importing it loads nothing then.

    >>> lazy_names("bvae_core", {"load_images": "datasets:load"})("load_images").__name__
    'load'

    Parameters
    ----------
    package
        Its ``__name__``.
    homes
        By name, the module of the package that has it, ``module:other_name`` if it is called
        otherwise there.

    Raises
    ------
    AttributeError
        From the function, if it is asked for another name.
    """

    def get(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, _, other_name = homes[name].partition(":")
        return getattr(import_module(f"{package}.{module}"), other_name or name)

    return get
