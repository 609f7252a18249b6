"""Moving an idea: one dialog for forward, back, hold, exit and reopening."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from sandkasse import gates, pipeline
from sandkasse.gates import Outcome
from sandkasse.i18n import _, language
from sandkasse.ideas import Idea
from sandkasse.journeys import Journey
from sandkasse.reasons import Occasion
from sandkasse.ui import forms, receipt
from sandkasse.ui.forms import Faults
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import plain


@dataclass(frozen=True)
class Choice:
    """Something that can happen to an idea now."""

    kind: str
    target: str
    label: str


def choices(idea: Idea, journey: Journey) -> list[Choice]:
    """What can happen to this idea now, the likeliest first."""
    here = journey.position(idea.stage_id)
    name = {stage.id: stage.name.in_(language()) for stage in journey.stages}
    if idea.exit_id is not None:
        return [
            Choice("reopen", stage.id, _("Reopen in {stage}").format(stage=name[stage.id]))
            for stage in sorted(journey.stages, key=lambda stage: stage.position != here)
        ]
    ahead = [
        Choice("forward", stage.id, _("Forward to {stage}").format(stage=name[stage.id]))
        for stage in journey.stages
        if stage.position > here
    ]
    behind = [
        Choice("back", stage.id, _("Back to {stage}").format(stage=name[stage.id]))
        for stage in reversed(journey.stages)
        if stage.position < here
    ]
    pause = (
        Choice("hold", "", _("Put on hold"))
        if idea.held_at is None
        else Choice("resume", "", _("Take off hold"))
    )
    ways = [
        Choice("exit", way.id, _("Leaves: {exit}").format(exit=way.name.in_(language()).lower()))
        for way in journey.exits
        if way.kind != "merged"
    ]
    return [*ahead, pause, *ways, *behind]


def dialog(visit: Visit, idea: Idea, journey: Journey, to: str | None = None) -> None:
    """Open the dialog for an idea as it is known now; ``to`` is a stage chosen beforehand."""
    heading = _("What happens with the idea now?")
    # The idea is the one seen when the dialog opened: a change by somebody else is a conflict.
    st.dialog(heading)(form)(visit, idea, journey.for_level(idea.description.level), to)


def form(visit: Visit, idea: Idea, journey: Journey, to: str | None = None) -> None:
    """What the dialog holds: what happens, what that needs, and the button that does it."""
    st.text(idea.description.title)
    key = f"move-{idea.idea_id}-{idea.last_seq}"
    possible = choices(idea, journey)
    first = next((n for n, choice in enumerate(possible) if choice.target == to), 0)
    choice = st.selectbox(
        _("What happens"),
        possible,
        index=first,
        format_func=lambda one: one.label,
        key=f"{key}-choice",
    )
    faults = Faults()
    act = _ask(visit, idea, choice, faults, key)
    if st.button(choice.label, type="primary", key=f"{key}-do", width="stretch"):
        answer = act()
        if isinstance(answer, Refused):
            faults.show(answer)
        else:
            message = f"{idea.description.title}: {choice.label}"
            receipt.keep(receipt.of_idea(message, idea.idea_id, answer.seq))
            st.rerun()


def _ask(
    visit: Visit, idea: Idea, choice: Choice, faults: Faults, key: str
) -> Callable[[], pipeline.Move | Refused]:
    """Ask what the choice needs; the result does it."""
    base = {"expected_seq": idea.last_seq}
    if choice.kind == "forward":
        marks, note = gate_fields(visit, idea, faults, key)
        return lambda: visit.write(
            pipeline.move_idea, idea.idea_id, to=choice.target, gates=marks, note=note, **base
        )
    if choice.kind == "resume":
        return lambda: visit.write(pipeline.resume_idea, idea.idea_id, **base)
    occasion = Occasion(choice.kind)
    reason, note = forms.reason_fields(occasion, faults, f"{key}-{choice.kind}")
    said = {"reason": reason, "note": note, **base}
    if choice.kind == "back":
        return lambda: visit.write(pipeline.move_idea, idea.idea_id, to=choice.target, **said)
    if choice.kind == "hold":
        return lambda: visit.write(pipeline.hold_idea, idea.idea_id, **said)
    if choice.kind == "reopen":
        return lambda: visit.write(pipeline.reopen_idea, idea.idea_id, to=choice.target, **said)
    return lambda: visit.write(pipeline.exit_idea, idea.idea_id, exit_id=choice.target, **said)


def gate_fields(
    visit: Visit, idea: Idea, faults: Faults, key: str
) -> tuple[dict[str, Outcome], str]:
    """Ask for each gate whether it is met; those that are not are waived with the words given."""
    states = visit.read(gates.states, idea.idea_id)
    marks: dict[str, Outcome] = {}
    if states:
        st.markdown(_("**Before the idea goes on**"))
    for state in states:
        met = st.checkbox(
            plain(state.gate.name.in_(language())),
            value=state.outcome is Outcome.MET,
            key=f"{key}-gate-{state.gate.id}",
        )
        marks[state.gate.id] = Outcome.MET if met else Outcome.WAIVED
    faults.beside("gates")
    waived = [gate for gate, outcome in marks.items() if outcome is Outcome.WAIVED]
    label = _("Why go on without what is not ticked?") if waived else None
    note = forms.note_field(faults, key, label)
    return marks, note
