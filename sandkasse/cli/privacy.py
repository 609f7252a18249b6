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

    @program.command()
    def retention(
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Only tell what would be done.")
        ] = False,
        apply: Annotated[bool, typer.Option("--apply", help="Do it.")] = False,
    ) -> None:
        """Tell what has been kept long enough (data/retention.toml), and let it go."""
        if dry_run == apply:
            raise typer.BadParameter("Say either --dry-run or --apply.")
        found = asked("retention", {"apply": apply})
        for one in found["classes"]:
            if one["cutoff"] is not None:
                day = one["cutoff"][:10]
                told = ", ".join(f"{table} {n}" for table, n in one["counts"].items())
                print(f"{one['id']} ({one['action']}, {day}): {told or '–'}")
        rows = sum(found["done"].values())
        if apply:
            print(ngettext_("{n} row done.", "{n} rows done.", rows).format(n=number_text(rows)))
