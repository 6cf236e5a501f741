"""`Store`: keeps bundles, gives them names, and opens them; `load_bundle` opens any."""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from bvae_core.bundle import Bundle, BundleContents, open_bundle, write_bundle
from bvae_core.errors import BundleError, StoreError
from bvae_core.files import delete_folder, new_folder, replacing_file
from bvae_core.manifest import MANIFEST_NAME, MAX_NAME_LENGTH, check_name, read_manifest
from bvae_core.resources import DEMO, cache_folder, resource
from bvae_core.store.discarding import Bin, Discarded
from bvae_core.store.entries import BrokenEntry, StoredModel, entry_name, resolve, scan
from bvae_core.store.locks import Locks, explained

_UNFINISHED = ".writing-"  # how `bvae_core.files` names what it has not finished


class Store:
    """Bundles in a folder, one for each fingerprint of settings and data.

    Below `root`, ``models/`` has the bundles, each in a folder called by the first 16 hex digits
    of its fingerprint; ``checkpoints/`` what unfinished trainings go on from; ``set-aside/``
    broken entries whose place was wanted; ``discarded/`` what a running program can still bring
    back; ``locks/`` the locks. Processes may share a store.

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
        self._locks = Locks(self.root / "locks")
        self._bin = Bin(self.root / "discarded", self._locks)

    @property
    def models_folder(self) -> Path:
        """Where the models are, each in a folder of its own; it need not be there yet."""
        return self.root / "models"

    def models(self) -> list[StoredModel]:
        """Return the models, newest first.

        A missing or cut-off file is noticed; that every byte is right is checked on opening.
        """
        return self.scan()[0]

    def broken(self) -> list[BrokenEntry]:
        """Return the entries that `models` leaves out, and why."""
        return self.scan()[1]

    def scan(self) -> tuple[list[StoredModel], list[BrokenEntry]]:
        """Return what `models` and `broken` return, as it was at one time."""
        with explained(self.models_folder):
            for folder in (self.root, self.models_folder):
                if folder.exists() and not folder.is_dir():  # which has no entries, and no error
                    raise NotADirectoryError(errno.ENOTDIR, "Not a folder", str(folder))
            return scan(self.models_folder)

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

    def unpack(self, archive: Path | BinaryIO, *, name: str | None = None) -> Bundle:
        """Keep the model in a ``.zip`` that `bvae_core.transfer.pack_bundle` or a person made.

        Parameters
        ----------
        archive
            A file's path, or an open file.
        name
            What to call it; by default its own name, or the next free one.

        Raises
        ------
        StoreError
            If the model is here already, saying under which name; or if `name` is taken.
        BundleError
            If the archive holds no model or a damaged one, or unpacking it would not be safe.
            Nothing of it is kept then.
        BvaeError
            If the disk is full.
        """
        from bvae_core.transfer import read_packed_manifest, unpack_bundle

        manifest = read_packed_manifest(archive)
        with self._changing():
            if (present := self.find(manifest.fingerprint)) is not None:
                raise StoreError(f"This model is here already, under the name {present.name!r}.")
            chosen = self.free_name(manifest.name) if name is None else self.check_free(name)
            place = self._place(manifest.fingerprint)
            with new_folder(place) as temporary:
                unpack_bundle(archive, temporary)
                _write_name(temporary, chosen)
                if place.exists():
                    self._set_aside(place)
            return open_bundle(place)

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

    def rename(self, name: str, new: str) -> str:
        """Give a model another name, and return it as it is written (NFC).

        Raises
        ------
        StoreError
            If there is no such model or the new name is taken.
        BundleError
            If the new name is no name for a model.
        """
        with self._changing():
            model = self._resolve(name)
            new = check_name(new)
            if new != model.name:
                _write_name(model.path, self.check_free(new))
            return new

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
            delete_folder(doomed)
            self.discard_checkpoint(model.fingerprint)

    def discard(self, name: str) -> Discarded:
        """Take a model, or a broken entry by its folder's name, out of the list for the time being.

        `restore` brings it back as long as this store object lives. What it has discarded is
        deleted by `purge`, or by whoever next changes the store after this process has ended.

        Raises
        ------
        StoreError
            If there is no such model.
        """
        with self._changing():
            found = {entry.path.name: entry.path for entry in self.broken()}.get(name)
            if found is None:
                model = self._resolve(name)
                name, found = model.name, model.path
                self.discard_checkpoint(model.fingerprint)
            return self._bin.put(name, found)

    def restore(self, discarded: Discarded) -> str:
        """Bring back what was discarded, and return its name: the next free one if it is taken.

        Raises
        ------
        StoreError
            If it has been purged, or the same model has been trained or imported again.
        """
        with self._changing():
            if not discarded.path.is_dir():
                raise StoreError(f"{discarded.name!r} is deleted for good, and can't come back.")
            place = self.models_folder / discarded.entry
            if place.exists():
                raise StoreError(f"{discarded.name!r} can't come back: the same model is here.")
            name = discarded.name
            try:
                manifest = read_manifest(discarded.path)
            except BundleError:  # it was broken before
                pass
            else:
                name = self.free_name(manifest.name)
                if name != manifest.name:
                    _write_name(discarded.path, name)
            discarded.path.rename(place)
            return name

    def purge(self) -> None:
        """Delete for good what this store object has discarded."""
        if self._bin.is_in_use:
            with self._changing():
                self._bin.empty()

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
            Called every moment for as long as another process holds the lock; what it raises ends
            the waiting.
        """
        with self._locks.held(entry_name(fingerprint), on_wait):
            yield

    def checkpoint_folder(self, fingerprint: str) -> Path:
        """Return the folder for the checkpoint of this training, made if need be."""
        folder = self.root / "checkpoints" / entry_name(fingerprint)
        with explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    def discard_checkpoint(self, fingerprint: str) -> None:
        """Delete the checkpoint of this training, if there is one."""
        folder = self.root / "checkpoints" / entry_name(fingerprint)
        with explained(folder), contextlib.suppress(FileNotFoundError):
            shutil.rmtree(folder)

    def _place(self, fingerprint: str) -> Path:
        return self.models_folder / entry_name(fingerprint)

    def _resolve(self, name: str) -> StoredModel:
        if name == DEMO:
            raise StoreError(
                f"{DEMO!r} comes with the program: it is not in the cache, and can't be renamed or "
                "removed."
            )
        return resolve(name, *self.scan(), also_known=[DEMO])

    def _delete_what_is_left(self) -> None:
        """Delete what others have left behind: a change that was killed, and closed programs."""
        # Nobody else is writing: what looks like it was left by one who was killed.
        for pattern in (f"{_UNFINISHED}*", f"*/{_UNFINISHED}*"):
            for leftover in self.models_folder.glob(pattern):
                with contextlib.suppress(OSError):  # in nobody's way; the next one tries again
                    if leftover.is_dir():
                        delete_folder(leftover)
                    else:
                        leftover.unlink()
        self._bin.empty_those_of_the_gone()

    def _set_aside(self, path: Path) -> None:
        aside = self.root / "set-aside"
        aside.mkdir(exist_ok=True)
        path.rename(aside / f"{path.name}-{secrets.token_hex(4)}")

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """Change the list of models, alone."""
        with self._locks.held("models"), explained(self.models_folder):
            self.models_folder.mkdir(exist_ok=True)
            self._delete_what_is_left()
            yield


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


def _write_name(folder: Path, name: str) -> None:
    path = folder / MANIFEST_NAME
    values = json.loads(path.read_text(encoding="utf-8"))
    values["name"] = name
    with replacing_file(path) as temporary:
        temporary.write_text(
            json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )


def _has_manifest(folder: Path) -> bool:
    try:
        return (folder / MANIFEST_NAME).is_file()
    except OSError:  # a name too long for the file system is no folder's
        return False
