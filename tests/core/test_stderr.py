"""What native libraries say, kept from the terminal."""

from __future__ import annotations

import os

import pytest

from bvae_core._stderr import only_if_failing, without_lines


def test_what_is_said_is_shown_only_where_something_fails(capfd) -> None:
    @only_if_failing()
    def work(*, well: bool) -> None:
        os.write(2, b"greetings\n")
        if not well:
            raise ValueError("broken")

    work(well=True)
    assert capfd.readouterr().err == ""
    with pytest.raises(ValueError, match="broken"):
        work(well=False)
    assert capfd.readouterr().err == "greetings\n"


def test_of_other_lines_none_is_lost(capfd) -> None:
    with without_lines(b"INFO: "):
        os.write(2, b"INFO: hello\nnews\n")
    os.write(2, b"INFO: after\n")
    assert capfd.readouterr().err == "news\nINFO: after\n"
