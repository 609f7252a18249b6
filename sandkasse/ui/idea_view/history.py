"""All that happened to an idea, corrections included."""

import streamlit as st

from sandkasse import ideas, journeys, pipeline, reasons, touchpoints
from sandkasse.access import Action
from sandkasse.i18n import _, date_text, language, time_text
from sandkasse.ideas import FIELD_NAMES, Edit, Idea
from sandkasse.journeys import Journey
from sandkasse.ledger import PARTY_NAMES, Kind
from sandkasse.ledger import Row as LedgerRow
from sandkasse.pipeline import Happening
from sandkasse.reasons import Occasion
from sandkasse.touchpoints import Told, Touchpoint
from sandkasse.ui import forms, holder, listing, touchpoint_view
from sandkasse.ui.forms import Faults
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Visit
from sandkasse.ui.text import plain

_SAME_MOMENT_SECONDS = 3_600


def timeline(visit: Visit, idea: Idea) -> None:
    """What happened, with agencies too, latest first; a row can be corrected by those who may."""
    st.header(_("What has happened"), anchor=False)
    journey = visit.know(journeys.get, idea.journey_id)
    happenings = visit.read(pipeline.timeline, idea.idea_id)
    may_undo = visit.may_for(Action.UNDO, idea.idea_id)
    rows = [
        (one.row.occurred_at, one.row.seq, _row(journey, one, may_undo=may_undo))
        for one in happenings
    ]
    names = holder.agency_names(visit)
    rows += [
        (told.event.occurred_at, 0, _agency_row(one, told, names.get(one.agency_id, one.agency_id)))
        for one, told in visit.read(touchpoints.told_of_idea, idea.idea_id)
    ]
    latest_first = [row for *_when, row in sorted(rows, key=lambda row: row[:2], reverse=True)]
    opened, corrected = listing.draw_with_actions(_("What has happened"), latest_first, "history")
    if opened is not None:
        st.switch_page("pages/touchpoint.py", query_params={"touchpoint": str(-opened)})
    if corrected is not None:
        row = next(one.row for one in happenings if one.row.seq == corrected)
        st.dialog(_("Correct the history"))(_correct)(visit, idea, row, plain(_told(row, journey)))
    edits = visit.read(ideas.edits, idea.idea_id)
    if edits:
        with st.expander(_("Earlier versions of the text"), on_change="rerun") as shown:
            if shown.open:
                for edit in edits:
                    _edit(edit)


def _row(journey: Journey, happening: Happening, *, may_undo: bool) -> Row:
    entry = happening.row
    words = (
        [_("Reason: {reason}").format(reason=reasons.text(entry.reason))] if entry.reason else []
    )
    can_go = may_undo and not happening.voided_by and entry.kind not in (Kind.VOID, Kind.ENTER)
    return Row(
        entry.seq,
        _told(entry, journey),
        None,
        tuple(_circumstances(happening)),
        (Mark(_("Corrected")),) if happening.voided_by else (),
        "\n".join([*words, entry.note or ""]).strip(),
        action=_("Correct") if can_go else "",
        gone=bool(happening.voided_by),
    )


def _agency_row(one: Touchpoint, told: Told, agency: str) -> Row:
    event = told.event
    facts = [one.title, time_text(event.occurred_at), *([told.actor] if told.actor else [])]
    return Row(
        -one.touchpoint_id,
        f"{agency}: {touchpoint_view.event_words(told).lower()}",
        f"touchpoint?touchpoint={one.touchpoint_id}",
        tuple(facts),
        (Mark(_("Corrected")),) if told.voided_by else (),
        event.note or "",
    )


def _told(row: LedgerRow, journey: Journey) -> str:
    stage = journey.stage(row.stage_id).name.in_(language()) if row.stage_id else ""
    if row.kind is Kind.MOVE and row.from_stage and row.stage_id:
        back = journey.position(row.stage_id) < journey.position(row.from_stage)
        return (_("Back to {stage}") if back else _("Forward to {stage}")).format(stage=stage)
    if row.kind is Kind.EXIT and row.exit_id:
        return _("Left: {exit}").format(exit=journey.exit(row.exit_id).name.in_(language()).lower())
    if row.kind is Kind.HANDOVER and row.ball:
        return _("The ball went to {party}").format(party=_(PARTY_NAMES[row.ball]))
    words = {
        Kind.ENTER: _("Came in: {stage}"),
        Kind.MOVE: _("To {stage}"),
        Kind.REOPEN: _("Reopened in {stage}"),
        Kind.HOLD: _("Put on hold"),
        Kind.RESUME: _("Taken off hold"),
        Kind.VOID: _("A correction of entry no. {seq}"),
    }
    return words[row.kind].format(stage=stage, seq=row.voids_seq)


def _circumstances(happening: Happening) -> list[str]:
    row = happening.row
    told = [_("No. {n}").format(n=row.seq), time_text(row.occurred_at)]
    if happening.actor:
        told.append(happening.actor)
    if (row.recorded_at - row.occurred_at).total_seconds() > _SAME_MOMENT_SECONDS:
        told.append(_("recorded {date}").format(date=date_text(row.recorded_at)))
    if row.timing == "imported":
        told.append(_("imported"))
    elif row.timing == "estimated":
        told.append(_("time estimated"))
    if happening.voided_by:
        told.append(_("corrected by no. {n}").format(n=happening.voided_by))
    return told


def _correct(visit: Visit, idea: Idea, row: LedgerRow, told: str) -> None:
    st.markdown(told)
    faults = Faults()
    reason, note = forms.reason_fields(Occasion.CORRECTION, faults, f"correct-{row.seq}")
    if st.button(_("Correct"), type="primary", key="correct-do"):
        answer = visit.write(
            pipeline.undo, idea.idea_id, seq=row.seq, expected_seq=idea.last_seq,
            reason=reason or "", note=note,
        )  # fmt: skip
        forms.finish(answer, faults, _("Corrected."))


def _edit(edit: Edit) -> None:
    field = _(FIELD_NAMES.get(edit.field, edit.field))
    who = f"{plain(edit.actor)} · {time_text(edit.recorded_at)}"
    st.caption(f"{plain(field)} · {who}")
    st.text(edit.before or _("(empty)"))
