"""Options of what takes long, for the programs that start it and watch."""

from __future__ import annotations

from typing import Annotated

import typer

#: Where the help lists them.
PROGRAMS = "For programs"

JsonEvents = Annotated[
    bool,
    typer.Option(
        "--json-events", help="Report as one JSON object a line.", rich_help_panel=PROGRAMS
    ),
]
Nice = Annotated[
    int,
    typer.Option(
        min=0, max=19, help="Let other programs go first, by so much.", rich_help_panel=PROGRAMS
    ),
]
