"""What the window needs of a Linux system, looked for before Qt does and aborts without it."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Mapping

from bvae_core.errors import BvaeError

Loader = Callable[[str], ctypes.CDLL]

# What Qt's libraries and platform plugins are linked against: what Debian calls the package, and
# what Fedora does. C's and C++'s own libraries are there, or Python wouldn't be.
_ANY = {
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libz.so.1": ("zlib1g", "zlib"),
    "libfreetype.so.6": ("libfreetype6", "freetype"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libX11.so.6": ("libx11-6", "libX11"),
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
}
_XCB = {
    "libxcb.so.1": ("libxcb1", "libxcb"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb"),
}
_WAYLAND = {
    "libwayland-client.so.0": ("libwayland-client0", "libwayland-client"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "libwayland-cursor"),
}
_PLATFORMS = {"xcb": _XCB, "wayland": _WAYLAND}


def check_system(
    environ: Mapping[str, str] = os.environ,
    *,
    platform: str = sys.platform,
    load: Loader = ctypes.CDLL,
) -> None:
    """Make sure that Qt will find its libraries and a display.

    Only what is certain to fail is refused; elsewhere than on Linux, nothing is.

    Parameters
    ----------
    environ
        The environment variables.
    platform
        As `sys.platform`.
    load
        Loads a shared library, or raises an OSError.

    Raises
    ------
    BvaeError
        If there is no display, or it doesn't answer, or a library is missing.
    """
    if platform != "linux":
        return
    chosen = _chosen_platforms(environ)
    missing = _missing(_ANY, load)
    lacking = {name: missing | _missing(_PLATFORMS.get(name, {}), load) for name in chosen}
    complete = [name for name in chosen if not lacking[name]]
    if not complete:
        raise BvaeError(_missing_sentence(min(lacking.values(), key=len)))
    if not any(_answers(name, load) for name in complete):
        where = " or ".join(
            f"{variable}={environ[variable]}"
            for variable in ("DISPLAY", "WAYLAND_DISPLAY")
            if variable in environ
        )
        raise BvaeError(
            f"bvae-gui: Expected a display to open a window on. Received: none that answers "
            f"at {where or 'the default place'}."
        )


def _chosen_platforms(environ: Mapping[str, str]) -> list[str]:
    """Return the platform plugins that Qt may take."""
    if wanted := environ.get("QT_QPA_PLATFORM"):
        return [name.split(":")[0].split("-")[0] for name in wanted.split(";")]
    variables = {"wayland": "WAYLAND_DISPLAY", "xcb": "DISPLAY"}
    if chosen := [name for name, variable in variables.items() if environ.get(variable)]:
        return chosen
    raise BvaeError(
        "bvae-gui: Expected a display to open a window on. Received: neither DISPLAY nor "
        "WAYLAND_DISPLAY. Start it from a desktop session, over `ssh -X`, or use `bvae` here."
    )


def _missing(libraries: Mapping[str, tuple[str, str]], load: Loader) -> set[tuple[str, str]]:
    """Return the packages of those libraries that can't be loaded."""
    packages = set()
    for library, package in libraries.items():
        try:
            load(library)
        except OSError:
            packages.add(package)
    return packages


def _missing_sentence(packages: set[tuple[str, str]]) -> str:
    debian, fedora = (" ".join(sorted(set(names))) for names in zip(*packages, strict=True))
    return (
        "bvae-gui: Expected the system libraries that windows need. Received: a system without "
        f"{debian}. To install: `sudo apt install {debian}`, or `sudo dnf install {fedora}` "
        "on Fedora."
    )


def _answers(name: str, load: Loader) -> bool:
    """Return whether the display server takes a connection; True where it can't be known."""
    match name:
        case "xcb":
            xcb = load("libxcb.so.1")
            xcb.xcb_connect.restype = ctypes.c_void_p
            connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
            answers = bool(xcb.xcb_connection_has_error(connection) == 0)
            xcb.xcb_disconnect(connection)
        case "wayland":
            wayland = load("libwayland-client.so.0")
            wayland.wl_display_connect.restype = ctypes.c_void_p
            connection = ctypes.c_void_p(wayland.wl_display_connect(None))
            answers = bool(connection)
            if answers:
                wayland.wl_display_disconnect(connection)
        case _:
            answers = True
    return answers
