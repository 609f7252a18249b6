"""Everything that is kept about somebody, as one file: to read, for a program, and the PDFs."""

import io
import json
import zipfile
from datetime import date
from typing import Any

from sandkasse import access
from sandkasse.access import Action, writing
from sandkasse.database import Database, Reader
from sandkasse.i18n import _
from sandkasse.people import Actor
from sandkasse.privacy import readable, trail
from sandkasse.privacy.holdings import SECTIONS, Section


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
    """A zip of everything about the actor, named and written in the language of the moment: a page
    (HTML) to read, JSON for a program, and the PDFs that came with applications.

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
        name = _("my-data")
        made.writestr(f"{name}.html", readable.page(db, found, actor.person_id))
        made.writestr(f"{name}.json", json.dumps(found, ensure_ascii=False, indent=1))
        for application_id, content in papers:
            paper = _("application-{n}").format(n=application_id)
            made.writestr(f"{paper}.pdf", bytes(content))
    return file.getvalue()


def _plain(value: Any) -> Any:
    """A value as JSON can say it; times as aware UTC."""
    return value.isoformat() if isinstance(value, date) else value
