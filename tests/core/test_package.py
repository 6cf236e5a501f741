"""What importing the package gives and costs."""

from __future__ import annotations

import pytest
from children import run_python

import bvae_core


def test_everything_public_is_there() -> None:
    for name in bvae_core.__all__:
        assert getattr(bvae_core, name).__doc__, name


def test_what_is_not_there_is_said_as_python_says_it() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        bvae_core.nonsense  # noqa: B018


def test_only_training_loads_tensorflow() -> None:
    """Nor does anything else that takes its time, before it is used."""
    done = run_python(
        "import sys, bvae_core, bvae_gui; bvae_core.load_bundle, bvae_core.load_images;"
        "print(*{'tensorflow', 'keras', 'tensorflow_datasets', 'sklearn', 'matplotlib', 'qtpy'}"
        "      & set(sys.modules))"
    )
    assert done.stdout.split() == [], done.stderr


@pytest.mark.slow
def test_our_programs_load_keras_without_what_they_do_not_use() -> None:
    done = run_python(
        "import gc, sys; from bvae_core import _tensorflow;"
        "_tensorflow.claim_process(); _tensorflow.load_quietly();"
        "print({'keras', 'pandas', 'sklearn', 'matplotlib'} & set(sys.modules));"
        "assert gc.get_freeze_count() > 100_000, 'nobody looks for garbage in it';"
        "import sklearn, matplotlib"  # which are there for others
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "{'keras'}\n", "")
