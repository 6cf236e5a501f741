"""What importing the figures gives and costs."""

from __future__ import annotations

import pytest
from children import run_python

from bvae_core import figures


def test_everything_public_is_there() -> None:
    for name in figures.__all__:
        assert getattr(figures, name) is not None


def test_what_is_not_there_is_said_as_python_says_it() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        figures.nonsense  # noqa: B018


def test_colours_ink_and_the_font_are_had_without_matplotlib() -> None:
    done = run_python(
        "import sys\n"
        "from bvae_core.figures import LIGHT, kana_font_path, read_metadata, to_rgb8\n"
        "from bvae_core.figures.theme import DARK\n"
        "to_rgb8([[[0.5]]], LIGHT, 'paper'), kana_font_path()\n"
        "print(*{'matplotlib', 'PIL', 'matplotlib_fontja'} & set(sys.modules))"
    )
    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr
