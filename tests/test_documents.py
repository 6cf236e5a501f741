"""The documents say what is so: their commands, options, paths, links and versions."""

from __future__ import annotations

import ast
import doctest
import importlib
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bundles import contents
from children import ROOT, run_python

from bvae_core import __version__
from bvae_core.bundle import write_bundle
from bvae_core.cli.main import bvae
from bvae_core.manifest import SCHEMA_VERSION

README = ROOT / "README.md"
DOCUMENTS = [
    README,
    ROOT / "CHANGELOG.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


#: Modules with examples in their docstrings.
EXAMPLES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for package in ("bvae_core", "bvae_gui")
    for path in sorted((ROOT / package).rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


def blocks(document: Path, language: str) -> list[str]:
    """Return the contents of the fenced code blocks in this language."""
    found = _FENCED.findall(document.read_text(encoding="utf-8"))
    return [content for tag, content in found if tag == language]


def shell_commands() -> Iterator[tuple[Path, str]]:
    """Every command of every shell block, ``a && b`` being two."""
    for document in DOCUMENTS:
        for block in blocks(document, "bash"):
            for line in block.splitlines():
                for command in line.split(" && "):
                    yield document, command


BVAE_COMMANDS = [
    pytest.param(command, id=f"{document.name}: {command}")
    for document, command in shell_commands()
    if command.startswith("bvae ")
]


def parse(command: str) -> dict[str, Any]:
    """Read a `bvae` command as `bvae` does, values included, without running it."""
    name, *arguments = shlex.split(command)
    found: Any = bvae()
    context = None
    while hasattr(found, "commands"):
        context = found.context_class(found, info_name=name, parent=context)
        name, *arguments = arguments
        assert name in found.commands, f"{name} is no command of bvae"
        found = found.commands[name]
    values: dict[str, Any] = found.make_context(name, arguments, parent=context).params
    return values


def options(command: Any) -> set[str]:
    """Return all options of a command and those below it."""
    own = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    return own.union(*(options(each) for each in getattr(command, "commands", {}).values()))


def test_the_documents_show_every_command() -> None:
    shown = {tuple(shlex.split(each.values[0])[1:3]) for each in BVAE_COMMANDS}
    tree: Any = bvae()
    assert set(tree.commands) == {words[0] for words in shown}
    assert set(tree.commands["export"].commands) == {
        words[1] for words in shown if words[0] == "export"
    }


@pytest.mark.parametrize("command", BVAE_COMMANDS)
def test_commands_are_ones_that_bvae_understands(command: str) -> None:
    assert parse(command) is not None


@pytest.mark.parametrize(
    "command",
    ["bvae paint demo", "bvae show demo --colour red", "bvae export map demo -o map.docx"],
)
def test_commands_that_it_does_not_understand_are_found_out(command: str) -> None:
    reasons = "is no command|No such option|Expected a name that ends"
    with pytest.raises(Exception, match=reasons):
        parse(command)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_options_that_are_mentioned_exist(document: Path) -> None:
    prose = _FENCED.sub("", document.read_text(encoding="utf-8"))
    mentioned = {
        word
        for code in re.findall(r"`([^`\n]+)`", prose)
        if not code.startswith(("pip ", "python ", "pytest "))
        for word in re.findall(r"(?<!\S)--?[a-z][a-z-]*", code)
    }
    assert mentioned <= options(bvae()) | {"--help"}


def test_the_readme_has_one_command_to_run_it_and_one_to_test_it() -> None:
    text = README.read_text(encoding="utf-8")
    for mark, start in (("run", "pip install ."), ("test", "pip install '.[test]'")):
        (command,) = re.findall(rf"^<!-- {mark} -->\n```bash\n(.+)\n```$", text, re.MULTILINE)
        assert command.startswith(start)


@pytest.mark.slow
def test_the_python_in_the_readme_runs(cache_folder: Path) -> None:
    (program,) = blocks(README, "python")
    done = run_python(program)
    assert done.returncode == 0, done.stderr
    assert "kept out of training" in done.stdout


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_python_in_the_documents_is_python(document: Path) -> None:
    for program in blocks(document, "python"):
        ast.parse(program)


@pytest.mark.parametrize("module", EXAMPLES)
def test_examples_in_docstrings_give_what_they_say(module: str, cache_folder: Path) -> None:
    ran = doctest.testmod(importlib.import_module(module))
    assert ran.attempted
    assert not ran.failed


def test_the_newest_version_in_the_changelog_is_this_one() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[(\d[^\]]*)\] - \d{4}-\d\d-\d\d$", changelog, re.MULTILINE)
    assert versions[0] == __version__


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_and_pictures_lead_somewhere(document: Path) -> None:
    text = _FENCED.sub("", document.read_text(encoding="utf-8"))
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    local = [target for target in targets if not target.startswith(("https://", "http://"))]
    missing = [target for target in local if not (document.parent / target).exists()]
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_paths_that_are_mentioned_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    ours = r"(?:bvae_core|bvae_gui|benchmarks|docs|resources|tests|tools|\.ci)/[\w./-]*\w"
    paths = re.findall(rf"(?<![\w./-]){ours}", text)
    missing = [path for path in paths if not (ROOT / path).exists()]
    assert not missing


def test_the_architecture_mentions_every_module() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    modules = [
        path.relative_to(ROOT).as_posix()
        for package in ("bvae_core", "bvae_gui")
        for path in sorted((ROOT / package).rglob("*.py"))
    ]
    assert modules
    assert [module for module in modules if f"| `{module}` |" not in text] == []


def test_the_format_of_a_bundle_is_described_whole(tmp_path: Path) -> None:
    described = (ROOT / "docs" / "bundle.md").read_text(encoding="utf-8")
    bundle = write_bundle(tmp_path / "bundle", contents("small"))
    manifest = json.loads((bundle.path / "bundle.json").read_text(encoding="utf-8"))
    with np.load(bundle.path / "latents.npz") as latents:
        names = {*manifest, *manifest["data"], *latents.files}
    names |= {path.name for path in bundle.path.iterdir()}
    assert sorted(name for name in names if f"`{name}`" not in described) == []
    assert f"| `schema_version` | {SCHEMA_VERSION}." in described
