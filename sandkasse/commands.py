"""The commands that only look at an open database: one definition each, whether this process has
the file open or the running app does and is asked (see ``local_socket``).

Arguments and results are what JSON can say. Each runs as the operator, who owns the file.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sandkasse
from sandkasse import backup, config, exchange, figures, integrity, journeys, registry
from sandkasse.database import Database
from sandkasse.documents.audience import Audience
from sandkasse.errors import Invalid
from sandkasse.figures import Choice, CohortFunnel, seats, waiting
from sandkasse.figures.seats import SeatsChoice
from sandkasse.figures.survival import BASE_RATES_SOURCE, survival, survival_to_json
from sandkasse.figures.waiting import WaitingChoice
from sandkasse.i18n import _, language
from sandkasse.people import OPERATOR
from sandkasse.privacy.commands import COMMANDS as OF_PRIVACY

Arguments = dict[str, Any]
Result = dict[str, Any]


def funnel(db: Database, arguments: Arguments) -> Result:
    """``funnel``: the cohort funnel as JSON, with the words of a readable table beside it.

    Arguments: ``journey``, and, each None where not chosen, ``from`` and ``to`` (ISO dates),
    ``level``, ``theme``, ``as_of`` and ``known_at`` (ISO times with their offset).

    :raises NotFound: for an unknown journey, naming the known ones.
    :raises Invalid: for a choice that cannot be answered.
    """
    choice = _choice(arguments)
    journeys.get(db, choice.journey_id)
    figure = figures.cohort(db, OPERATOR, choice)
    medians = figures.median_days_to_advance(db, OPERATOR, choice)
    return {
        "figure": figures.to_json(figure, medians),
        "title": figure.journey.name.in_(language()),
        "sentence": figures.sentence(figure),
        "names": _names(figure),
    }


def waiting_times(db: Database, arguments: Arguments) -> Result:
    """``waiting``: whose the ideas' days are and how long agencies take, as JSON, with the words of
    a readable table beside it.

    Arguments, each None where not chosen: ``journey``, ``level``, ``agency``, ``from`` and ``to``
    (ISO dates), ``as_of`` and ``known_at`` (ISO times with their offset).

    :raises NotFound: for an unknown journey, naming the known ones.
    :raises Invalid: for a choice that cannot be answered.
    """
    choice = _waiting_choice(arguments)
    if choice.journey_id is not None:
        journeys.get(db, choice.journey_id)
    divided = waiting.division(db, OPERATOR, choice)
    times = waiting.waits(db, OPERATOR, choice)
    return {
        "figure": waiting.to_json(divided, times, waiting.trend(db, OPERATOR, choice)),
        "sentences": [
            figures.sentence(divided),
            figures.sentence(times),
            *(figures.sentence(agency) for agency in times.agencies),
        ],
        "names": {
            **{one.agency_id: one.name.in_(language()) for one in times.agencies},
            **{
                f"{one.journey_id} {one.stage_id}": one.name.in_(language())
                for one in divided.stages
            },
        },
    }


def seat_figures(db: Database, arguments: Arguments) -> Result:
    """``seats``: whether seats are filled and will stay filled, as JSON, with the words of it.

    Arguments, each None where not chosen: ``agency``, ``position`` (a number), ``from``, ``to`` and
    ``before`` (ISO dates), ``hires`` (a number), ``as_of`` and ``known_at`` (ISO times with their
    offset).

    :raises Invalid: for a choice that cannot be answered.
    """
    try:
        choice = SeatsChoice(
            agency_id=arguments.get("agency"),
            position_id=arguments.get("position"),
            since=_day(arguments.get("from")),
            until=_day(arguments.get("to")),
            as_of=_moment(arguments.get("as_of")),
            known_at=_moment(arguments.get("known_at")),
        )
        before, hires = _day(arguments.get("before")), int(arguments.get("hires") or seats.HIRES)
    except (TypeError, ValueError) as error:
        raise Invalid(_("The request cannot be read.")) from error
    found = seats.all_figures(db, OPERATOR, choice, before=before, hires=hires)
    return {
        "figure": seats.to_json(found),
        "sentences": [figures.sentence(one) for one in vars(found).values()],
        "titles": {
            str(one.position_id): one.title.in_(language()) for one in found.coverage.positions
        },
    }


def lived(db: Database, _arguments: Arguments) -> Result:
    """``survival``: how many companies lived 1, 3 and 5 years after their registration."""
    return {
        "figure": survival_to_json(survival(db, OPERATOR)),
        "base_rates_source": BASE_RATES_SOURCE,
    }


def refresh_register(db: Database, _arguments: Arguments) -> Result:
    """``registry refresh``: read the company register's news of the companies that are followed.

    :raises RegisterFailed: when it cannot be reached.
    """
    with registry.Client(config.settings().registry) as client:
        return asdict(registry.refresh(db, client))


def check(db: Database, _arguments: Arguments) -> Result:
    """``check``: the sentences on what is wrong, and how much was looked at."""
    findings = integrity.check(db)
    ideas, ledger_rows = integrity.size(db)
    return {
        "findings": [finding.line for finding in findings],
        "ideas": ideas,
        "ledger_rows": ledger_rows,
    }


def listed_journeys(db: Database, _arguments: Arguments) -> Result:
    """``journeys``: each with its id, name, stages in order and number of ideas."""
    counts = dict(db.rows("SELECT journey_id, count(*) FROM idea GROUP BY journey_id"))
    return {
        "journeys": [
            {
                "id": journey.id,
                "name": journey.name.in_(language()),
                "stages": [stage.id for stage in journey.stages],
                "ideas": counts.get(journey.id, 0),
            }
            for journey in journeys.all_journeys(db)
        ]
    }


def export(db: Database, arguments: Arguments) -> Result:
    """``export``: everything into a folder, an event log into a file, or both, written by
    whichever process has the database.

    Arguments: ``folder`` with its ``format`` (``csv`` or ``parquet``), and ``event_log`` with its
    ``journey`` (None: all). Paths are absolute; None where not wanted.

    :raises Invalid: when a path cannot be written to. :raises NotFound: for an unknown journey.
    """
    folder, event_log = arguments.get("folder"), arguments.get("event_log")
    written: list[str] = []
    try:
        if folder is not None:
            names = exchange.export_all(db, OPERATOR, Path(folder), arguments["format"])
            written += [str(Path(folder) / name) for name in names]
        if event_log is not None:
            exchange.export_event_log(db, OPERATOR, Path(event_log), arguments.get("journey"))
            written.append(event_log)
    except OSError as error:
        raise Invalid(f"{error.filename or folder or event_log}: {error.strerror}") from error
    return {"written": written}


def copy(db: Database, arguments: Arguments) -> Result:
    """A part of ``backup``: the file as it is at one moment, copied ``to`` an absolute path that is
    free. Writers wait while bytes are copied. Looking the copy over is left to whoever asked.

    :raises BackupFailed: when it cannot be copied.
    """
    target = Path(str(arguments["to"])) if "to" in arguments else None
    if target is None or not target.is_absolute():
        raise Invalid(_("The request cannot be read."))
    try:
        moment = db.copy_to(target)
    except OSError as error:
        raise backup.failed(error, target.parent) from error
    return {"moment": moment.isoformat(), "version": sandkasse.__version__}


def minutes(db: Database, arguments: Arguments) -> Result:
    """``minutes``: the papers of a meeting into a folder, written by whichever process has the
    database.

    Arguments: ``meeting`` (its number), ``folder`` (absolute) and ``audience`` (``outside`` or
    ``project``).

    :raises NotFound: when there is no such meeting. :raises Invalid: when the folder cannot be
        written to.
    """
    try:
        audience = Audience(arguments["audience"])
        meeting_id, folder = int(arguments["meeting"]), Path(arguments["folder"])
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(_("The request cannot be read.")) from error
    from sandkasse.documents import papers  # takes a second to load, which others need not wait

    files = papers.papers(db, OPERATOR, meeting_id, audience)
    return {"written": [str(path) for path in papers.written(files, folder)]}


def _choice(arguments: Arguments) -> Choice:
    try:
        return Choice(
            journey_id=str(arguments["journey"]),
            level=arguments.get("level"),
            theme=arguments.get("theme"),
            since=_day(arguments.get("from")),
            until=_day(arguments.get("to")),
            as_of=_moment(arguments.get("as_of")),
            known_at=_moment(arguments.get("known_at")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(_("The request cannot be read.")) from error


def _waiting_choice(arguments: Arguments) -> WaitingChoice:
    try:
        return WaitingChoice(
            journey_id=arguments.get("journey"),
            level=arguments.get("level"),
            agency_id=arguments.get("agency"),
            since=_day(arguments.get("from")),
            until=_day(arguments.get("to")),
            as_of=_moment(arguments.get("as_of")),
            known_at=_moment(arguments.get("known_at")),
        )
    except (TypeError, ValueError) as error:
        raise Invalid(_("The request cannot be read.")) from error


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _names(figure: CohortFunnel) -> dict[str, str]:
    return {stage.stage_id: stage.name.in_(language()) for stage in figure.stages}


#: What can be asked of the running app, by its name on the command line.
COMMANDS: Mapping[str, Callable[[Database, Arguments], Result]] = {
    "funnel": funnel,
    "waiting": waiting_times,
    "seats": seat_figures,
    "survival": lived,
    "registry refresh": refresh_register,
    "check": check,
    "copy": copy,
    "export": export,
    "journeys": listed_journeys,
    "minutes": minutes,
    **OF_PRIVACY,
}
