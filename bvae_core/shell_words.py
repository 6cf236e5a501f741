"""Words of commands for a shell, whatever they are made of; `shlex.join` makes them a line."""

from __future__ import annotations

from collections.abc import Sequence


def command(name: str, operands: Sequence[str], options: Sequence[str] = ()) -> list[str]:
    """Return the words of a command of `bvae`, its operands before its options, as people type.

    Where an operand looks like an option, they come last and behind ``--``.

    >>> command("encode", ["demo", "my-own.png"], ["--no-crop"])
    ['bvae', 'encode', 'demo', 'my-own.png', '--no-crop']
    >>> command("encode", ["-demo", "my-own.png"], ["--no-crop"])
    ['bvae', 'encode', '--no-crop', '--', '-demo', 'my-own.png']
    """
    before = ["bvae", *name.split()]
    if any(operand.startswith("-") for operand in operands):
        return [*before, *options, "--", *operands]
    return [*before, *operands, *options]


def option(name: str, value: object) -> list[str]:
    """Return a long option and its value, in one argument where that looks like an option.

    >>> option("--from", "-1,2")
    ['--from=-1,2']
    """
    text = str(value).removesuffix(".0") if isinstance(value, float) else str(value)
    return [f"{name}={text}"] if text.startswith("-") else [name, text]
