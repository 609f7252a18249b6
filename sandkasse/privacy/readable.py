"""What is kept about somebody as a page to read: in words, without what only a program needs."""

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sandkasse import (
    agencies,
    application,
    checklist,
    clock,
    deadlines,
    gates,
    ideas,
    impartiality,
    journeys,
    ledger,
    matter,
    notices,
    purposes,
    reasons,
)
from sandkasse.database import Database
from sandkasse.i18n import (
    LANGUAGES,
    N_,
    _,
    language,
    list_text,
    ngettext_,
    number_text,
    time_text,
)
from sandkasse.journeys import Text
from sandkasse.meetings import agenda, attendance, receipts
from sandkasse.needs import NEEDS
from sandkasse.people import LEVEL_NAMES, ROLE_NAMES
from sandkasse.privacy.action_names import action_name, subject_name
from sandkasse.privacy.holdings import INNER, LABELS, SECTIONS, Section
from sandkasse.privacy.particulars import LEDGER_KINDS, day_or_time, in_words
from sandkasse.recruitment import positions
from sandkasse.recruitment.applications import SOURCES
from sandkasse.themes import THEMES

_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
    "dl{display:grid;grid-template-columns:12rem 1fr;border-top:1px solid #999;padding-top:.5rem}"
    "dt{font-weight:bold}dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}"
    "@media(max-width:40rem){dl{grid-template-columns:1fr}}"
)

Rows = list[dict[str, Any]]

#: Columns that say who did something: told as «you» or «somebody else», for the page names nobody.
_WHO = frozenset({
    "actor_id", "author_id", "opened_by", "submitted_by", "mentor_id", "owner_id", "created_by",
})  # fmt: skip

_TIMING = {
    "exact": N_("Exact"), "estimated": N_("Estimated"), "imported": N_("Imported"),
}  # fmt: skip
_OUTCOMES: dict[Any, str] = {
    **gates.OUTCOME_NAMES,
    **matter.OUTCOME_NAMES,
    **checklist.OUTCOME_NAMES,
}

#: What the codes of a column are called, in whichever table.
_CODES: Mapping[str, Mapping[Any, str]] = {
    "ball": ledger.PARTY_NAMES,
    "field": {**LABELS, **ideas.FIELD_NAMES},
    "language": LANGUAGES,
    "level": LEVEL_NAMES,
    "mail": notices.MAIL_NAMES,
    "need": NEEDS,
    "outcome": _OUTCOMES,
    "publication": ideas.PUBLICATION_NAMES,
    "role": ROLE_NAMES,
    "standing": attendance.STANDING_NAMES,
    "status": {
        positions.DRAFT: N_("Draft"),
        positions.OPEN: N_("Accepting applications"),
        positions.CLOSED: N_("Closed"),
    },
    "theme": THEMES,
    "tie": {**impartiality.TIE_NAMES, "none": N_("None")},
    "timing": _TIMING,
}
#: What the codes of a column are called in one table, where others mean something else by it.
_CODES_IN: Mapping[tuple[str, str], Mapping[Any, str]] = {
    ("agenda_item", "source"): agenda.SOURCE_NAMES,
    ("application", "next_step"): application.NEXT_STEP_NAMES,
    ("application", "source"): SOURCES,
    ("application", "state"): application.KIND_NAMES,
    ("application_event", "kind"): application.KIND_NAMES,
    ("application_event", "next_step"): application.NEXT_STEP_NAMES,
    ("erasure_request", "kind"): {
        "asked": N_("Asked"), "taken_back": N_("Taken back"), "refused": N_("Refused"),
        "erased": N_("Erased"),
    },
    ("idea_edit", "after"): ideas.PUBLICATION_NAMES,
    ("idea_edit", "before"): ideas.PUBLICATION_NAMES,
    ("ledger", "kind"): LEDGER_KINDS,
    ("notice", "kind"): notices.SENTENCES,
    ("position_event", "kind"): {
        "planned": N_("Planned"), "opened": N_("Opened"), "closed": N_("Closed"),
    },
    ("resolution", "kind"): receipts.KIND_NAMES,
    ("resolution_event", "kind"): {
        "published": N_("Published"), "carried": N_("Carried out"), "done": N_("Done"),
        "reopened": N_("Taken up again"),
    },
    ("touchpoint", "state"): matter.STATE_NAMES,
    ("touchpoint_event", "kind"): matter.KIND_NAMES,
}  # fmt: skip


@dataclass(frozen=True)
class _Reader:
    """Whose page it is, and what sandboxes, stages, ways out, gates and agencies are called."""

    me: int
    named: Mapping[str | tuple[str, str], Mapping[str, Text]]

    def row(self, table: str, row: Mapping[str, Any]) -> str:
        """A row as pairs of what a column is called and what it says."""
        cells = (
            f"<dt>{html.escape(_(LABELS[name]))}</dt>"
            f"<dd>{html.escape(self._shown(table, name, value))}</dd>"
            for name, value in row.items()
            if value not in (None, "") and name not in INNER and (table, name) not in INNER
        )
        return f"<dl>{''.join(cells)}</dl>"

    def _shown(self, table: str, name: str, value: Any) -> str:
        if name in _WHO:
            return _("You") if value == self.me else _("Somebody else")
        codes = _CODES_IN.get((table, name)) or _CODES.get(name, {})
        if value in codes:
            return _(codes[value])
        called = self.named.get((table, name)) or self.named.get(name)
        if called is not None:
            return list_text([
                called[one].in_(language()) if one in called else one for one in value.split()
            ])  # fmt: skip
        if name in _SAID:
            return _SAID[name](value)
        if table == "draft" and name == "content":
            return _drafted(value)
        return _plain(value)


def page(db: Database, found: Mapping[str, Rows], me: int) -> str:
    """What was collected about ``me`` as a page of HTML that needs nothing from elsewhere."""
    title = _("What Sandkasse keeps about you")
    made = _("Made {time}. Times are in Norwegian time.").format(time=time_text(clock.now()))
    inner = _("Numbers that only a program needs are in the other file, which has everything.")
    left_out = _(
        "Left out: what an agency wrote for itself about an application. Ask the agency for it."
    )
    reader = _Reader(me, _named(db))
    told = (f"<p>{html.escape(one)}</p>" for one in (made, inner, left_out))
    parts = [
        f'<!DOCTYPE html><html lang="{language()}"><head><meta charset="utf-8">',
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{html.escape(title)}</h1>{''.join(told)}",
        *(_section(reader, one, found[one.table]) for one in SECTIONS if found[one.table]),
        _look_ups(reader, found["look_ups"]),
        "</body></html>",
    ]
    return "\n".join(parts)


def _named(db: Database) -> dict[str | tuple[str, str], dict[str, Text]]:
    known = journeys.all_journeys(db)
    stages_named = {stage.id: stage.name for one in known for stage in one.stages}
    gates_named = {
        gate.id: gate.name
        for one in known
        for gate in chain.from_iterable(
            [*(stage.gates for stage in one.stages), *(varied.gates for varied in one.variants)]
        )
    }
    exits = {way.id: way.name for one in known for way in one.exits}
    names = {one.id: one.name for one in agencies.listed(db)}
    return {
        "journey_id": {one.id: one.name for one in known},
        "stage_id": stages_named, "from_stage": stages_named, "move_to": stages_named,
        "exit_id": exits,
        "gate_id": gates_named,
        "agency_id": names, "agencies": names, "ball_agencies": names,
        "purpose_id": {one.id: one.name for one in purposes.listed()},
        ("idea_day", "kind"): {key: one.name.text() for key, one in deadlines.rules().items()},
    }  # fmt: skip


def _section(reader: _Reader, one: Section, rows: Rows) -> str:
    told = "".join(reader.row(one.table, row) for row in rows)
    return f"<h2>{html.escape(_(one.title))} ({len(rows)})</h2>{told}"


def _look_ups(reader: _Reader, rows: Rows) -> str:
    title = html.escape(_("Who looked up what is yours"))
    told = (
        {
            "occurred_at": row["recorded_at"],
            "name": row["name"] or _("Whoever runs the server"),
            "action": row["action"],
            "subject": row["subject"],
        }
        for row in rows
    )
    return f"<h2>{title} ({len(rows)})</h2>" + "".join(reader.row("look_ups", row) for row in told)


def _drafted(content: str) -> str:
    """A draft's fields, a line each."""
    told = json.loads(content)
    return "\n".join(
        f"{_(ideas.FIELD_NAMES.get(field, LABELS.get(field, field)))}: {_plain(text)}"
        for field, text in told.items()
        if text
    )


def _days(days: float) -> str:
    return ngettext_("{n} day", "{n} days", round(days)).format(n=number_text(days))


#: Columns whose values are put in words by a rule.
_SAID: Mapping[str, Callable[[Any], str]] = {
    "action": action_name,
    "agency_days": _days,
    "decided_days": _days,
    "detail": in_words,
    "reason": reasons.text,
    "reason_code": reasons.text,
    "subject": subject_name,
}


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, float):
        return number_text(value, 0 if value.is_integer() else 1)
    return day_or_time(str(value))
