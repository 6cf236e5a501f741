"""Numbers as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def number(value: float, digits: int = 3) -> str:
    """Return a number with so many digits behind the point, a true minus and no −0."""
    return f"{value:z.{digits}f}".replace("-", "−")


def numbers(values: Sequence[float], shown: int) -> str:
    """Return the first `shown` numbers, with an ellipsis if there are more."""
    more = ("…",) if len(values) > shown else ()
    return ", ".join([*map(number, values[:shown]), *more])


def typed(text: str) -> str:
    """Return text with the minuses that keyboards have, as parsers expect them."""
    return text.replace("−", "-")


def lines(values: Iterable[float], width: int = 8) -> str:
    """Return all numbers, so many in a line."""
    words = [number(value) for value in values]
    return "\n".join(", ".join(words[i : i + width]) for i in range(0, len(words), width))
