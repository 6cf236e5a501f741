"""What went wrong or is worth knowing, said as napari says such things."""

from __future__ import annotations

from napari.utils.notifications import show_error, show_info, show_warning

from bvae_core.errors import BvaeError
from bvae_core.log import write_log

__all__ = ["report", "show_info", "show_warning"]


def report(error: BaseException) -> None:
    """Say what went wrong: a `BvaeError` in its own sentence, all else with where its log is."""
    if isinstance(error, BvaeError):
        show_error(str(error))
    else:
        show_error(f"Something unexpected went wrong ({error!r}). {write_log(error, ['napari'])}")
