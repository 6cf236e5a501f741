from __future__ import annotations

from bvae_core import shell_words


def test_operands_come_before_options() -> None:
    words = shell_words.command("export map", ["demo"], ["--no-dots", "-o", "map.png"])
    assert words == ["bvae", "export", "map", "demo", "--no-dots", "-o", "map.png"]


def test_no_operand_is_taken_for_an_option() -> None:
    words = shell_words.command("compare", ["demo", "-mine"], ["-o", "page.png"])
    assert words == ["bvae", "compare", "-o", "page.png", "--", "demo", "-mine"]


def test_no_value_is_taken_for_an_option() -> None:
    assert shell_words.option("--from", "-1,2") == ["--from=-1,2"]
    assert shell_words.option("--from", "ki") == ["--from", "ki"]
    assert shell_words.option("--strength", -3.0) == ["--strength=-3"]
