from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import signal
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bundles import contents
from children import run_python
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bvae_core.bundle import SCHEMA_VERSION, Bundle, open_bundle, write_bundle
from bvae_core.codec import Codec
from bvae_core.errors import BundleError
from bvae_core.manifest import Manifest, check_name

FILES = ["encoder.tflite", "decoder.tflite", "latents.npz", "history.csv", "preview.png"]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles") / "small"
    write_bundle(folder, contents(keras_model=b"weights", model_card="# 小さい\n"))
    return folder


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    """A bundle that a test may damage."""
    return Path(shutil.copytree(original, tmp_path / "bundle"))


def set_value(folder: Path, *path: str, to: object) -> None:
    """Change a value in ``bundle.json``."""
    file = folder / "bundle.json"
    values = inner = json.loads(file.read_text(encoding="utf-8"))
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = to
    file.write_text(json.dumps(values), encoding="utf-8")


def replace_file(folder: Path, name: str, content: bytes) -> None:
    """Replace a file and make ``bundle.json`` say that it is the right one."""
    (folder / name).write_bytes(content)
    record = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    set_value(folder, "files", name, to=record)


def latents_file(bundle: Bundle, **changes: Any) -> bytes:
    arrays = {
        "mean": bundle.latents,
        "log_var": bundle.log_var,
        "labels": bundle.labels,
        "is_test": bundle.is_test,
        **changes,
    }
    file = io.BytesIO()
    np.savez(file, **{name: array for name, array in arrays.items() if array is not None})
    return file.getvalue()


# What goes in comes out


@pytest.mark.parametrize("kind", ["dense", "conv"])
def test_a_bundle_gives_back_what_was_written(tmp_path: Path, kind: Any) -> None:
    written = contents("れ 4", kind=kind)

    bundle = write_bundle(tmp_path / "れ", written)

    assert bundle.path == tmp_path / "れ"
    assert (bundle.name, bundle.fingerprint) == ("れ 4", written.fingerprint)
    assert (bundle.config, bundle.data) == (written.config, written.data)
    assert (bundle.metrics, bundle.versions) == (written.metrics, written.versions)
    assert (bundle.class_names, bundle.image_shape) == (
        ("お", "き", "れ"),
        written.data.image_shape,
    )
    assert (bundle.history, bundle.preview) == (list(written.history), written.preview)
    assert (bundle.model_card, bundle.keras_model_path) == ("", None)
    for found, expected in (
        (bundle.latents, written.mean),
        (bundle.log_var, written.log_var),
        (bundle.labels, written.labels),
        (bundle.is_test, written.is_test),
    ):
        np.testing.assert_array_equal(found, expected)
        assert found.dtype == expected.dtype
    z = written.mean[:3]
    codec = Codec(written.encoder, written.decoder, written.data.image_shape, z.shape[1])
    np.testing.assert_array_equal(bundle.decode(z), codec.decode(z))


def test_labels_model_and_card_are_optional(tmp_path: Path) -> None:
    without = write_bundle(tmp_path / "without", contents(labels=None))
    assert without.labels is None
    with_all = write_bundle(tmp_path / "with", contents(keras_model=b"w", model_card="# 卡"))
    assert with_all.keras_model_path == tmp_path / "with" / "model.keras"
    assert with_all.keras_model_path.read_bytes() == b"w"
    assert with_all.model_card == "# 卡"


def test_the_files_are_the_documented_ones_and_readable_by_anyone(original: Path) -> None:
    found = {path.name for path in original.iterdir()}
    assert found == {*FILES, "bundle.json", "model.keras", "README.md"}
    values = json.loads((original / "bundle.json").read_text(encoding="utf-8"))
    assert values["schema_version"] == SCHEMA_VERSION
    assert values["data"]["class_names"] == ["お", "き", "れ"]
    assert values["files"]["model.keras"]["bytes"] == 7
    assert (original / "history.csv").read_text().splitlines()[0] == "epoch,objective,held_out"
    with np.load(original / "latents.npz", allow_pickle=False) as arrays:
        assert set(arrays.files) == {"mean", "log_var", "labels", "is_test"}


def test_arrays_are_read_only(original: Path) -> None:
    with pytest.raises(ValueError, match="read-only"):
        open_bundle(original).latents[0] = 0


def test_opening_and_decoding_leave_tensorflow_unloaded(original: Path) -> None:
    program = """
import sys
from pathlib import Path
from bvae_core.bundle import open_bundle
assert open_bundle(Path(sys.argv[1])).decode([0, 0]).shape == (1, 28, 28)
heavy = {"tensorflow", "keras", "matplotlib", "sklearn", "scipy", "PIL"} & set(sys.modules)
assert not heavy, heavy
"""
    assert run_python(program, original).stderr == ""


# Damage


@pytest.mark.parametrize("name", [*FILES, "model.keras", "README.md"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(BundleError, match=rf"{name}: Expected a file. Received: none."):
        open_bundle(folder)


@pytest.mark.parametrize("name", [*FILES, "model.keras", "README.md"])
def test_one_changed_bit_is_named(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(BundleError, match=rf"{name}: Expected SHA-256 .* is damaged"):
        open_bundle(folder)


def test_a_cut_off_file_is_named(folder: Path) -> None:
    os.truncate(folder / "decoder.tflite", 100)
    with pytest.raises(BundleError, match=r"decoder.tflite: Expected .* Received: 100 bytes"):
        open_bundle(folder)


def test_a_list_without_a_file_is_named(folder: Path) -> None:
    values = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
    del values["files"]["latents.npz"]
    (folder / "bundle.json").write_text(json.dumps(values))
    with pytest.raises(BundleError, match=r"bundle.json: files: .* Received: no latents.npz"):
        open_bundle(folder)


def test_files_that_are_not_listed_do_no_harm(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"?")
    (folder / "notes.txt").write_text("?")
    assert open_bundle(folder).name == "small"


def test_what_is_no_bundle_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"nowhere: Expected a bundle's folder"):
        open_bundle(tmp_path / "nowhere")
    with pytest.raises(BundleError, match=r"bundle.json: Expected a file. Received: none."):
        open_bundle(tmp_path)


def test_a_newer_bundle_asks_for_an_update(folder: Path) -> None:
    set_value(folder, "schema_version", to=SCHEMA_VERSION + 1)
    set_value(folder, "config", to="in a way that is not known yet")
    with pytest.raises(BundleError, match=r"newer version .* Update bvae-explorer"):
        open_bundle(folder)


@pytest.mark.parametrize(
    "name", ["../decoder.tflite", "/etc/passwd", "a/b", "a\\b", "..", "", "bundle.json", "き\0"]
)
def test_no_file_outside_the_folder_is_listed(folder: Path, name: str) -> None:
    set_value(folder, "files", name, to={"sha256": "0" * 64, "bytes": 1})
    with pytest.raises(BundleError, match=r"bundle.json: files: Expected names of files in"):
        open_bundle(folder)


def test_no_link_leads_out_of_the_folder(folder: Path, tmp_path: Path) -> None:
    outside = (folder / "preview.png").rename(tmp_path / "outside.png")
    (folder / "preview.png").symlink_to(outside)
    with pytest.raises(BundleError, match=r"preview.png: Expected a file of the bundle's own"):
        open_bundle(folder)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    (folder / "bundle.json").unlink()
    os.mkfifo(folder / "bundle.json")
    with pytest.raises(BundleError, match=r"bundle.json: Expected a file of the bundle's own"):
        open_bundle(folder)


@pytest.mark.parametrize(
    ("content", "received"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b"[]", "the whole: Expected an object"),
        (b"{}", "schema_version: Expected a whole number. Received: nothing"),
        (b'{"schema_version": true}', "schema_version: Expected a whole number. Received: True"),
        (b'{"schema_version": 1e0}', "schema_version: Expected a whole number. Received: 1.0"),
        (b'{"schema_version": 0}', "schema_version: Expected 1 or more"),
        (b'{"schema_version": NaN}', "no finite number"),
        (b'{"schema_version": 1e999}', "no finite number"),
        (b'{"schema_version": ' + b"9" * 5000 + b"}", "a number of 5000 digits"),
        (b"[" * 100_000, "brackets"),
        (b'{"schema_version": 1, "name": "\\ud800"}', "surrogates"),
    ],
)
def test_absurd_json_is_named(folder: Path, content: bytes, received: str) -> None:
    (folder / "bundle.json").write_bytes(content)
    with pytest.raises(BundleError, match=rf"bundle.json: .*{received}"):
        open_bundle(folder)


def test_a_huge_list_is_not_read(folder: Path) -> None:
    with (folder / "bundle.json").open("wb") as file:
        file.truncate(1 << 40)  # takes no room on the disk
    with pytest.raises(BundleError, match=r"bundle.json: Expected at most"):
        open_bundle(folder)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["config", "latent_dim"], 0, "config: latent_dim: Expected a whole number from 1 to"),
        (["config", "latent_dim"], "2", "config: latent_dim: Expected a whole number"),
        (["config", "colour"], "red", "config: .*colour"),
        (["config"], [], "config: Expected an object"),
        (["data", "image_shape"], [28, 28], "image_shape: Expected height and width"),
        (["data", "image_shape"], [2**40, 28, 1], "image_shape: Expected height and width"),
        (["data", "image_shape"], [28, 28, 2], "image_shape: Expected .* 1 or 3 channels"),
        (["data", "class_names"], [1], "class_names: Expected a text"),
        (["data", "train_count"], -1, "train_count: Expected 0 or more"),
        (["data", "fingerprint"], "da", "data: fingerprint: Expected 64 hex digits"),
        (["fingerprint"], "A" * 64, "fingerprint: Expected 64 hex digits"),
        (["name"], "a/b", "name: Expected 1 to 100 printable characters"),
        (["created"], "yesterday", "created: Expected an ISO 8601"),
        (["created"], "2026-01-01T00:00:00", "created: .* offset from UTC"),
        (["versions", "keras"], 3, "versions: keras: Expected a text"),
        (["files", "preview.png", "bytes"], -1, "files: preview.png: bytes: Expected 0 or more"),
        (["files", "preview.png", "sha256"], "", "files: preview.png: sha256: Expected 64 hex"),
    ],
)
def test_a_value_out_of_its_range_is_named(
    folder: Path, path: list[str], value: object, message: str
) -> None:
    set_value(folder, *path, to=value)
    with pytest.raises(BundleError, match=rf"bundle.json: {message}"):
        open_bundle(folder)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mean": np.zeros((60, 3), "f4")}, r"mean: Expected shape \(60, 2\), float32"),
        ({"mean": np.zeros((60, 2), "f8")}, "mean: .* Received: .* float64"),
        ({"log_var": np.full((60, 2), np.inf, "f4")}, "log_var: Expected finite numbers"),
        ({"mean": np.full((60, 2), np.nan, "f4")}, "mean: Expected finite numbers"),
        ({"labels": np.zeros(59, "i8")}, r"labels: Expected shape \(60,\), int64"),
        ({"labels": np.full(60, 3)}, "labels: Expected 0 to 2, .* Received: 3 to 3"),
        ({"labels": np.full(60, -1)}, "labels: Expected 0 to 2"),
        ({"is_test": np.array(True)}, "mean: Expected shape"),
        ({"is_test": None}, "Expected arrays .* Received: no is_test"),
        ({"labels": np.array([{}])}, "Object arrays cannot be loaded"),
    ],
)
def test_latents_that_do_not_fit_are_named(
    folder: Path, changes: dict[str, Any], message: str
) -> None:
    replace_file(folder, "latents.npz", latents_file(open_bundle(folder), **changes))
    with pytest.raises(BundleError, match=f"latents.npz: .*{message}"):
        open_bundle(folder)


@pytest.mark.parametrize("claimed", [61, 2**31, 2**40, 2**62])
def test_latents_that_claim_more_than_they_have_are_named(folder: Path, claimed: int) -> None:
    liar = io.BytesIO()
    header = {"descr": "<f4", "fortran_order": False, "shape": (claimed, 2)}
    np.lib.format.write_array_header_1_0(liar, header)
    liar.write(bytes(60 * 2 * 4))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("mean.npy", liar.getvalue())
    replace_file(folder, "latents.npz", archive.getvalue())
    with pytest.raises(BundleError, match=r"latents.npz: Expected numpy arrays"):
        open_bundle(folder)


def test_compressed_latents_are_not_unpacked(folder: Path) -> None:
    file = io.BytesIO()
    np.savez_compressed(file, mean=np.zeros((10**6, 2), "f4"))
    replace_file(folder, "latents.npz", file.getvalue())
    with pytest.raises(BundleError, match=r"latents.npz: Expected uncompressed arrays"):
        open_bundle(folder)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x80\x04."])
def test_latents_that_are_no_archive_are_named(folder: Path, content: bytes) -> None:
    replace_file(folder, "latents.npz", content)
    with pytest.raises(BundleError, match=r"latents.npz: Expected a ZIP archive"):
        open_bundle(folder)


@pytest.mark.parametrize("table", ["epoch\nfirst\n", "epoch\nnan\n", "epoch\n1,2\n", "e\n\xff"])
def test_a_history_of_other_things_is_named(folder: Path, table: str) -> None:
    replace_file(folder, "history.csv", table.encode("latin-1"))
    bundle = open_bundle(folder)
    with pytest.raises(BundleError, match=r"history.csv: Expected a table of finite numbers"):
        _ = bundle.history


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_value_anywhere_is_read_or_refused(original: Path, data: st.DataObject) -> None:
    values = inner = json.loads((original / "bundle.json").read_text(encoding="utf-8"))
    while True:
        key = data.draw(st.sampled_from(sorted(inner)) | st.text(max_size=3))
        if not isinstance(inner.get(key), dict) or not inner[key] or data.draw(st.booleans()):
            break
        inner = inner[key]
    inner[key] = data.draw(JSON)
    try:
        manifest = Manifest.from_text(json.dumps(values))
    except BundleError:
        return
    assert Manifest.from_text(manifest.to_text()).to_text() == manifest.to_text()


@given(st.text(max_size=200))
def test_any_text_is_refused(text: str) -> None:
    with pytest.raises(BundleError):
        Manifest.from_text(text)


@given(st.text(min_size=1, max_size=20))
def test_any_name_is_kept_or_refused(name: str) -> None:
    try:
        kept = check_name(name)
    except BundleError:
        return
    assert check_name(kept) == kept
    assert kept.isprintable()


# Writing


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "name: Expected 1 to 100"),
        ({"metrics": {"objective": float("nan")}}, "Expected JSON values"),
        ({"metrics": {"objective": np.float32(1)}}, "Expected JSON values"),
        ({"history": [{"epoch": float("inf")}]}, "Expected a table of finite numbers"),
        ({"mean": np.full((60, 2), np.nan, "f4")}, "mean: Expected finite numbers"),
        ({"labels": np.full(60, 3)}, "labels: Expected 0 to 2"),
    ],
)
def test_what_could_not_be_opened_is_not_written(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(BundleError, match=message):
        write_bundle(tmp_path / "bundle", contents(**changes))
    assert list(tmp_path.iterdir()) == []


def test_no_bundle_is_written_over_another(folder: Path) -> None:
    with pytest.raises(BundleError, match=r"Expected a new folder"):
        write_bundle(folder, contents("other"))
    assert open_bundle(folder).name == "small"


WRITE = """
import os, sys
from dataclasses import replace
from pathlib import Path
from bvae_core.bundle import BundleContents, open_bundle, write_bundle
from bvae_core.errors import BvaeError

source = open_bundle(Path(sys.argv[1]))
contents = BundleContents(
    name="copy", fingerprint=source.fingerprint, config=source.config, data=source.data,
    metrics={}, versions={}, encoder=b"e" * 10_000, decoder=b"d" * 10_000, mean=source.latents,
    log_var=source.log_var, labels=source.labels, is_test=source.is_test, history=[],
    preview=b"p", keras_model=b"k" * 1_000_000,
)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs a limit on the size of files")
def test_a_full_disk_leaves_nothing_behind(original: Path, tmp_path: Path) -> None:
    program = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    write_bundle(Path(sys.argv[2]), contents)
except BvaeError as error:
    print(error)
"""
    done = run_python(WRITE + program, original, tmp_path / "copy")
    assert done.stdout == f"{tmp_path / 'copy'} could not be written: File too large.\n"
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.parametrize("moment", ["write_text", "rename"])
def test_a_killed_writer_leaves_no_bundle(original: Path, tmp_path: Path, moment: str) -> None:
    program = f"""
import signal
import zipfile
Path.{moment} = lambda *arguments, **options: os.kill(os.getpid(), signal.SIGKILL)
write_bundle(Path(sys.argv[2]), contents)
"""
    done = run_python(WRITE + program, original, tmp_path / "copy")
    assert done.returncode == -signal.SIGKILL
    assert not (tmp_path / "copy").exists()


def test_a_bundle_can_be_written_where_a_killed_writer_was(tmp_path: Path) -> None:
    (tmp_path / ".writing-leftover").mkdir()
    assert write_bundle(tmp_path / "copy", replace(contents(), name="copy")).name == "copy"


def test_the_same_model_has_the_codes_of_other_images(tmp_path: Path):
    bundle = write_bundle(tmp_path / "model", contents())
    mean, log_var = np.zeros((5, 2), np.float32), np.ones((5, 2), np.float32)
    labels = np.array([0, 1, 1, 0, 1])
    other = bundle.with_codes(mean, log_var, of="cells", labels=labels, class_names=("a", "b"))
    assert (other.codes_of, other.class_names) == ("cells", ("a", "b"))
    assert np.array_equal(other.latents, mean)
    assert not other.is_test.any()
    assert (other.name, other.fingerprint) == (bundle.name, bundle.fingerprint)
    assert np.array_equal(other.decode(mean), bundle.decode(mean))
    assert other.codes_fingerprint != bundle.codes_fingerprint == bundle.fingerprint
    assert (bundle.codes_of, len(bundle.latents)) == (None, 60)
    with pytest.raises(BundleError, match="labels: Expected 0 to 0"):
        bundle.with_codes(mean, log_var, of="cells", labels=labels, class_names=("a",))
    with pytest.raises(BundleError, match=r"mean: Expected shape \(5, 2\)"):
        bundle.with_codes(mean[:, :1], log_var, of="cells")
