"""The commands about privacy: the audit's proof, and what has been kept long enough."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from sandkasse.i18n import _, ngettext_, number_text

Asked = Callable[[str, dict[str, Any]], dict[str, Any]]


def add_to(program: typer.Typer, asked: Asked) -> None:
    """Make the commands part of ``program``; ``asked`` answers what they ask of the database."""

    @program.command()
    def audit(
        head: Annotated[
            bool, typer.Option("--head", help="Print only the line to keep somewhere else.")
        ] = False,
        verify: Annotated[
            str | None,
            typer.Option(metavar="LINE", help="Compare with a line that was kept earlier."),
        ] = None,
    ) -> None:
        """Check that no row of the audit was changed or removed; exit code 1 when one was."""
        found = asked("audit", {"verify": verify})
        if head:
            print(found["head"])
            return
        for flaw in found["flaws"]:
            print(flaw)
        if found["flaws"]:
            raise typer.Exit(1)
        told = ngettext_("{n} row, none changed.", "{n} rows, none changed.", found["entries"])
        print(told.format(n=number_text(found["entries"])))
        print(_("To keep somewhere else: {head}").format(head=found["head"]))
