from __future__ import annotations

from pathlib import Path

import pytest

from bvae_core.errors import BvaeError
from bvae_core.resources import resource


@pytest.mark.parametrize("installed_as", ["bvae_gui/resources", "resources"])
def test_the_folder_is_found_in_a_wheel_and_in_a_checkout(
    tmp_path: Path, installed_as: str
) -> None:
    demo = tmp_path / installed_as / "demo"
    demo.mkdir(parents=True)
    assert resource("demo", beside=tmp_path) == demo
    assert resource(beside=tmp_path) == demo.parent


def test_the_package_own_folder_comes_before_one_beside_it(tmp_path: Path) -> None:
    for folder in ("bvae_gui/resources", "resources"):
        (tmp_path / folder).mkdir(parents=True)
    assert resource(beside=tmp_path) == tmp_path / "bvae_gui" / "resources"


def test_what_the_installation_lacks_is_named(tmp_path: Path) -> None:
    with pytest.raises(BvaeError, match=r"^icons/seal.svg is missing .* Reinstall"):
        resource("icons", "seal.svg", beside=tmp_path)


def test_this_installation_has_its_resources() -> None:
    assert resource().is_dir()
