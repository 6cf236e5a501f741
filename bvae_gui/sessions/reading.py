"""`read_session`: a session's file, read with distrust."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from bvae_core.codec import MAX_COORDINATE
from bvae_core.errors import BvaeError, DataError
from bvae_gui.sessions.parts import PARTS
from bvae_gui.sessions.session import SCHEMA_VERSION, Layout, Session, ThemeChoice
from bvae_gui.sessions.values import (
    LONGEST,
    WrongError,
    mapping,
    number,
    one_of,
    refuse_constant,
    text_of,
    wrong,
)

_MAX_LAYOUT = 1 << 16
_MAX_NAME = 200
_HEX = frozenset("0123456789abcdef")


def read_session(path: Path) -> Session:
    """Read a session's file, with distrust.

    Raises
    ------
    DataError
        If it is no session, damaged, or from a newer version.
    BvaeError
        If it can't be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST + 1)
    except OSError as error:
        raise BvaeError(f"{path} could not be read: {error.strerror}.") from error
    try:
        if len(content) > LONGEST:
            raise wrong(f"at most {LONGEST:,} bytes", f"{path.stat().st_size:,}")
        try:
            values = json.loads(content.decode("utf-8"), parse_constant=refuse_constant)
        except (ValueError, RecursionError) as error:
            raise wrong("JSON", f"{error}") from error
        return _from_values(mapping("session", values))
    except WrongError as error:
        raise DataError(f"{path.name}: no session: {error}") from error


def _from_values(values: Mapping[str, Any]) -> Session:
    version = values.get("schema_version")
    if type(version) is int and version > SCHEMA_VERSION:
        raise WrongError("It is from a newer version of bvae-explorer; update it to open this.")
    if version != SCHEMA_VERSION or type(version) is not int:
        raise wrong(f"schema_version {SCHEMA_VERSION}", version)
    known = {"program", "schema_version", "model", "theme", "layout", *PARTS}
    for name in values:
        if name not in known:
            raise wrong(f"parts that this version knows, {', '.join(sorted(known))}", name)
    for name in PARTS:
        if name not in values:
            raise wrong(f"a part called {name}", "none")
    model = mapping("model", values.get("model"))
    fingerprint = text_of("fingerprint", model.get("fingerprint"))
    if len(fingerprint) != 64 or not set(fingerprint) <= _HEX:
        raise wrong("the model's fingerprint", fingerprint)
    return Session(
        text_of("name", model.get("name"), longest=_MAX_NAME),
        fingerprint,
        {name: values[name] for name in PARTS},
        one_of("theme", values.get("theme"), get_args(ThemeChoice)),
        _layout(mapping("layout", values.get("layout"))),
    )


def _layout(values: Mapping[str, Any]) -> Layout:
    parts: dict[str, bytes] = {}
    for name, text in mapping("layout", values.get("parts")).items():
        try:
            part = base64.b64decode(text_of(name, text, longest=_MAX_LAYOUT), validate=True)
        except ValueError as error:
            raise wrong(f"layout of {name} in base64", text) from error
        parts[text_of("layout", name, longest=_MAX_NAME)] = part
    tool = values.get("tool")
    return Layout(
        parts,
        None if tool is None else text_of("tool", tool, longest=_MAX_NAME),
        _seen(values.get("seen")),
    )


def _seen(value: object) -> tuple[tuple[float, float], tuple[float, float]] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise wrong("seen as the map's limits across and up", value)
    across, up = (_range("seen", each) for each in value)
    return across, up


def _range(name: str, value: object) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise wrong(f"{name} as two numbers", value)
    low, high = (number(name, each) for each in value)
    if not -MAX_COORDINATE <= low < high <= MAX_COORDINATE:
        raise wrong(f"{name} as rising numbers within ±{MAX_COORDINATE:,.0f}", value)
    return low, high
