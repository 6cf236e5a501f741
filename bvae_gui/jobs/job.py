"""`Job`: one training of the window's, as it is remembered in a folder of its own."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from bvae_core.config import TrainConfig
from bvae_core.errors import BvaeError, DataError
from bvae_core.files import replacing_file
from bvae_core.training.events import (
    AlreadyTrained,
    EpochEnd,
    Event,
    Failed,
    Finished,
    Previewed,
    Started,
    StartingOver,
    Stopped,
    Waiting,
)
from bvae_core.training.previews import preview_files
from bvae_gui.jobs.command import NICE, Source, settings_arguments

State = Literal["queued", "running", "paused", "stopped", "failed", "done"]

_FILE = "job.json"
_KEPT = ("id", "created", "name", "state", "background", "open_when_done", "pid", "reason", "model")


@dataclass(eq=False)
class Job:
    """What is trained, on what, and how far it is.

    Parameters
    ----------
    folder
        With ``job.json``, ``events.jsonl``, ``errors.txt`` and ``previews/``.
    id
        The folder's name.
    created
        When it was asked for, ISO 8601.
    source, config, name
        What to train; without a name the training chooses one.
    open_when_done
        Whether the model shall open by itself.
    state
        ``queued`` for its turn; ``running``; ``paused``, which keeps its turn; ``stopped``, which
        can be gone on with; ``failed``; ``done``.
    background
        Whether the training goes on without the window.
    pid
        The process while it is running.
    reason
        Why it stopped or failed, in a sentence.
    model
        Folder of the trained model.
    started, epochs, note
        What the training said: how it began, its epochs so far, and what it is waiting for.
    failure
        What the training said that went wrong.
    """

    folder: Path
    id: str
    created: str
    source: Source
    config: TrainConfig
    name: str | None = None
    open_when_done: bool = True
    state: State = "queued"
    background: bool = False
    pid: int | None = None
    reason: str = ""
    model: str | None = None
    started: Started | None = None
    epochs: list[EpochEnd] = field(default_factory=list)
    note: str = ""
    failure: str = ""

    @classmethod
    def new(
        cls,
        jobs_folder: Path,
        source: Source,
        config: TrainConfig,
        *,
        name: str | None,
        open_when_done: bool,
    ) -> Job:
        """Make a job with a folder of its own; a BvaeError if that can't be written."""
        now = datetime.now(UTC)
        name_of_folder = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        folder = jobs_folder / name_of_folder
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise BvaeError(f"{folder} could not be made: {error.strerror}.") from error
        job = cls(
            folder=folder,
            id=name_of_folder,
            created=now.isoformat(timespec="seconds"),
            source=source,
            config=config,
            name=name,
            open_when_done=open_when_done,
        )
        job.save()
        return job

    @classmethod
    def load(cls, folder: Path) -> Job:
        """Read a job; a DataError if its file is damaged."""
        path = folder / _FILE
        try:
            values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            if values["state"] not in get_args(State):
                raise ValueError(values["state"])
            return cls(
                folder=folder,
                source=Source(**values["source"]),
                config=TrainConfig.from_json(values["config"]),
                **{key: values[key] for key in _KEPT},
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"{path}: Expected a training's settings. Received: {error}."
            ) from error

    def save(self) -> None:
        """Write ``job.json``; a BvaeError if that can't be."""
        values = {key: getattr(self, key) for key in _KEPT}
        values |= {"source": asdict(self.source), "config": self.config.to_json()}
        with replacing_file(self.folder / _FILE) as path:
            path.write_text(json.dumps(values, indent=1, ensure_ascii=False), encoding="utf-8")

    @property
    def event_log(self) -> Path:
        """The file that the training's events are appended to."""
        return self.folder / "events.jsonl"

    @property
    def errors(self) -> Path:
        """The file that the training's standard error goes to."""
        return self.folder / "errors.txt"

    @property
    def previews(self) -> Path:
        """The folder with the training's previews."""
        return self.folder / "previews"

    def preview_files(self) -> list[Path]:
        """Return the previews, from the first to the last."""
        return preview_files(self.previews)

    @property
    def epoch(self) -> int:
        """Finished epochs."""
        return self.epochs[-1].epoch if self.epochs else 0

    @property
    def title(self) -> str:
        """What to call it."""
        chosen = self.name or (Path(self.model).name if self.model else "")
        data = Path(self.source.text).name or self.source.text
        return chosen or f"{data}, β = {self.config.beta:g}, {self.config.latent_dim} d"

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen to it unless somebody asks for it."""
        return self.state in ("stopped", "failed", "done")

    def arguments(self) -> list[str]:
        """Return the arguments of `bvae` that train this, going on where it stopped."""
        name = [] if self.name is None else ["--name", self.name]
        return [
            "train",
            *settings_arguments(self.config),
            *name,
            "--resume",
            "--json-events",
            "--event-log", str(self.event_log),
            "--previews", str(self.previews),
            "--nice", str(NICE),
            "--stop-with-parent",
            *self.source.arguments(),
        ]  # fmt: skip

    def take(self, event: Event) -> None:
        """Take in what the training said."""
        match event:
            case Started():
                self.started = event
                self._forget_epochs_after(event.resumed_from_epoch)
                self.note = self.failure = ""
            case EpochEnd():
                self._forget_epochs_after(event.epoch - 1)
                self.epochs.append(event)
            case Waiting(message) | StartingOver(message):
                self.note = message
            case Failed(message):
                self.failure = message
            case Finished() | AlreadyTrained():
                self.model, self.name = event.path, event.name
            case Previewed() | Stopped():
                pass

    def _forget_epochs_after(self, epoch: int) -> None:
        """Forget what was lost in a kill before its checkpoint, or with a training begun anew."""
        while self.epoch > epoch:
            self.epochs.pop()
