"""The cache of trained models: found by name and fingerprint, and never trained twice."""

from __future__ import annotations

import contextlib
import itertools
import json
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from bvae_core._entries import BrokenEntry, StoredModel, entry_name, resolve, scan
from bvae_core.bundle import Bundle, BundleContents, open_bundle, write_bundle
from bvae_core.errors import BundleError, StoreError
from bvae_core.files import replacing_file
from bvae_core.manifest import MANIFEST_NAME, MAX_NAME_LENGTH, check_name
from bvae_core.resources import CACHE_VARIABLE, cache_folder, resource

__all__ = ["BrokenEntry", "Store", "StoredModel", "load_bundle"]

#: What `load_bundle` calls the bundle that comes with the program.
DEMO = "demo"

_UNFINISHED = ".writing-"  # how `bvae_core.files` names what it has not finished


class Store:
    """Bundles in a folder, one for each fingerprint of settings and data.

    Below `root`, ``models/`` has the bundles, each in a folder called by the first 16 hex digits
    of its fingerprint; ``checkpoints/`` what unfinished trainings go on from; ``set-aside/``
    broken entries whose place was wanted; ``locks/`` the locks. Processes may share a store.

    Parameters
    ----------
    root
        The folder, made when something is written. None takes the environment variable
        ``BVAE_CACHE_DIR`` or else the user's cache folder.

    Raises
    ------
    StoreError
        From every method, if the folder can't be read or written.
    """

    def __init__(self, root: Path | None = None) -> None:
        self.root = cache_folder() if root is None else root

    def models(self) -> list[StoredModel]:
        """Return the models, newest first.

        A missing or cut-off file is noticed; that every byte is right is checked on opening.
        """
        return self._scan()[0]

    def broken(self) -> list[BrokenEntry]:
        """Return the entries that `models` leaves out, and why."""
        return self._scan()[1]

    def open(self, name: str) -> Bundle:
        """Open the model with this name, or whose fingerprint begins so (4 digits or more).

        Raises
        ------
        StoreError
            If there is none or there are several, naming those there are.
        BundleError
            If its files are damaged.
        """
        return open_bundle(self._resolve(name).path)

    def find(self, fingerprint: str) -> Bundle | None:
        """Open the model with this fingerprint; None if there is none, or none that opens.

        A broken entry in its place stays among `broken` until `add` sets it aside.
        """
        path = self._place(fingerprint)
        if not path.exists():
            return None
        try:
            bundle = open_bundle(path)
        except BundleError:
            return None
        return bundle if bundle.fingerprint == fingerprint else None

    def add(self, contents: BundleContents) -> Bundle:
        """Keep a trained model, or open the one that is here with the same fingerprint.

        A finished training is never turned away: if its name is taken by now, it is kept under
        the next free one (see `free_name`), and a broken entry in its place is set aside.

        Raises
        ------
        BundleError
            If `contents` are not fit for a bundle.
        BvaeError
            If the disk is full.
        """
        with self._changing():
            if (present := self.find(contents.fingerprint)) is not None:
                return present
            place = self._place(contents.fingerprint)
            if place.exists():
                self._set_aside(place)
            return write_bundle(place, replace(contents, name=self.free_name(contents.name)))

    def free_name(self, wanted: str) -> str:
        """Return `wanted`, or with a number behind it if a model has that name: ``kmnist 2``."""
        taken = {model.name for model in self.models()} | {DEMO}
        name = wanted = check_name(wanted)
        for number in itertools.count(2):
            if name not in taken:
                break
            ending = f" {number}"
            name = wanted[: MAX_NAME_LENGTH - len(ending)].rstrip() + ending
        return name

    def check_free(self, name: str) -> str:
        """Return the name as the store would keep it.

        Raises
        ------
        StoreError
            If a model has that name, or it is the demo's.
        BundleError
            If it is no name for a model.
        """
        name = check_name(name)
        if name == DEMO:
            raise StoreError(f"{DEMO!r} is the name of the model that comes with the program.")
        if any(model.name == name for model in self.models()):
            raise StoreError(f"There is a model named {name!r} already. Choose another name.")
        return name

    def rename(self, name: str, new: str) -> None:
        """Give a model another name.

        Raises
        ------
        StoreError
            If there is no such model or the new name is taken.
        BundleError
            If the new name is no name for a model.
        """
        with self._changing():
            model = self._resolve(name)
            if check_name(new) == model.name:
                return
            path = model.path / MANIFEST_NAME
            values = json.loads(path.read_text(encoding="utf-8"))
            values["name"] = self.check_free(new)
            with replacing_file(path) as temporary:
                temporary.write_text(
                    json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
                )

    def remove(self, name: str) -> None:
        """Delete a model and its checkpoint; a broken entry, named by its folder, is set aside.

        Raises
        ------
        StoreError
            If there is no such model.
        """
        with self._changing():
            for entry in self.broken():
                if entry.path.name == name:
                    self._set_aside(entry.path)
                    return
            model = self._resolve(name)
            # Out of sight at once, whatever interrupts the deleting of one file after the other.
            doomed = model.path.with_name(_UNFINISHED + secrets.token_hex(8))
            model.path.rename(doomed)
            shutil.rmtree(doomed)
            self.discard_checkpoint(model.fingerprint)

    @contextlib.contextmanager
    def lock(
        self, fingerprint: str, *, on_wait: Callable[[], None] | None = None
    ) -> Iterator[None]:
        """Let one process at a time train what has this fingerprint.

        Whoever gets the lock looks with `find` whether another has trained it meanwhile. The
        lock ends with its process, even a killed one.

        Parameters
        ----------
        fingerprint
            Of settings and data.
        on_wait
            Called once if another process holds the lock.
        """
        with self._locked(entry_name(fingerprint), on_wait):
            yield

    def checkpoint_folder(self, fingerprint: str) -> Path:
        """Return the folder for the checkpoint of this training, made if need be."""
        folder = self.root / "checkpoints" / entry_name(fingerprint)
        with _store_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    def discard_checkpoint(self, fingerprint: str) -> None:
        """Delete the checkpoint of this training, if there is one."""
        folder = self.root / "checkpoints" / entry_name(fingerprint)
        with _store_errors(folder), contextlib.suppress(FileNotFoundError):
            shutil.rmtree(folder)

    @property
    def _models_folder(self) -> Path:
        return self.root / "models"

    def _place(self, fingerprint: str) -> Path:
        return self._models_folder / entry_name(fingerprint)

    def _scan(self) -> tuple[list[StoredModel], list[BrokenEntry]]:
        with _store_errors(self._models_folder):
            return scan(self._models_folder)

    def _resolve(self, name: str) -> StoredModel:
        if name == DEMO:
            raise StoreError(
                f"{DEMO!r} comes with the program: it is not in the cache, and can't be renamed or "
                "removed."
            )
        return resolve(name, *self._scan(), also_known=[DEMO])

    def _set_aside(self, path: Path) -> None:
        aside = self.root / "set-aside"
        aside.mkdir(exist_ok=True)
        path.rename(aside / f"{path.name}-{secrets.token_hex(4)}")

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """Change the list of models, alone."""
        with self._locked("models", None), _store_errors(self._models_folder):
            self._models_folder.mkdir(exist_ok=True)
            # Nobody else is writing: what looks like it was left by one who was killed.
            for pattern in (f"{_UNFINISHED}*", f"*/{_UNFINISHED}*"):
                for leftover in self._models_folder.glob(pattern):
                    if leftover.is_dir():
                        shutil.rmtree(leftover)
                    else:
                        leftover.unlink()
            yield

    @contextlib.contextmanager
    def _locked(self, name: str, on_wait: Callable[[], None] | None) -> Iterator[None]:
        from filelock import FileLock, Timeout  # takes longer to import than a model to open

        path = self.root / "locks" / f"{name}.lock"
        lock = FileLock(path)
        with _store_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                if on_wait is not None:
                    on_wait()
                lock.acquire()
        try:
            yield
        finally:
            lock.release()


def load_bundle(name_or_path: str | Path, *, store: Store | None = None) -> Bundle:
    """Open a trained model, wherever it is.

    Parameters
    ----------
    name_or_path
        ``"demo"`` for the model that comes with the program; a bundle's folder; or the name or
        the beginning of the fingerprint of a model in the store.
    store
        Where to look for names; None is the user's own.

    Raises
    ------
    StoreError
        If there is no such model, naming those there are.
    BundleError
        If the bundle is damaged or from a newer version, naming what is wrong.
    """
    if name_or_path == DEMO:
        return open_bundle(resource(DEMO))
    path = Path(name_or_path)
    if isinstance(name_or_path, Path) or set(name_or_path) & set("/\\") or _has_manifest(path):
        return open_bundle(path)
    return (store or Store()).open(name_or_path)


def _has_manifest(folder: Path) -> bool:
    try:
        return (folder / MANIFEST_NAME).is_file()
    except OSError:  # a name too long for the file system is no folder's
        return False


@contextlib.contextmanager
def _store_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{error.filename or path}: the model cache can't be used: "
            f"{error.strerror or error}. {CACHE_VARIABLE} names another folder for it."
        ) from error
    except NotImplementedError as error:  # filelock's word for it
        raise StoreError(
            f"{path}: the file system has no locks. {CACHE_VARIABLE} names another folder "
            "for the model cache."
        ) from error
