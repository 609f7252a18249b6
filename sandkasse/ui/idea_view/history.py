"""All that happened to an idea, corrections included."""

import streamlit as st

from sandkasse import ideas, journeys, pipeline, reasons
from sandkasse.access import Action
from sandkasse.i18n import _, date_text, language, time_text
from sandkasse.ideas import FIELD_NAMES, Edit, Idea
from sandkasse.journeys import Journey
from sandkasse.ledger import PARTY_NAMES, Kind, Row
from sandkasse.pipeline import Happening
from sandkasse.reasons import Occasion
from sandkasse.ui import forms, page
from sandkasse.ui.forms import Faults
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import plain

_SAME_MOMENT_SECONDS = 3_600


def timeline(visit: Visit, idea: Idea) -> None:
    """What happened, latest first; a row can be corrected by those who may."""
    st.header(_("What has happened"), anchor=False)
    journey = visit.know(journeys.get, idea.journey_id)
    happenings = visit.read(pipeline.timeline, idea.idea_id)
    may_undo = visit.may_for(Action.UNDO, idea.idea_id)
    for happening in happenings:
        _happening(visit, idea, journey, happening, may_undo=may_undo)
    edits = visit.read(ideas.edits, idea.idea_id)
    if edits:
        with st.expander(_("Earlier versions of the text"), on_change="rerun") as opened:
            if opened.open:
                for edit in edits:
                    _edit(edit)


def _happening(
    visit: Visit, idea: Idea, journey: Journey, happening: Happening, *, may_undo: bool
) -> None:
    row = happening.row
    with st.container(border=True, gap="xsmall"):
        told = plain(_told(row, journey))
        st.markdown(
            _("~~{told}~~ (corrected)").format(told=told) if happening.voided_by else f"**{told}**"
        )
        st.caption(plain(" · ".join(_circumstances(happening))))
        if row.reason:
            st.caption(_("Reason: {reason}").format(reason=plain(reasons.text(row.reason))))
        if row.note:
            st.text(row.note)
        can_go = may_undo and not happening.voided_by and row.kind not in (Kind.VOID, Kind.ENTER)
        if can_go and st.button(
            _("Correct"), key=f"undo-{row.seq}", type="tertiary", icon=":material/undo:",
            help=_("Declare that this never happened; it stays in the history as corrected."),
        ):  # fmt: skip
            st.dialog(_("Correct the history"))(_correct)(visit, idea, row, told)


def _told(row: Row, journey: Journey) -> str:
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


def _correct(visit: Visit, idea: Idea, row: Row, told: str) -> None:
    st.markdown(told)
    faults = Faults()
    reason, note = forms.reason_fields(Occasion.CORRECTION, faults, f"correct-{row.seq}")
    if st.button(_("Correct"), type="primary", key="correct-do"):
        answer = visit.write(
            pipeline.undo, idea.idea_id, seq=row.seq, expected_seq=idea.last_seq,
            reason=reason or "", note=note,
        )  # fmt: skip
        if isinstance(answer, Refused):
            faults.show(answer)
        else:
            page.toast_next(_("Corrected."))
            st.rerun()


def _edit(edit: Edit) -> None:
    field = _(FIELD_NAMES.get(edit.field, edit.field))
    who = f"{plain(edit.actor)} · {time_text(edit.recorded_at)}"
    st.caption(f"{plain(field)} · {who}")
    st.text(edit.before or _("(empty)"))
