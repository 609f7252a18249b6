"""Everything out: each table as a file, each journey's log in the form of the import, and a README
that tells what every column is. And a log in the form that process-mining tools read.
"""

import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pandas as pd

from sandkasse import journeys, limits
from sandkasse.access import Action, writing
from sandkasse.database import Database, Reader
from sandkasse.errors import Invalid
from sandkasse.exchange.columns import TABLES
from sandkasse.exchange.formulas import neutralised
from sandkasse.i18n import _
from sandkasse.people import Actor

Format = Literal["csv", "parquet"]
README = "README.md"
_FIRST_LINE = "# An export of Sandkasse\n"
_ABOUT = """\
Times are UTC. An empty cell is «not known» or «does not apply». In CSV files a cell that a
spreadsheet would run as a formula has an apostrophe before it.

`log-<journey>.csv` is the log of a journey in the form that can be imported: what counts, in the
order in which it happened. `touchpoints-<journey>.csv` is the same of its ideas' matters with
agencies; import it after the other. Drafts are left out, as are the days that people want to be
reminded of and their notices: they are their owners' alone. The PDFs of applications are left out
too; fetch them one by one in the app.
"""

_LOG = """
SELECT coalesce(i.ref, 'SK-' || i.idea_id) AS idea,
       coalesce(l.stage_id, l.exit_id)     AS stage,
       l.occurred_at, i.title, i.level, i.theme,
       coalesce(l.actor_name, p.name)      AS actor,
       l.note                              AS reason
FROM effective('infinity'::TIMESTAMP, 'infinity'::TIMESTAMP) AS l
JOIN idea AS i ON i.idea_id = l.idea_id
LEFT JOIN person AS p ON p.person_id = l.actor_id
WHERE l.kind IN ('enter', 'move', 'reopen', 'exit')
  AND ($journey IS NULL OR i.journey_id = $journey)
ORDER BY i.idea_id, l.occurred_at, l.seq
"""

_TOUCHPOINTS = """
SELECT coalesce(i.ref, 'SK-' || i.idea_id)       AS idea,
       coalesce(t.ref, 'SK-' || t.touchpoint_id) AS matter,
       t.agency_id                               AS agency,
       e.kind                                    AS event,
       e.occurred_at, t.purpose_id AS purpose, t.title, e.outcome,
       coalesce(e.actor_name, p.name)            AS actor,
       e.note
FROM effective_event('infinity'::TIMESTAMP, 'infinity'::TIMESTAMP) AS e
JOIN touchpoint AS t ON t.touchpoint_id = e.touchpoint_id
JOIN idea AS i ON i.idea_id = t.idea_id
LEFT JOIN person AS p ON p.person_id = e.actor_id
WHERE i.journey_id = $journey
ORDER BY i.idea_id, t.touchpoint_id, e.occurred_at, e.seq
"""


def export_all(db: Database, actor: Actor, folder: Path, format: Format = "csv") -> list[str]:  # noqa: A002
    """Write everything into ``folder`` and return the names of the files. An earlier export there
    is replaced as a whole.

    :raises Invalid: an unknown format, or a folder with something else in it.
    :raises NotAllowed: for others than leads.
    """
    _check_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        names = _write_all(db, actor, made, format)
        made.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        made.replace(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return names


def export_zip(db: Database, actor: Actor, format: Format = "csv") -> bytes:  # noqa: A002
    """Everything as one zip file. Errors as for :func:`export_all`."""
    limits.count("downloads", actor)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        names = _write_all(db, actor, folder, format)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
            for name in names:
                file.write(folder / name, name)
    return packed.getvalue()


def export_event_log(db: Database, actor: Actor, file: Path, journey_id: str | None = None) -> int:
    """Write the log of one journey, or of all, with the columns ``case:concept:name``,
    ``concept:name``, ``time:timestamp`` and ``org:resource``; returns the number of rows.

    :raises NotFound: an unknown journey. :raises NotAllowed: for others than leads.
    """
    if journey_id is not None:
        journeys.get(db, journey_id)
    with writing(db, actor, Action.EXPORT_ALL, subject="event log") as write:
        log = write.tx.frame(_LOG, {"journey": journey_id})
        events = pd.DataFrame(
            {
                "case:concept:name": log["idea"],
                "concept:name": log["stage"],
                "time:timestamp": log["occurred_at"],
                "org:resource": log["actor"],
            }
        )
        with _replacing(file) as made:
            _write(events, made, "csv")
        write.detail["rows"] = len(events)
    return len(events)


def _check_folder(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise Invalid(_("{folder} is a file. Name a folder.").format(folder=folder), "folder")
    ours = (folder / README).exists() and (folder / README).read_text("utf-8").startswith(
        _FIRST_LINE
    )
    if any(folder.iterdir()) and not ours:
        raise Invalid(
            _("{folder} has other files in it. Name an empty or a new folder.").format(
                folder=folder
            ),
            "folder",
        )


def _write_all(db: Database, actor: Actor, folder: Path, format: Format) -> list[str]:  # noqa: A002
    if format not in ("csv", "parquet"):
        raise Invalid(_("Choose csv or parquet."), "format")
    names = []
    with writing(db, actor, Action.EXPORT_ALL, subject=f"all as {format}") as write:
        for table in TABLES:
            names.append(f"{table}.{format}")
            _write(write.tx.frame(f"FROM {table}"), folder / names[-1], format)
        for journey in journeys.all_journeys(db):
            for kind, sql in (("log", _LOG), ("touchpoints", _TOUCHPOINTS)):
                names.append(f"{kind}-{journey.id}.csv")
                log = write.tx.frame(sql, {"journey": journey.id})
                _write(log, folder / names[-1], "csv")
        (folder / README).write_text(readme(write.tx, format), "utf-8")
    return [*names, README]


def _write(frame: pd.DataFrame, path: Path, format: Format) -> None:  # noqa: A002
    if format == "parquet":
        frame.to_parquet(path, index=False)
        return
    shown = frame.copy()
    for name in shown.columns:
        kind = shown[name].dtype
        if pd.api.types.is_datetime64_any_dtype(kind):
            shown[name] = _as_iso(shown[name])
        elif not pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind):
            shown[name] = shown[name].map(_cell, na_action="ignore")
    shown.to_csv(path, index=False, encoding="utf-8")


def _as_iso(times: "pd.Series[pd.Timestamp]") -> "pd.Series[str]":
    return times.dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _cell(value: object) -> str:
    return neutralised(str(value))


@contextmanager
def _replacing(file: Path) -> Iterator[Path]:
    """A file beside ``file`` that takes its place when the block has written it."""
    made = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        yield made
        made.replace(file)
    finally:
        made.unlink(missing_ok=True)


def readme(reader: Reader, format: Format) -> str:  # noqa: A002
    """What every file and column of an export is, in English, which the columns are in."""
    parts = [_FIRST_LINE, _ABOUT]
    for table, (meaning, columns) in TABLES.items():
        n = reader.value(f"SELECT count(*) FROM {table}")  # noqa: S608
        parts.append(f"## {table}.{format} ({n} rows)\n\n{meaning}\n")
        rows = "\n".join(f"| `{name}` | {what} |" for name, what in columns.items())
        parts.append(f"| column | what it is |\n| --- | --- |\n{rows}\n")
    return "\n".join(parts)
