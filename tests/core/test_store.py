from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from bundles import contents
from children import run_python, start_python

from bvae_core.bundle import write_bundle
from bvae_core.errors import BundleError, StoreError
from bvae_core.store import Store, load_bundle


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache")


def names(store: Store) -> list[str]:
    return [model.name for model in store.models()]


# Names and fingerprints


def test_an_empty_store_needs_no_folder(store: Store) -> None:
    assert (store.models(), store.broken()) == ([], [])
    assert store.find("0" * 64) is None
    assert not store.root.exists()


def test_a_model_is_found_by_name_and_by_fingerprint(store: Store) -> None:
    added = store.add(contents("き"))
    store.add(contents("れ", seed=1))

    for key in ("き", added.fingerprint, added.fingerprint[:16], added.fingerprint[:4]):
        assert store.open(key).path == added.path
    found = store.find(added.fingerprint)
    assert found is not None
    assert found.name == "き"


def test_a_list_says_what_a_table_needs_newest_first(store: Store) -> None:
    for seed in range(3):
        store.add(contents(f"model {seed}", seed=seed))

    models = store.models()

    assert [model.name for model in models] == ["model 2", "model 1", "model 0"]
    newest, bundle = models[0], store.open("model 2")
    assert (newest.path, newest.fingerprint) == (bundle.path, bundle.fingerprint)
    assert (newest.config, newest.data) == (bundle.config, bundle.data)
    assert (newest.metrics, newest.created) == (bundle.metrics, bundle.created)
    listed = [path for path in bundle.path.iterdir() if path.name != "bundle.json"]
    assert newest.size == sum(path.stat().st_size for path in listed)


def test_the_same_training_is_kept_once(store: Store) -> None:
    first = store.add(contents("first"))
    again = store.add(contents("again"))
    assert (again.name, again.path) == ("first", first.path)
    assert names(store) == ["first"]


def test_a_finished_training_gets_the_next_free_name(store: Store) -> None:
    assert store.add(contents("kana")).name == "kana"
    assert store.add(contents("kana", seed=1)).name == "kana 2"
    assert store.add(contents("kana", seed=2)).name == "kana 3"
    assert store.free_name("kana") == "kana 4"
    assert store.free_name("demo") == "demo 2"
    assert store.add(contents("か" * 100, seed=3)).name == "か" * 100
    assert store.free_name("か" * 100) == "か" * 98 + " 2"


def test_a_name_is_the_same_however_its_accents_are_typed(store: Store) -> None:
    store.add(contents("が"))
    with pytest.raises(StoreError, match="already"):
        store.check_free("か\N{COMBINING KATAKANA-HIRAGANA VOICED SOUND MARK}")
    assert store.open("か\N{COMBINING KATAKANA-HIRAGANA VOICED SOUND MARK}").name == "が"


def test_renaming_changes_the_name_and_nothing_else(store: Store) -> None:
    before = store.add(contents("old"))
    store.add(contents("other", seed=1))

    store.rename("old", "ne'w β=4 き")

    after = store.open("ne'w β=4 き")
    assert (after.path, after.created, after.metrics) == (
        before.path,
        before.created,
        before.metrics,
    )
    assert sorted(names(store)) == ["ne'w β=4 き", "other"]
    store.rename(before.fingerprint[:8], "newer")
    store.rename("newer", "newer")
    assert "newer" in names(store)


@pytest.mark.parametrize(
    ("new", "error", "message"),
    [
        ("other", StoreError, "There is a model named 'other' already"),
        ("demo", StoreError, "'demo' is the name of the model that comes with"),
        ("a/b", BundleError, "name: Expected"),
        ("", BundleError, "name: Expected"),
        ("line\nfeed", BundleError, "name: Expected"),
    ],
)
def test_names_that_can_not_be_given(
    store: Store, new: str, error: type[Exception], message: str
) -> None:
    store.add(contents("old"))
    store.add(contents("other", seed=1))
    with pytest.raises(error, match=message):
        store.rename("old", new)
    assert sorted(names(store)) == ["old", "other"]


def test_an_unknown_name_is_answered_with_the_known(store: Store) -> None:
    store.add(contents("kana β4"))
    with pytest.raises(
        StoreError, match=r"^There is no model named 'kama β4'\. Did you mean 'kana"
    ):
        store.open("kama β4")
    with pytest.raises(StoreError, match=r"Known: kana β4, demo\.$"):
        store.rename("x", "y")


def test_the_demo_is_not_the_caches_to_change(store: Store) -> None:
    for change in (store.remove, lambda name: store.rename(name, "mine")):
        with pytest.raises(StoreError, match=r"^'demo' comes with the program"):
            change("demo")


def test_removing_leaves_nothing_of_a_model(store: Store) -> None:
    gone = store.add(contents("gone"))
    store.add(contents("kept", seed=1))
    (store.checkpoint_folder(gone.fingerprint) / "weights").write_bytes(b"w")

    store.remove("gone")

    assert names(store) == ["kept"]
    left = {path.name for path in store.root.rglob("*") if gone.fingerprint[:16] in path.name}
    assert left == set()
    with pytest.raises(StoreError, match="no model named 'gone'"):
        store.remove("gone")


# What load_bundle finds


def test_of_a_model_on_another_disk_the_link_is_removed(store: Store, tmp_path: Path) -> None:
    linked, other = store.add(contents("linked")), store.add(contents("other", seed=1))
    elsewhere = linked.path.rename(tmp_path / "elsewhere")
    linked.path.symlink_to(elsewhere)
    store.remove("linked")
    assert (elsewhere / "bundle.json").exists()
    store.rename("other", "still there")
    assert names(store) == ["still there"]
    assert list(other.path.parent.glob(".*")) == []


def test_a_bundle_is_loaded_by_name_and_by_folder(
    cache_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store().add(contents("cached"))
    write_bundle(tmp_path / "sent", contents("from a colleague", seed=1))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cached").mkdir()  # a folder of other things

    assert load_bundle("cached").path.is_relative_to(cache_folder)
    for folder in (tmp_path / "sent", str(tmp_path / "sent"), "sent", "./sent", Path("sent")):
        assert load_bundle(folder).name == "from a colleague"
    with pytest.raises(StoreError, match="no model named 'nothing'"):
        load_bundle("nothing")
    with pytest.raises(StoreError, match="no model named"):
        load_bundle("x" * 5000)
    with pytest.raises(BundleError, match="nowhere: Expected a bundle's folder"):
        load_bundle("./nowhere")
    with pytest.raises(BundleError, match=r"cached.bundle\.json: Expected a file"):
        load_bundle(Path("cached"))


def test_the_cache_is_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BVAE_CACHE_DIR", str(tmp_path))
    assert Store().root == tmp_path
    monkeypatch.setenv("BVAE_CACHE_DIR", "~/models")
    assert Store().root == Path.home() / "models"
    monkeypatch.delenv("BVAE_CACHE_DIR")
    assert Store().root.name in ("bvae", "Cache")


@pytest.mark.skipif(os.name == "nt", reason="Windows words it differently")
def test_a_cache_that_can_not_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"file/locks: .*Not a directory\. BVAE_CACHE_DIR names"):
        Store(tmp_path / "file").add(contents())
    with pytest.raises(StoreError, match="Not a directory"):
        Store(tmp_path / "file").checkpoint_folder("0" * 64)


# Broken entries


def broken_store(store: Store) -> None:
    """Fill a store with one good entry and some that are broken in different ways."""
    for seed in range(4):
        store.add(contents(f"model {seed}", seed=seed))
    (store.open("model 1").path / "bundle.json").write_text("{")
    (store.open("model 2").path / "decoder.tflite").unlink()
    (store.root / "models" / "notes").mkdir()
    (store.root / "models" / "a file").write_text("")
    path = store.open("model 3").path
    path.rename(path.with_name("0" * 16))


def test_broken_entries_are_reported_and_hide_no_others(store: Store) -> None:
    broken_store(store)
    assert names(store) == ["model 0"]
    reasons = " | ".join(sorted(entry.reason for entry in store.broken()))
    assert len(store.broken()) == 4
    for part in (
        "bundle.json: Expected JSON",
        "decoder.tflite: Expected a file. Received: none.",
        "notes/bundle.json: Expected a file",
        "Expected the folder of a model 0000000000000000",
    ):
        assert part in reasons
    assert store.open("model 0").name == "model 0"


@pytest.mark.parametrize("damage", ["bundle.json", "decoder.tflite"])
def test_a_broken_entry_makes_room_for_the_same_training(store: Store, damage: str) -> None:
    first = store.add(contents("model"))
    with (first.path / damage).open("r+b") as file:
        file.write(b"damage")  # of the same size: only its hash tells

    assert store.find(first.fingerprint) is None
    again = store.add(contents("model again"))

    assert again.path == first.path
    assert store.open("model again").fingerprint == first.fingerprint
    assert store.broken() == []
    (aside,) = (store.root / "set-aside").iterdir()
    assert (aside / damage).read_bytes().startswith(b"damage")


def test_a_broken_entry_can_be_put_aside_by_its_folder_name(store: Store) -> None:
    broken_store(store)
    for entry in store.broken():
        store.remove(entry.path.name)
    assert store.broken() == []
    assert names(store) == ["model 0"]
    assert len(list((store.root / "set-aside").iterdir())) == 4


def test_a_broken_model_asked_for_is_explained(store: Store) -> None:
    path = store.add(contents("model")).path
    (path / "decoder.tflite").unlink()
    with pytest.raises(StoreError, match=r"is broken: .*decoder.tflite: Expected a file"):
        store.open(path.name)


def test_two_models_of_one_name_are_told_apart_by_fingerprint(store: Store) -> None:
    added = [store.add(contents(f"{seed}", seed=seed)) for seed in range(2)]
    for bundle in added:  # as only a copied folder or an edited file can make it
        path = bundle.path / "bundle.json"
        path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "name": "same"}))
    with pytest.raises(StoreError, match=rf"more than one model.*{added[0].fingerprint[:16]}"):
        store.open("same")
    assert store.open(added[1].fingerprint).path == added[1].path


# Several processes

ADD = """
import os, signal, sys, time
from pathlib import Path
from dataclasses import fields
from bvae_core.bundle import BundleContents, open_bundle
from bvae_core.store import Store

def contents(path, **changes):
    source = open_bundle(Path(path))
    files = {name: (source.path / f"{name}.tflite").read_bytes() for name in ("encoder", "decoder")}
    arrays = {"mean": source.latents}
    names = [field.name for field in fields(BundleContents)]
    values = {name: getattr(source, name) for name in names if hasattr(source, name)}
    return BundleContents(**{**values, **files, **arrays, **changes})
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A bundle outside the store, for child processes to add to it."""
    return write_bundle(tmp_path / "source", contents("source")).path


def test_two_processes_train_the_same_thing_once(store: Store, source: Path) -> None:
    program = """
path, root = sys.argv[1:]
store, made = Store(Path(root)), contents(path)
with store.lock(made.fingerprint, on_wait=lambda: print("waits", flush=True)):
    bundle = store.find(made.fingerprint)
    if bundle is None:
        print("trains", flush=True)
        time.sleep(1.5)
        bundle = store.add(made)
print("has", bundle.name)
"""
    children = [start_python(ADD + program, source, store.root) for _ in range(2)]
    said = sorted(child.communicate(timeout=60) for child in children)
    assert [err for _, err in said] == ["", ""]
    first, second = (out.split("\n") for out, _ in said)
    assert first == ["trains", "has source", ""]
    assert [*dict.fromkeys(second)] == ["waits", "has source", ""]
    assert names(store) == ["source"]


def test_processes_that_add_at_the_same_time_do_not_spoil_each_other(
    store: Store, source: Path
) -> None:
    program = """
path, root, digit = sys.argv[1:]
print(Store(Path(root)).add(contents(path, name="same", fingerprint=digit * 64)).name)
"""
    children = [start_python(ADD + program, source, store.root, digit) for digit in "abcd"]
    said = sorted(child.communicate(timeout=60) for child in children)
    assert said == [(f"{name}\n", "") for name in ("same", "same 2", "same 3", "same 4")]
    assert sorted(names(store)) == ["same", "same 2", "same 3", "same 4"]
    assert store.broken() == []


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_killed_process_leaves_no_lock_and_no_entry(store: Store, source: Path) -> None:
    program = """
path, root = sys.argv[1:]
Path.rename = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)
store, made = Store(Path(root)), contents(path)
with store.lock(made.fingerprint):
    store.add(made)
"""
    done = run_python(ADD + program, source, store.root)
    assert done.returncode == -signal.SIGKILL
    assert list((store.root / "models").glob(".writing-*"))
    assert (store.models(), store.broken()) == ([], [])

    made = contents("after")
    with store.lock(made.fingerprint, on_wait=lambda: pytest.fail("the lock outlived its process")):
        store.add(made)

    assert names(store) == ["after"]
    assert not list((store.root / "models").glob(".writing-*"))


def test_a_lock_is_released_after_an_error(store: Store) -> None:
    for _ in range(2):
        with (
            pytest.raises(KeyboardInterrupt),
            store.lock("a" * 64, on_wait=lambda: pytest.fail("still locked")),
        ):
            raise KeyboardInterrupt


def test_who_waits_for_a_lock_can_stop_waiting(store: Store) -> None:
    asked = []

    def wait() -> None:
        asked.append(True)
        if len(asked) == 3:
            raise LookupError

    with (
        store.lock("0" * 64),
        pytest.raises(LookupError),
        Store(store.root).lock("0" * 64, on_wait=wait),
    ):
        pytest.fail("two have the lock")
    with Store(store.root).lock("0" * 64, on_wait=wait):
        assert len(asked) == 3


def test_different_trainings_do_not_wait_for_each_other(store: Store) -> None:
    with (
        store.lock("a" * 64),
        store.lock("b" * 64, on_wait=lambda: pytest.fail("waited")),
    ):
        store.add(contents())
    assert len(names(store)) == 1


def test_a_checkpoint_folder_is_made_and_discarded(store: Store) -> None:
    folder = store.checkpoint_folder("a" * 64)
    assert folder.is_dir()
    assert store.checkpoint_folder("a" * 64) == folder != store.checkpoint_folder("b" * 64)
    store.discard_checkpoint("a" * 64)
    store.discard_checkpoint("a" * 64)
    assert not folder.exists()


def test_listing_a_hundred_models_reads_no_network(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = contents()
    for number in range(3):
        store.add(replace(made, name=f"{number}", fingerprint=f"{number:064x}"[::-1]))
    read = []
    original = Path.open
    monkeypatch.setattr(
        Path, "open", lambda self, *a, **k: read.append(self) or original(self, *a, **k)
    )
    assert len(store.models()) == 3
    assert {path.name for path in read} == {"bundle.json"}


# Taking back a removal


def test_what_was_discarded_comes_back(store: Store) -> None:
    before = store.add(contents("model"))
    store.add(contents("other", seed=1))

    discarded = store.discard("model")
    assert discarded.name == "model"
    assert names(store) == ["other"]
    assert store.find(before.fingerprint) is None

    assert store.restore(discarded) == "model"
    assert sorted(names(store)) == ["model", "other"]
    after = store.open("model")
    assert (after.path, after.created) == (before.path, before.created)


def test_a_purge_is_for_good(store: Store) -> None:
    store.add(contents("model"))
    discarded = store.discard("model")
    store.purge()
    store.purge()
    assert not discarded.path.exists()
    with pytest.raises(StoreError, match="'model' is deleted for good"):
        store.restore(discarded)
    store.add(contents("model"))
    store.restore(store.discard("model"))  # the next removal can be taken back again
    assert names(store) == ["model"]


def test_what_comes_back_gets_the_next_free_name(store: Store) -> None:
    store.add(contents("model"))
    discarded = store.discard("model")
    store.add(contents("model", seed=1))
    assert store.restore(discarded) == "model 2"
    assert sorted(names(store)) == ["model", "model 2"]


def test_what_was_trained_again_is_not_replaced(store: Store) -> None:
    store.add(contents("model"))
    discarded = store.discard("model")
    store.add(contents("again"))
    with pytest.raises(StoreError, match="'model' can't come back: the same model is here"):
        store.restore(discarded)
    assert names(store) == ["again"]
    twice = store.discard("again")
    assert store.restore(discarded) == "model"
    assert twice.path.exists()


def test_a_broken_entry_can_be_discarded_too(store: Store) -> None:
    broken_store(store)
    before = {entry.path: entry.reason for entry in store.broken()}
    discarded = [store.discard(path.name) for path in before]
    assert store.broken() == []
    for each in discarded:
        store.restore(each)
    assert {entry.path: entry.reason for entry in store.broken()} == before


def test_what_can_not_be_discarded(store: Store) -> None:
    with pytest.raises(StoreError, match="comes with the program"):
        store.discard("demo")
    with pytest.raises(StoreError, match="no model named 'nothing'"):
        store.discard("nothing")
    store.purge()


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_what_a_dead_program_discarded_is_deleted_and_a_running_ones_is_not(store: Store) -> None:
    for seed in range(3):
        store.add(contents(f"model {seed}", seed=seed))
    program = """
import sys, time
from pathlib import Path
from bvae_core.store import Store
store = Store(Path(sys.argv[1]))
print(store.discard(sys.argv[2]).path, flush=True)
time.sleep(600)
"""
    here = store.discard("model 0")
    child = start_python(program, store.root, "model 1")
    assert child.stdout is not None
    there = Path(child.stdout.readline().strip())

    store.rename("model 2", "a change")
    assert there.is_dir()

    child.kill()
    child.communicate()
    Store(store.root).rename("a change", "another change")
    assert not there.exists()
    assert here.path.is_dir()
    assert store.restore(here) == "model 0"
    assert [path.name for path in (store.root / "discarded").iterdir()] == [here.path.parent.name]
    store.purge()
    assert not list((store.root / "discarded").iterdir())
    assert not list((store.root / "locks").glob("discarded-*"))
