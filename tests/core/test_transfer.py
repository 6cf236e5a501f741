from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from bundles import contents
from children import run_python
from hypothesis import given, settings
from hypothesis import strategies as st

from bvae_core.bundle import Bundle, open_bundle, write_bundle
from bvae_core.errors import BundleError, BvaeError, StoreError
from bvae_core.resources import resource
from bvae_core.store import Store
from bvae_core.transfer import MAX_MEMBERS, pack_bundle, read_packed_manifest, unpack_bundle


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache")


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    return write_bundle(tmp_path / "bundle", contents("き β=4"))


@pytest.fixture
def packed(bundle: Bundle, tmp_path: Path) -> Path:
    pack_bundle(bundle, tmp_path / "kana.zip")
    return tmp_path / "kana.zip"


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def nothing_is_kept(store: Store) -> bool:
    kept = [path for path in store.root.rglob("*") if path.suffix != ".lock" and not path.is_dir()]
    return not kept and not list(store.root.rglob(".writing-*"))


def repacked(packed: Path, change: Callable[[zipfile.ZipFile, dict[str, bytes]], None]) -> Path:
    """Write the archive's files again, after `change` has had its way with them."""
    with zipfile.ZipFile(packed) as archive:
        files = {Path(name).name: archive.read(name) for name in archive.namelist()}
    target = packed.with_name("changed.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        change(archive, files)
        for name, content in files.items():
            archive.writestr(f"kana/{name}", content)
    return target


# There and back


def test_a_model_comes_back_as_it_was_sent(packed: Path, bundle: Bundle, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    unpack_bundle(packed, tmp_path / "again")
    assert digests(tmp_path / "again") == digests(bundle.path)
    assert read_packed_manifest(packed).fingerprint == bundle.fingerprint


def test_the_demo_can_be_sent(tmp_path: Path) -> None:
    demo = open_bundle(resource("demo"))
    pack_bundle(demo, tmp_path / "demo.zip")
    received = Store(tmp_path / "cache").unpack(tmp_path / "demo.zip")
    assert received.name == "demo 2"  # the name is taken by the one that comes along
    assert received.fingerprint == demo.fingerprint


def test_the_same_model_gives_the_same_bytes(bundle: Bundle, packed: Path) -> None:
    again = io.BytesIO()
    pack_bundle(bundle, again)
    assert again.getvalue() == packed.read_bytes()


def test_an_archive_has_one_folder_with_the_bundles_files_and_no_others(
    bundle: Bundle, tmp_path: Path
) -> None:
    (bundle.path / "notes.txt").write_text("mine")
    pack_bundle(bundle, tmp_path / "kana.zip")
    with zipfile.ZipFile(tmp_path / "kana.zip") as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {"き-β=4"}
    assert {name.split("/")[1] for name in names} == set(digests(bundle.path)) - {"notes.txt"}


def test_a_damaged_model_is_not_sent(bundle: Bundle, tmp_path: Path) -> None:
    with (bundle.path / "decoder.tflite").open("r+b") as file:
        file.write(b"damage")
    with pytest.raises(BundleError, match=r"decoder\.tflite: Expected SHA-256"):
        pack_bundle(bundle, tmp_path / "kana.zip")
    assert not (tmp_path / "kana.zip").exists()


def test_a_folder_packed_by_hand_is_understood(bundle: Bundle, store: Store) -> None:
    by_hand = bundle.path.with_name("by hand.zip")
    with zipfile.ZipFile(by_hand, "w") as archive:
        archive.writestr("my model/", b"")
        archive.writestr("my model/.DS_Store", b"what macOS puts there")
        archive.writestr("__MACOSX/my model/._bundle.json", b"likewise")
        for path in bundle.path.iterdir():
            archive.write(path, f"my model/{path.name}")
    kept = store.unpack(by_hand)
    assert digests(kept.path) == digests(bundle.path)


def test_files_without_a_folder_are_understood(bundle: Bundle, store: Store) -> None:
    flat = bundle.path.with_name("flat.zip")
    with zipfile.ZipFile(flat, "w") as archive:
        for path in bundle.path.iterdir():
            archive.write(path, path.name)
    assert store.unpack(flat).fingerprint == bundle.fingerprint


# Into the store


def test_what_is_imported_is_in_the_list(packed: Path, store: Store) -> None:
    kept = store.unpack(packed)
    assert [model.name for model in store.models()] == ["き β=4"]
    assert store.open("き β=4").path == kept.path


def test_bytes_that_came_over_a_network_are_imported(packed: Path, store: Store) -> None:
    assert store.unpack(io.BytesIO(packed.read_bytes())).name == "き β=4"


def test_a_model_that_is_there_already_is_named(packed: Path, store: Store) -> None:
    store.unpack(packed, name="from Aya")
    with pytest.raises(StoreError, match=r"^This model is here already, under the name 'from Aya"):
        store.unpack(packed)
    assert len(store.models()) == 1


def test_a_name_that_is_taken_gets_a_number_unless_it_was_asked_for(
    packed: Path, store: Store
) -> None:
    store.add(contents("き β=4", seed=1))
    with pytest.raises(StoreError, match="already"):
        store.unpack(packed, name="き β=4")
    assert store.unpack(packed).name == "き β=4 2"


def test_a_broken_entry_makes_room(packed: Path, store: Store) -> None:
    (store.unpack(packed).path / "encoder.tflite").unlink()
    assert store.unpack(packed).name == "き β=4"
    assert store.broken() == []


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_an_import_that_was_killed_leaves_nothing(packed: Path, store: Store) -> None:
    program = """
import os, signal, sys
from pathlib import Path
from bvae_core.store import Store
Path.rename = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)
Store(Path(sys.argv[2])).unpack(Path(sys.argv[1]))
"""
    assert run_python(program, packed, store.root).returncode == -signal.SIGKILL
    assert store.models() == store.broken() == []
    store.add(contents("another", seed=1))  # the next change cleans up
    assert not list(store.root.rglob(".writing-*"))
    assert store.unpack(packed).name == "き β=4"


# Distrust


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "kana/../../evil.txt",
        "/evil.txt",
        "//server/evil.txt",
        "C:/evil.txt",
        "..\\evil.txt",
        "kana\\evil.txt",
        "evil\0.txt",
        "..",
    ],
)
def test_paths_that_lead_out_of_the_folder_are_refused(
    packed: Path, store: Store, tmp_path: Path, name: str
) -> None:
    def add(archive: zipfile.ZipFile, files: dict[str, bytes]) -> None:
        member = zipfile.ZipInfo("x" * len(name))
        archive.writestr(member, b"evil")

    changed = repacked(packed, add)
    # The library makes such names harmless; a wicked archive doesn't.
    changed.write_bytes(changed.read_bytes().replace(b"x" * len(name), name.encode()))
    with pytest.raises(BundleError, match=r"changed\.zip: Expected files in a folder of their own"):
        store.unpack(changed)
    assert nothing_is_kept(store)
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(packed: Path, store: Store, kind: int) -> None:
    def replace_decoder(archive: zipfile.ZipFile, files: dict[str, bytes]) -> None:
        member = zipfile.ZipInfo("kana/decoder.tflite")
        member.external_attr = (kind | 0o777) << 16
        del files["decoder.tflite"]
        archive.writestr(member, b"/etc/passwd")

    with pytest.raises(BundleError, match=r"'kana/decoder\.tflite', a link"):
        store.unpack(repacked(packed, replace_decoder))
    assert nothing_is_kept(store)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("twin", ["kana/decoder.tflite", "kana/./decoder.tflite"])
def test_a_file_that_is_there_twice_is_refused(packed: Path, store: Store, twin: str) -> None:
    changed = repacked(packed, lambda archive, _: archive.writestr(twin, b"another"))
    with pytest.raises(BundleError, match="Expected each file once"):
        store.unpack(changed)
    assert nothing_is_kept(store)


def test_a_bomb_is_refused_before_it_is_unpacked(packed: Path, store: Store) -> None:
    changed = repacked(packed, lambda archive, _: archive.writestr("zeros", bytes(1 << 28)))
    assert changed.stat().st_size < 2 << 20
    with pytest.raises(BundleError, match=r"Received: 26\d,\d{3},\d{3} bytes when unpacked"):
        store.unpack(changed)
    assert nothing_is_kept(store)


def test_too_many_files_are_refused(packed: Path, store: Store) -> None:
    def fill(archive: zipfile.ZipFile, files: dict[str, bytes]) -> None:
        for number in range(MAX_MEMBERS):
            archive.writestr(f"kana/{number}", b"")

    with pytest.raises(BundleError, match=rf"Expected at most {MAX_MEMBERS} files"):
        store.unpack(repacked(packed, fill))
    assert nothing_is_kept(store)


def test_a_file_that_is_larger_than_it_says_is_refused(packed: Path, store: Store) -> None:
    def inflate(archive: zipfile.ZipFile, files: dict[str, bytes]) -> None:
        files["decoder.tflite"] += b"more"

    with pytest.raises(BundleError, match=r"decoder\.tflite: Expected a file of .* bytes\. Rec"):
        store.unpack(repacked(packed, inflate))
    assert nothing_is_kept(store)


def test_a_file_of_another_content_is_refused(packed: Path, store: Store) -> None:
    def exchange(archive: zipfile.ZipFile, files: dict[str, bytes]) -> None:
        files["decoder.tflite"] = bytes(len(files["decoder.tflite"]))

    with pytest.raises(BundleError, match=r"changed\.zip.decoder\.tflite: Expected SHA-256"):
        store.unpack(repacked(packed, exchange))
    assert nothing_is_kept(store)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda files: files.pop("bundle.json"), r"Expected one model.* Received: no such folder"),
        (lambda files: files.pop("preview.png"), r"preview\.png: Expected a file of .*none"),
        (lambda files: files.update({"bundle.json": b"{"}), r"bundle\.json: Expected JSON"),
        (lambda files: files.update({"bundle.json": b"\xff"}), r"bundle\.json: .*UTF-8"),
        (lambda files: files.update({"bundle.json": b" " * (17 << 20)}), "Expected at most"),
        (lambda files: files.update({"x/bundle.json": b"{}"}), None),
    ],
)
def test_what_is_no_bundle_is_refused(
    packed: Path, store: Store, change: Callable[[dict[str, bytes]], object], message: str | None
) -> None:
    changed = repacked(packed, lambda _, files: change(files) and None)
    if message is None:  # a bundle deeper inside is none of ours to look for
        assert store.unpack(changed).name == "き β=4"
        return
    with pytest.raises(BundleError, match=message):
        store.unpack(changed)
    assert nothing_is_kept(store)


def test_two_models_in_one_archive_are_refused(packed: Path, store: Store) -> None:
    def add(archive: zipfile.ZipFile, files: dict[str, bytes]) -> None:
        archive.writestr("other/bundle.json", files["bundle.json"])

    with pytest.raises(BundleError, match="Received: 2 such folders"):
        store.unpack(repacked(packed, add))


def test_a_manifest_that_points_elsewhere_is_refused(packed: Path, store: Store) -> None:
    def point(archive: zipfile.ZipFile, files: dict[str, bytes]) -> None:
        values = json.loads(files["bundle.json"])
        values["files"]["../evil"] = values["files"].pop("preview.png")
        files["bundle.json"] = json.dumps(values).encode()

    with pytest.raises(BundleError, match="Expected names of files in the bundle's folder"):
        store.unpack(repacked(packed, point))
    assert nothing_is_kept(store)


def test_files_that_can_not_be_read_are_named(tmp_path: Path, store: Store) -> None:
    with pytest.raises(BundleError, match=r"gone\.zip could not be read: No such file"):
        store.unpack(tmp_path / "gone.zip")
    (tmp_path / "text.zip").write_text("no archive")
    with pytest.raises(BundleError, match=r"text\.zip: Expected a ZIP archive"):
        store.unpack(tmp_path / "text.zip")
    assert nothing_is_kept(store)


def test_a_password_is_said_to_be_in_the_way(packed: Path, store: Store) -> None:
    content = bytearray(packed.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := content.find(signature, start + 1)) >= 0:
            content[start + offset] |= 1  # the flag of an encrypted member
    (locked := packed.with_name("locked.zip")).write_bytes(content)
    with pytest.raises(BundleError, match=r"locked\.zip: Expected a ZIP archive.*password"):
        store.unpack(locked)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damage_anywhere_is_an_error_in_a_sentence_or_harmless(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(_packed_once(tmp_path_factory))
    for _ in range(data.draw(st.integers(1, 4))):
        # Most of the bytes are weights: aim at the headers, too, which stand at the end.
        place = data.draw(st.integers(0, len(content) - 1) | st.integers(-800, -1))
        content[place] = data.draw(st.integers(0, 255))
    del content[data.draw(st.just(len(content)) | st.integers(0, len(content))) :]
    store = Store(tmp_path_factory.mktemp("store"))
    try:
        kept = store.unpack(io.BytesIO(content))
    except BvaeError:
        assert nothing_is_kept(store)
    else:
        assert open_bundle(kept.path).decode([[0.0, 0.0]]).shape == (1, 28, 28)


_PACKED: list[bytes] = []


def _packed_once(folders: pytest.TempPathFactory) -> bytes:
    if not _PACKED:
        file = io.BytesIO()
        pack_bundle(write_bundle(folders.mktemp("once") / "bundle", contents()), file)
        _PACKED.append(file.getvalue())
    return _PACKED[0]
