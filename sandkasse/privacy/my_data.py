"""Everything that is kept about somebody, as one file: to read, for a program, and the PDFs."""

import html
import io
import json
import zipfile
from datetime import date, datetime
from typing import Any

from sandkasse import access, clock
from sandkasse.access import Action, writing
from sandkasse.database import Database, Reader
from sandkasse.i18n import _, date_text, language, time_text
from sandkasse.people import Actor
from sandkasse.privacy import trail
from sandkasse.privacy.action_names import action_name
from sandkasse.privacy.holdings import LABELS, SECTIONS, Section

_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
    "dl{display:grid;grid-template-columns:12rem 1fr;border-top:1px solid #999;padding-top:.5rem}"
    "dt{font-weight:bold}dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}"
    "@media(max-width:40rem){dl{grid-template-columns:1fr}}"
)


def collected(db: Database, actor: Actor) -> dict[str, list[dict[str, Any]]]:
    """All rows about the actor by table, and who looked them up (``look_ups``); times are aware
    UTC. :raises NotAllowed: never for oneself."""
    access.require(actor, Action.SEE_OWN_DATA)
    with db.reading() as reader:
        found = {one.table: _rows(reader, one, actor.person_id) for one in SECTIONS}
    found["look_ups"] = [
        {**one._asdict(), "recorded_at": one.recorded_at.isoformat()}
        for one in trail.of_mine(db, actor, None)
    ]
    return found


def _rows(reader: Reader, one: Section, person_id: int) -> list[dict[str, Any]]:
    names = [
        name
        for (name,) in reader.rows(
            "SELECT column_name FROM duckdb_columns() "
            "WHERE table_name = ? AND NOT internal ORDER BY column_index",
            [one.table],
        )
        if name not in one.without
    ]
    rows = reader.rows(
        f"SELECT {', '.join(names)} FROM {one.table} WHERE {one.where} ORDER BY ALL",  # noqa: S608
        {"me": person_id},
    )
    return [dict(zip(names, map(_plain, row), strict=True)) for row in rows]


def packed(db: Database, actor: Actor) -> bytes:
    """A zip of everything about the actor, in the language of the moment: ``my-data.html`` to
    read, ``my-data.json`` for a program, and the PDFs that came with applications.

    Fetching it is kept in the audit. Errors as for :func:`collected`.
    """
    found = collected(db, actor)
    papers = db.rows(
        """
        SELECT p.application_id, p.content FROM application_paper AS p
        JOIN application AS a ON a.application_id = p.application_id
        WHERE a.person_id = ? ORDER BY ALL
        """,
        [actor.person_id],
    )
    with writing(db, actor, Action.SEE_OWN_DATA, subject=f"person:{actor.person_id}") as write:
        write.tx.aside = True
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("my-data.json", json.dumps(found, ensure_ascii=False, indent=1))
        made.writestr("my-data.html", readable(found))
        for application_id, content in papers:
            made.writestr(f"application-{application_id}.pdf", bytes(content))
    return file.getvalue()


def readable(found: dict[str, list[dict[str, Any]]]) -> str:
    """What was collected as a page of HTML that needs nothing from elsewhere."""
    title = _("What Sandkasse keeps about you")
    made = _("Made {time}. Times are in Norwegian time.").format(time=time_text(clock.now()))
    left_out = _(
        "Left out: what an agency wrote for itself about an application. Ask the agency for it."
    )
    parts = [
        f'<!DOCTYPE html><html lang="{language()}"><head><meta charset="utf-8">',
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{html.escape(title)}</h1><p>{html.escape(made)}</p><p>{html.escape(left_out)}</p>",
        *(_section(one, found[one.table]) for one in SECTIONS if found[one.table]),
        _look_ups(found["look_ups"]),
        "</body></html>",
    ]
    return "\n".join(parts)


def _section(one: Section, rows: list[dict[str, Any]]) -> str:
    return f"<h2>{html.escape(_(one.title))} ({len(rows)})</h2>" + "".join(map(_row, rows))


def _row(row: dict[str, Any]) -> str:
    cells = (
        f"<dt>{html.escape(_(LABELS[name]) if name in LABELS else name)}</dt>"
        f"<dd>{html.escape(_shown(value))}</dd>"
        for name, value in row.items()
        if value not in (None, "")
    )
    return f"<dl>{''.join(cells)}</dl>"


def _look_ups(rows: list[dict[str, Any]]) -> str:
    title = html.escape(_("Who looked up what is yours"))
    heading = f"<h2>{title} ({len(rows)})</h2>"
    told = (
        {
            "occurred_at": row["recorded_at"],
            "name": row["name"] or _("Whoever runs the server"),
            "action": action_name(row["action"]),
        }
        for row in rows
    )
    return heading + "".join(map(_row, told))


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        if moment.tzinfo is not None:
            return time_text(moment)
        return date_text(moment.date()) if len(value) == len("2026-01-01") else value
    return str(value)


def _plain(value: Any) -> Any:
    """A value as JSON can say it; times as aware UTC."""
    return value.isoformat() if isinstance(value, date) else value
