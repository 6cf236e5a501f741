"""The plugin as napari finds it."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest
from children import ROOT, run_python
from displays import missing
from packaging.version import Version

import bvae_gui

MANIFEST = Path(bvae_gui.__file__).parent / "napari.yaml"


@pytest.fixture(autouse=True)
def _with_napari() -> None:
    if (reason := missing()) is not None:
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.mark.slow
def test_it_is_valid_and_all_that_it_names_exists():
    from npe2 import PluginManifest

    manifest = PluginManifest.from_file(MANIFEST)
    manifest.validate_imports()
    commands = {command.id: command for command in manifest.contributions.commands}
    assert {widget.display_name for widget in manifest.contributions.widgets} == {
        import_module("bvae_gui.napari.widgets").EXPLORER,
        import_module("bvae_gui.napari.widgets").TRAINING,
    }
    in_menus = {
        (menu, commands[item.command].title)
        for menu, items in manifest.contributions.menus.items()
        for item in items
    }
    assert in_menus == {
        ("napari/layers/visualize", "Explore in latent space"),
        ("napari/layers/classify", "Train a β-VAE on this layer"),
    }


def test_the_distribution_announces_it():
    """By the name that the manifest gives: else napari looks for its settings elsewhere."""
    import tomllib

    from npe2 import PluginManifest

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["napari.manifest"] == {"bvae-explorer": "bvae_gui:napari.yaml"}
    assert project["name"] == PluginManifest.from_file(MANIFEST).name
    assert "Framework :: napari" in project["classifiers"]


def test_importing_all_that_it_names_loads_neither_tensorflow_nor_matplotlib():
    said = run_python(
        "import sys\n"
        "from npe2 import PluginManifest\n"
        f"manifest = PluginManifest.from_file({str(MANIFEST)!r})\n"
        "manifest.validate_imports()\n"
        "heavy = {'tensorflow', 'keras', 'matplotlib', 'sklearn'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    assert said.stdout.strip() == "[]", said.stderr


@pytest.mark.skipif(
    find_spec("napari") is not None and Version(version("napari")) < Version("0.9"),
    reason="this napari keeps no settings for plugins",
)
def test_its_settings_are_in_naparis_preferences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NAPARI_CONFIG", str(tmp_path / "napari.yaml"))
    said = run_python(
        "from npe2 import PluginManager, PluginManifest\n"
        "manager = PluginManager.instance()\n"
        f"manifest = PluginManifest.from_file({str(MANIFEST)!r})\n"
        "if manifest.name not in manager:\n"
        "    manager.register(manifest)\n"
        "from bvae_gui.napari.settings import Preferences, preferences\n"
        "from napari.settings import get_plugin_settings\n"
        "assert preferences() == Preferences()\n"
        "chosen = get_plugin_settings(manifest.name)\n"
        "chosen.explorer.model = ' '\n"
        "chosen.explorer.crop_size, chosen.explorer.ink_on_paper = 40, True\n"
        "chosen.training.longest_side = 32\n"
        "assert preferences() == Preferences('demo', 40, 'paper', 32)\n"
    )
    assert said.returncode == 0, said.stderr
