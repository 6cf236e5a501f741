from __future__ import annotations

import json
import subprocess
import sys

import pytest
from children import run_python, start_python

from bvae_core import __version__
from bvae_core.cli import models

BVAE = "from bvae_core.cli import main; main()"
COMMANDS = [
    ["train"],
    ["models"],
    ["show"],
    ["rename"],
    ["remove"],
    ["evaluate"],
    ["doctor"],
    ["export"],
    *(["export", kind] for kind in ("map", "morph", "grid", "traversal", "latents")),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(bvae, command):
    said = bvae(*command, "--help")
    assert said.status == 0
    assert f"Usage: bvae {' '.join(command)}" in said.out
    assert said.err == ""


def test_help_breaks_its_lines_where_the_terminal_ends(bvae):
    assert "Training the same thing again opens the first." in bvae("train", "--help").out


def test_a_setting_that_cant_be_is_named_as_it_was_typed(bvae):
    said = bvae("train", "strokes", "--latent-dim", "0")
    assert "Invalid value for --latent-dim: Expected a whole number from 1 to 128." in said.err


def test_runs_as_a_module_and_tells_its_version():
    child = subprocess.run(
        [sys.executable, "-m", "bvae_core.cli", "--version"], capture_output=True, text=True
    )
    assert (child.returncode, child.stdout) == (0, f"bvae {__version__}\n")


def test_help_loads_nothing_slow():
    child = run_python(
        "import atexit, json, sys\n"
        "from bvae_core.cli import main\n"
        "atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))\n"
        "main(['--help'])"
    )
    loaded = {name.split(".")[0] for name in json.loads(child.stderr)}
    assert child.returncode == 0
    assert not loaded & {"numpy", "tensorflow", "keras", "matplotlib", "sklearn", "scipy", "PIL"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["dream"],
        ["train"],
        ["train", "strokes", "--beta", "-1"],
        ["train", "strokes", "--beta", "high"],
        ["train", "strokes", "--patience", "3", "--train-split", "all"],
        ["train", "strokes", "--schedule", "lunar"],
        ["train", "pictures", "--image-size", "large"],
        ["evaluate", "demo"],
        ["evaluate", "demo", "strokes", "--samples", "0"],
        ["export", "morph", "demo", "--from", "1", "-o", "m.png"],
        ["export", "morph", "demo", "--from", "1", "--to", "2", "-o", "m.png", "--frames", "51"],
        ["export", "map", "demo", "-o", "map.png", "--theme", "sepia"],
    ],
    ids=" ".join,
)
def test_what_cant_be_meant_is_a_usage_error(bvae, arguments):
    said = bvae(*arguments)
    assert said.status == 2
    assert "Usage: bvae" in said.err
    assert said.out == ""


def test_a_failure_is_one_sentence_on_the_error_stream(bvae):
    said = bvae("show", "nothing")
    assert said.status == 1
    assert said.out == ""
    assert said.err.startswith("bvae: There is no model named 'nothing'.")
    assert said.err.count("\n") == 1


def test_the_unexpected_is_one_sentence_and_a_log(bvae, cache_folder, monkeypatch):
    def fail(store):
        raise RuntimeError("the floor is wet")

    monkeypatch.setattr("bvae_core.store.Store.models", fail)
    said = bvae("models")
    log = cache_folder / "bvae.log"
    assert said.status == 1
    assert said.err == (
        "bvae: Something unexpected went wrong (RuntimeError: the floor is wet). "
        f"Details are in {log}.\n"
    )
    assert "Traceback" in log.read_text()
    assert f'File "{models.__file__}"' in log.read_text()


def test_the_log_takes_arguments_that_are_no_unicode(bvae, cache_folder, monkeypatch):
    monkeypatch.setattr("bvae_core.store.Store.open", lambda *_: 1 / 0)
    said = bvae("show", "caf\udce9")
    assert said.status == 1
    assert "Details are in" in said.err
    assert r"caf\udce9" in (cache_folder / "bvae.log").read_text(encoding="utf-8")


def test_where_no_log_can_be_written_the_details_are_told(bvae, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("BVAE_CACHE_DIR", str(tmp_path / "file"))
    monkeypatch.setattr("bvae_core.store.Store.models", lambda _store: 1 / 0)
    said = bvae("models")
    assert said.status == 1
    assert "The log could not be written" in said.err
    assert "ZeroDivisionError" in said.err


def test_ctrl_c_is_a_failure_and_no_traceback(bvae, monkeypatch):
    def interrupt(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("bvae_core.datasets.load", interrupt)
    said = bvae("train", "strokes")
    assert (said.status, said.out) == (1, "")
    assert said.err.strip() == "bvae: Interrupted."


def test_a_reader_that_goes_away_is_no_news(cache_folder):
    child = start_python(BVAE, "models")
    child.stdout.close()  # before anything is written
    child.wait(60)
    assert child.stderr.read() == ""
    assert child.returncode == 1
