"""Import with a preview, and export, on the screen."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

import streamlit as st

from sandkasse import exchange
from sandkasse.application import KIND_NAMES as APPLICATION_KIND_NAMES
from sandkasse.exchange import (
    ApplicationRow,
    ImportReport,
    LogRow,
    PositionRow,
    Preview,
    RecruitmentReport,
    TouchpointReport,
    TouchpointRow,
)
from sandkasse.i18n import N_, _, language, ngettext_, number_text, time_text
from sandkasse.matter import KIND_NAMES
from sandkasse.ui import forms, page, states
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import plain

_FAULTS_SHOWN = 200
_Row = LogRow | TouchpointRow | PositionRow | ApplicationRow


class Kind(StrEnum):
    """What a log is of."""

    IDEAS = "ideas"
    TOUCHPOINTS = "touchpoints"
    POSITIONS = "positions"
    APPLICATIONS = "applications"


_KIND_NAMES = {
    Kind.IDEAS: N_("Ideas and their stages"),
    Kind.TOUCHPOINTS: N_("Matters with agencies"),
    Kind.POSITIONS: N_("Student positions"),
    Kind.APPLICATIONS: N_("Applications for positions"),
}
_COLUMNS = {
    Kind.IDEAS: N_(
        "A CSV file with the columns `idea`, `stage` and `occurred_at`, and if you have them "
        "`title`, `level`, `theme`, `actor` and `reason`. Comma, semicolon or tab; dates as "
        "2026-11-03 or 03.11.2026. The same file twice adds nothing."
    ),
    Kind.TOUCHPOINTS: N_(
        "A CSV file with the columns `idea`, `matter`, `agency`, `event` and `occurred_at`, and "
        "if you have them `purpose`, `title`, `outcome`, `actor` and `note`. The ideas have to be "
        "there already. Comma, semicolon or tab; dates as 2026-11-03 or 03.11.2026. The same file "
        "twice adds nothing."
    ),
    Kind.POSITIONS: N_(
        "A CSV file with the columns `position`, `agency`, `title`, `seats`, `hours` (a week), "
        "`from`, `to` and `occurred_at` (when it was advertised), and if you have them "
        "`title_en`, `text`, `text_en`, `deadline`, `closed`, `place`, `level` and `programmes`. "
        "Comma, semicolon or tab; dates as 2026-11-03 or 03.11.2026. The same file twice adds "
        "nothing."
    ),
    Kind.APPLICATIONS: N_(
        "A CSV file with the columns `position`, `application`, `event` and `occurred_at`, and if "
        "you have them `applicant`, `email`, `source`, `graduation`, `reason`, `seat`, `until`, "
        "`next_step`, `actor` and `note`. The positions have to be there already. Comma, semicolon "
        "or tab; dates as 2026-11-03 or 03.11.2026. The same file twice adds nothing."
    ),
}
_LOADS: dict[Kind, tuple[Callable[..., Any], Callable[..., Any]]] = {
    Kind.IDEAS: (exchange.preview_log, exchange.import_log),
    Kind.TOUCHPOINTS: (exchange.preview_touchpoints, exchange.import_touchpoints),
    Kind.POSITIONS: (exchange.preview_positions, exchange.import_positions),
    Kind.APPLICATIONS: (exchange.preview_applications, exchange.import_applications),
}
#: These are of one sandbox each.
_OF_SANDBOX = (Kind.IDEAS, Kind.TOUCHPOINTS)


def importing(visit: Visit) -> None:
    """Choose a file and a sandbox, look at what would happen, and load it."""
    kinds = list(Kind)
    named = {one: _(name) for one, name in _KIND_NAMES.items()}
    kind = st.radio(
        _("What the log is about"), kinds, format_func=named.__getitem__,
        key=f"import-kind-{language()}", horizontal=True,
    )  # fmt: skip
    previewed, loaded = _LOADS[kind]
    st.markdown(_(_COLUMNS[kind]))
    about = [_sandbox(visit)] if kind in _OF_SANDBOX else []
    file = st.file_uploader(
        _("CSV file, at most 20 MB"), type=["csv", "txt", "tsv"], key="import",
        max_upload_size=exchange.MOST_UPLOADED // 1_000_000,
    )  # fmt: skip
    if file is None:
        return
    raw = file.getvalue()
    preview = visit.write(previewed, raw, *about)
    if isinstance(preview, Refused):
        st.error(plain(preview.message), icon=":material/error:")
        return
    _show_preview(preview)
    if (
        not preview.faults
        and preview.report.rows_added
        and st.button(_("Load the log"), type="primary", key="import-do")
    ):
        answer = visit.write(loaded, raw, *about, most_bytes=exchange.MOST_UPLOADED)
        if isinstance(answer, Refused):
            st.error(plain(answer.message), icon=":material/error:")
        else:
            page.toast_next(_told(answer))
            st.rerun()


def _sandbox(visit: Visit) -> str:
    known = {one.id: one.name.in_(language()) for one in states.journeys_by_id(visit).values()}
    return st.selectbox(
        _("Sandbox"),
        list(known),
        format_func=known.__getitem__,
        key=forms.worded("import-journey", list(known), next(iter(known))),
        width=360,
    )


def _told(report: ImportReport | TouchpointReport | RecruitmentReport) -> str:
    rows = {"rows": number_text(report.rows_added), "known": number_text(report.rows_known)}
    if isinstance(report, TouchpointReport):
        said = _("{new} new matters, {extended} extended, {rows} rows added, {known} were there.")
        new, extended = report.matters_new, report.matters_extended
    elif isinstance(report, RecruitmentReport):
        said = _("{new} new positions, {known} were there.")
        if report.kind == Kind.APPLICATIONS:
            said = _(
                "{new} new applications, {extended} extended, {rows} rows added, {known} were "
                "there."
            )
        new, extended = report.new, report.extended
    else:
        said = _("{new} new ideas, {extended} extended, {rows} rows added, {known} were there.")
        new, extended = report.ideas_new, report.ideas_extended
    return said.format(new=number_text(new), extended=number_text(extended), **rows)


def _show_preview(preview: Preview[Any, Any]) -> None:
    st.header(_("What would happen"), anchor=False)
    st.markdown(_told(preview.report))
    if preview.faults:
        st.error(
            ngettext_(
                "{n} row cannot be used, so nothing can be loaded. Correct the file and choose it "
                "again.",
                "{n} rows cannot be used, so nothing can be loaded. Correct the file and choose it "
                "again.",
                len(preview.faults),
            ).format(n=number_text(len(preview.faults))),
            icon=":material/error:",
        )
        st.dataframe(
            {
                _("Row"): [number for number, _why in preview.faults[:_FAULTS_SHOWN]],
                _("What is wrong"): [why for _number, why in preview.faults[:_FAULTS_SHOWN]],
            },
            hide_index=True,
            alt=_("The rows that cannot be used"),
        )
    elif preview.first:
        st.dataframe(
            _first_rows(preview.first), hide_index=True, alt=_("The first rows of the log")
        )


def _first_rows(rows: Sequence[_Row]) -> dict[str, list[Any]]:
    first = rows[0]
    columns: dict[str, Callable[[Any], Any]]
    if isinstance(first, LogRow):
        columns = {_("Idea"): lambda row: row.idea, _("Stage"): lambda row: row.target}
    elif isinstance(first, TouchpointRow):
        columns = {
            _("Idea"): lambda row: row.idea,
            _("Matter"): lambda row: row.matter,
            _("Agency"): lambda row: row.agency_id,
            _("Event"): lambda row: _(KIND_NAMES[row.kind]),
        }
    elif isinstance(first, PositionRow):
        columns = {
            _("Position"): lambda row: row.position,
            _("Agency"): lambda row: row.description.agency_id,
            _("Seats"): lambda row: len(row.plan),
        }
    else:
        columns = {
            _("Position"): lambda row: row.position,
            _("Application"): lambda row: row.application,
            _("Event"): lambda row: _(APPLICATION_KIND_NAMES[row.kind]),
        }
    columns[_("When")] = lambda row: time_text(row.occurred_at)
    if isinstance(first, PositionRow):
        columns[_("Title")] = lambda row: row.description.title.in_(language())
    elif isinstance(first, ApplicationRow):
        columns[_("Applicant")] = lambda row: row.applicant
    else:
        columns[_("Title")] = lambda row: row.title
    return {name: [cell(row) for row in rows] for name, cell in columns.items()}


def exporting(visit: Visit) -> None:
    """Make a zip file of everything, and download it."""
    st.markdown(
        _(
            "All tables with a description of every column, and each sandbox's logs in the form "
            "that can be imported. It holds personal data: keep it where only those who need it "
            "can read it."
        )
    )
    kind = st.radio(_("Form"), ["csv", "parquet"], format_func=str.upper, horizontal=True)
    if st.button(_("Make the export"), key="export-make"):
        packed = visit.write(exchange.export_zip, kind)
        if isinstance(packed, Refused):
            st.error(plain(packed.message), icon=":material/error:")
        else:
            st.download_button(
                _("Download the export"),
                packed,
                file_name=f"sandkasse-{kind}.zip",
                mime="application/zip",
                type="primary",
                icon=":material/download:",
                on_click="ignore",
            )
