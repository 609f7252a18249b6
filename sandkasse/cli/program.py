"""The commands of ``sandkasse``.

What goes wrong and can be expected is said in one sentence on the standard error stream, with
exit code 1; a command line that cannot be read gives exit code 2.
"""

import json
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

import sandkasse
from sandkasse import config, exchange, i18n, local_socket, start
from sandkasse.cli import backups, given, privacy, tables
from sandkasse.commands import COMMANDS
from sandkasse.database import Database
from sandkasse.documents.audience import Audience
from sandkasse.errors import (
    DatabaseHeld,
    InvalidImport,
    NotFound,
    SandkasseError,
    Unavailable,
)
from sandkasse.figures.seats import HIRES
from sandkasse.i18n import _, ngettext_, number_text
from sandkasse.journeys import load_file, sync
from sandkasse.people import OPERATOR

program = typer.Typer(
    help="Sandkasse: an idea bank, a mentors' board and a funnel.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Language(StrEnum):
    """The languages of texts."""

    NB = "nb"
    EN = "en"


class Format(StrEnum):
    """The formats of an export."""

    CSV = "csv"
    PARQUET = "parquet"


Journey = Annotated[str, typer.Option("--journey", metavar="ID", help="The journey's id.")]
Since = Annotated[
    date | None,
    typer.Option("--from", metavar="DATE", parser=given.day, help="First day of entry."),
]
Until = Annotated[
    date | None, typer.Option("--to", metavar="DATE", parser=given.day, help="Last day of entry.")
]
AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", metavar="T", parser=given.moment, help="Only what had happened by T."),
]
KnownAt = Annotated[
    datetime | None,
    typer.Option(
        "--known-at", metavar="T", parser=given.moment, help="Only what was recorded by T."
    ),
]
Level = Annotated[str | None, typer.Option(help="Only this level: BSc, MSc or PhD.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON alone.")]


def main() -> None:
    """Run the command line and end the process."""
    i18n.set_language(given.language_of())
    try:
        program(given.language_first(sys.argv[1:]))
    except InvalidImport as error:
        _complain(
            error.message,
            *(_("row {n}: {reason}").format(n=n, reason=reason) for n, reason in error.rows),
        )
    except SandkasseError as error:
        _complain(error.message)
    except OSError as error:
        _complain(f"{error.filename or ''}: {error.strerror or error}".removeprefix(": "))


def _complain(*lines: str) -> None:
    for line in lines:
        print(line, file=sys.stderr)
    sys.exit(1)


@program.callback()
def _every_command(
    language: Annotated[
        Language | None, typer.Option(help="The language of texts. Default: that of LANG.")
    ] = None,
) -> None:
    if language is not None:
        i18n.set_language(language)


@program.command()
def run() -> None:
    """Prepare the database and serve the app until stopped."""
    settings = config.settings()
    # Opened once beforehand, so that what is wrong is said here and not to the first visitor.
    start.prepare(settings).close()
    from sandkasse.ui.server import serve

    serve(settings)


@program.command()
def funnel(
    journey: Journey,
    since: Since = None,
    until: Until = None,
    level: Level = None,
    theme: Annotated[str | None, typer.Option(help="Only this theme.")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Show how far the ideas of a journey have got. T is an ISO time, or a day for its end."""
    result = _asked(
        "funnel",
        {
            "journey": journey,
            "from": _iso(since),
            "to": _iso(until),
            "level": level,
            "theme": theme,
            "as_of": _iso(as_of),
            "known_at": _iso(known_at),
        },
    )
    if as_json:
        print(json.dumps(result["figure"], ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print(tables.funnel(result))


@program.command()
def waiting(
    journey: Annotated[
        str | None, typer.Option(metavar="ID", help="Only this journey; else all.")
    ] = None,
    level: Level = None,
    agency: Annotated[str | None, typer.Option(metavar="ID", help="Only this agency.")] = None,
    since: Annotated[
        date | None,
        typer.Option("--from", metavar="DATE", parser=given.day, help="First day of the period."),
    ] = None,
    until: Annotated[
        date | None,
        typer.Option("--to", metavar="DATE", parser=given.day, help="Last day of the period."),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Show whose the ideas' days are, and how long agencies take.

    Time is divided within the period; matters are those sent in it.
    """
    result = _asked(
        "waiting",
        {
            "journey": journey,
            "level": level,
            "agency": agency,
            "from": _iso(since),
            "to": _iso(until),
            "as_of": _iso(as_of),
            "known_at": _iso(known_at),
        },
    )
    if as_json:
        print(json.dumps(result["figure"], ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print(tables.waiting(result))


@program.command()
def seats(
    agency: Annotated[str | None, typer.Option(metavar="ID", help="Only this agency.")] = None,
    position: Annotated[int | None, typer.Option(metavar="N", help="Only this position.")] = None,
    since: Annotated[
        date | None,
        typer.Option("--from", metavar="DATE", parser=given.day, help="First day of the period."),
    ] = None,
    until: Annotated[
        date | None,
        typer.Option("--to", metavar="DATE", parser=given.day, help="Last day of the period."),
    ] = None,
    before: Annotated[
        date | None,
        typer.Option(
            metavar="DATE", parser=given.day, help="Tell of seats that will be empty before DATE."
        ),
    ] = None,
    hires: Annotated[
        int, typer.Option(metavar="N", help="Tell how many applicants N hires need.")
    ] = HIRES,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Show whether seats of student positions are filled, and will stay filled."""
    result = _asked(
        "seats",
        {
            "agency": agency,
            "position": position,
            "from": _iso(since),
            "to": _iso(until),
            "before": _iso(before),
            "hires": hires,
            "as_of": _iso(as_of),
            "known_at": _iso(known_at),
        },
    )
    if as_json:
        print(json.dumps(result["figure"], ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print(tables.seats(result))


@program.command()
def survival(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON alone.")] = False,
) -> None:
    """Show how many companies lived 1, 3 and 5 years after they were registered."""
    result = _asked("survival", {})
    if as_json:
        print(json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print(tables.survival(result))


registry = typer.Typer(help="What the company register says of the companies that ideas became.")
program.add_typer(registry, name="registry")


@registry.command("refresh")
def refresh_registry(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON alone.")] = False,
) -> None:
    """Read the register's news since the last time. Run it once a day."""
    result = _asked("registry refresh", {})
    if as_json:
        print(json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False))
        return
    said = ngettext_(
        "{n} company is followed; {read} read anew.",
        "{n} companies are followed; {read} read anew.",
        result["followed"],
    )
    print(said.format(n=number_text(result["followed"]), read=number_text(result["read"])))


@program.command()
def journeys() -> None:
    """List the journeys with their ids."""
    print(tables.journeys(_asked("journeys", {})))


@program.command()
def check() -> None:
    """Compare the database with its own rules; exit code 1 when something is wrong."""
    result = _asked("check", {})
    for line in result["findings"]:
        print(line)
    ideas = ngettext_("{n} idea", "{n} ideas", result["ideas"])
    rows = ngettext_("{n} ledger row", "{n} ledger rows", result["ledger_rows"])
    size = {
        "ideas": ideas.format(n=number_text(result["ideas"])),
        "rows": rows.format(n=number_text(result["ledger_rows"])),
    }
    wrong = len(result["findings"])
    if wrong:
        said = ngettext_(
            "{n} thing is wrong: {ideas}, {rows}", "{n} things are wrong: {ideas}, {rows}", wrong
        )
        print(said.format(n=number_text(wrong), **size))
        raise typer.Exit(1)
    print(_("Nothing wrong: {ideas}, {rows}").format(**size))


@program.command()
def doctor(
    backups_in: Annotated[
        Path | None, typer.Option("--backups", metavar="DIR", help="Look at these backups too.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Look at the configuration, and say what is wrong and what to do; exit code 1 when the app
    will not work as it is, or is not safe."""
    from sandkasse.doctor import State, examine  # asks over the network; others need not load it

    found = examine(config.settings(), backups_in)
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        print(tables.findings(found))
    if any(one.state is State.WRONG for one in found):
        raise typer.Exit(1)


@program.command("import")
def import_log(
    log: Annotated[Path, typer.Argument(metavar="LOG.csv", help="The log.")],
    journey: Annotated[
        str | None,
        typer.Option("--journey", metavar="ID", help="The journey's id, for ideas."),
    ] = None,
    journey_file: Annotated[
        Path | None, typer.Option(metavar="FILE.toml", help="Load this journey first.")
    ] = None,
    skip_invalid: Annotated[
        Path | None,
        typer.Option(metavar="REJECTS.csv", help="Load what is sound, and put the rest here."),
    ] = None,
    touchpoints: Annotated[
        bool,
        typer.Option("--touchpoints", help="The log is of ideas' matters with agencies."),
    ] = False,
    positions: Annotated[
        bool, typer.Option("--positions", help="The file is a table of student positions.")
    ] = False,
    applications: Annotated[
        bool,
        typer.Option("--applications", help="The log is of applications for student positions."),
    ] = False,
) -> None:
    """Load a log of ideas, of their touchpoints, or of student positions and applications.

    All of it or, unless told to skip, nothing.
    """
    if touchpoints + positions + applications > 1:
        raise typer.BadParameter("Choose one of --touchpoints, --positions and --applications.")
    if positions or applications:
        recruit = exchange.import_positions if positions else exchange.import_applications
        with closing(start.opened(config.settings())) as db:
            print(tables.imported(recruit(db, OPERATOR, log, skip_invalid=skip_invalid)))
        return
    if journey is None:
        raise typer.BadParameter("Name the journey with --journey.")
    defined = None if journey_file is None else load_file(journey_file)
    with closing(start.opened(config.settings())) as db:
        if defined is not None:
            sync(db, [defined], source=str(journey_file))
        load = exchange.import_touchpoints if touchpoints else exchange.import_log
        report = load(db, OPERATOR, log, journey, skip_invalid=skip_invalid)
    print(tables.imported(report))


@program.command()
def export(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A new folder, or an earlier export.")
    ] = None,
    kind: Annotated[Format, typer.Option("--format", help="The format in DIR.")] = Format.CSV,
    event_log: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Write a log for process mining.")
    ] = None,
    journey: Annotated[
        str | None, typer.Option(metavar="ID", help="Only this journey in that log; else all.")
    ] = None,
) -> None:
    """Write everything into a folder, a log for process mining into a file, or both."""
    if folder is None and event_log is None:
        raise typer.BadParameter("Name a folder, or a file with --event-log.")
    if journey is not None and event_log is None:
        raise typer.BadParameter("--journey goes with --event-log: a folder gets everything.")
    result = _asked(
        "export",
        {
            "folder": _absolute(folder),
            "format": kind.value,
            "event_log": _absolute(event_log),
            "journey": journey,
        },
    )
    for path in result["written"]:
        print(path)


@program.command()
def minutes(
    meeting: Annotated[int, typer.Argument(metavar="MEETING", help="The meeting's number.")],
    folder: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="The folder for the papers.")
    ],
    audience: Annotated[
        Audience,
        typer.Option("--for", help="Whose eyes they are for; outside, small numbers are hidden."),
    ] = Audience.OUTSIDE,
) -> None:
    """Write the papers of a meeting: agenda, minutes, slides, spreadsheet and calendar."""
    arguments = {"meeting": meeting, "folder": _absolute(folder), "audience": audience.value}
    for path in _asked("minutes", arguments)["written"]:
        print(path)


program.command()(backups.backup)
program.command()(backups.backups)
program.command()(backups.restore)


@program.command()
def demo(
    ideas: Annotated[int, typer.Option(min=0, help="How many ideas.")] = 160,
    seed: Annotated[int, typer.Option(help="The same seed gives the same ideas.")] = 1,
    journey: Annotated[
        str | None, typer.Option(metavar="ID", help="Only this journey; else the shipped two.")
    ] = None,
) -> None:
    """Fill an empty database with synthetic people and ideas."""
    report = start.fill(config.settings(), ideas=ideas, seed=seed, journey_id=journey)
    print(
        _(
            "Made {ideas} ideas with {rows} ledger rows, and {people} people who do not exist."
        ).format(
            ideas=number_text(report.ideas),
            rows=number_text(report.ledger_rows),
            people=number_text(report.people),
        )
    )


@program.command()
def version() -> None:
    """Print the version."""
    print(f"sandkasse {sandkasse.__version__}")


def _iso(value: date | datetime | None) -> str | None:
    return None if value is None else value.isoformat()


def _absolute(path: Path | None) -> str | None:
    """A path that the running app, with a working folder of its own, understands."""
    return None if path is None else str(path.absolute())


def _asked(command: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """What a command says of the database: opened here, or by the running app that has it."""
    settings = config.settings()
    if not settings.database.exists():
        raise NotFound(
            _("There is no database at {file} yet. Make one with: sandkasse run").format(
                file=settings.database
            )
        )
    try:
        db = Database.open(settings.database, memory=settings.memory, threads=settings.threads)
    except DatabaseHeld as held:
        try:
            return local_socket.ask(settings.database, command, arguments)
        except Unavailable as silence:
            raise Unavailable(f"{held.message} {silence.message}") from None
    with closing(db):
        return COMMANDS[command](db, arguments)


privacy.add_to(program, _asked)
