"""`Session`: what its file holds, taken from a state, written, and given back to a state."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from bvae_core import __version__
from bvae_core.bundle import Bundle
from bvae_core.errors import BvaeError, DataError
from bvae_core.files import replacing_file
from bvae_gui.sessions.parts import PARTS, CannotNowError
from bvae_gui.state import ExplorerState

#: What the files' names end in.
SUFFIX = ".bvae-session.json"
SCHEMA_VERSION = 1

ThemeChoice: TypeAlias = Literal["system", "light", "dark"]


@dataclass(frozen=True)
class Layout:
    """How the window was laid out.

    Parameters
    ----------
    parts
        What Qt wrote of each part, by the part's name.
    tool
        The tool that was in front, or None.
    seen
        What was seen of the map, ((left, right), (bottom, top)); None is all of it.
    """

    parts: Mapping[str, bytes] = field(default_factory=dict)
    tool: str | None = None
    seen: tuple[tuple[float, float], tuple[float, float]] | None = None


@dataclass(frozen=True)
class Session:
    """A session as it is in its file.

    Parameters
    ----------
    name, fingerprint
        Of its model.
    values
        JSON values of what is explored; `check` says whether they make sense.
    theme
        The window's colours.
    layout
        How the window is laid out.
    """

    name: str
    fingerprint: str
    values: Mapping[str, Any]
    theme: ThemeChoice = "system"
    layout: Layout = field(default_factory=Layout)

    @classmethod
    def of(
        cls, state: ExplorerState, theme: ThemeChoice = "system", layout: Layout | None = None
    ) -> Session:
        """Return what is explored now.

        Raises
        ------
        BvaeError
            If the codes on the map are not the model's own, or what is saved with the model can't
            be read.
        """
        model = state.model
        if model.codes_of is not None:
            raise BvaeError(
                "session: Expected the images that the model was trained on, which the session "
                f"finds again by the model's name. Received: {model.codes_of}."
            )
        values = {name: part.write(state) for name, part in PARTS.items()}
        return cls(model.name, model.fingerprint, values, theme, layout or Layout())

    def write(self, target: Path) -> None:
        """Write it to a file, which is replaced as a whole or not at all."""
        content = {
            "program": f"bvae-explorer {__version__}",
            "schema_version": SCHEMA_VERSION,
            "model": {"name": self.name, "fingerprint": self.fingerprint},
            "theme": self.theme,
            "layout": {
                "parts": {
                    name: base64.b64encode(part).decode("ascii")
                    for name, part in self.layout.parts.items()
                },
                "tool": self.layout.tool,
                "seen": self.layout.seen,
            },
            **self.values,
        }
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
        with replacing_file(target) as temporary:
            temporary.write_text(text + "\n", encoding="utf-8")

    def check(self, bundle: Bundle) -> None:
        """Raise a BvaeError if the model has no such places, images or views; change nothing."""
        trial = ExplorerState()
        trial.open(bundle)
        self._read(trial)

    def restore(self, state: ExplorerState) -> str:
        """Explore what was explored, the scene as one step to undo.

        Selections and directions are added to those that are saved with the model; one whose name
        another has by now gets a number behind it.

        Parameters
        ----------
        state
            Its model is open.

        Returns
        -------
        What could not be restored, as a sentence, or nothing.

        Raises
        ------
        BvaeError
            If another model is open, or it has no such places, images or views, or what is to be
            saved with it can't be. Nothing changes then.
        """
        read = self._read(state)
        remark = ""
        for name, part in PARTS.items():
            try:
                part.apply(state, read[name])
            except CannotNowError as error:
                remark = str(error)
        return remark

    def _read(self, state: ExplorerState) -> dict[str, Any]:
        if state.model.fingerprint != self.fingerprint:
            raise DataError(
                f"session: Expected the model that it was made with, {self.name} "
                f"({self.fingerprint[:16]}). Received: {state.model.name}."
            )
        return {name: part.read(state, self.values.get(name)) for name, part in PARTS.items()}
