"""The lists from which a reason is chosen, and when one is needed.

A reason is a code from the list of its occasion, plus words. «Other» says nothing by itself, so
there the words must be given.
"""

from enum import StrEnum

from sandkasse.errors import InvalidFields
from sandkasse.i18n import N_, _
from sandkasse.texts import LIMITS, problem_with, tidy


class Occasion(StrEnum):
    """What needs a reason."""

    BACK = "back"
    HOLD = "hold"
    EXIT = "exit"
    REOPEN = "reopen"
    CORRECTION = "correction"
    REJECTION = "rejection"
    JOB_END = "job_end"


OTHER = "other"
NOTE_LENGTH = LIMITS["note"]

REASONS: dict[Occasion, dict[str, str]] = {
    Occasion.BACK: {
        "not_ready": N_("More work is needed in the earlier stage"),
        "new_facts": N_("New facts changed the picture"),
        "new_direction": N_("The idea has taken a new direction"),
        OTHER: N_("Something else"),
    },
    Occasion.HOLD: {
        "studies": N_("Exams, practice or thesis work"),
        "agency": N_("Waiting for an agency"),
        "funding": N_("Waiting for money"),
        "team": N_("The team is changing"),
        OTHER: N_("Something else"),
    },
    Occasion.EXIT: {
        "goal_reached": N_("The goal is reached"),
        "learned": N_("We learned what we needed"),
        "no_need": N_("Too few have the problem"),
        "not_fit": N_("It does not fit this sandbox"),
        "obstacle": N_("A rule or a permit stands in the way"),
        "funding": N_("There is no money for the next step"),
        "team": N_("The team has other plans"),
        "duplicate": N_("It is the same as another idea"),
        OTHER: N_("Something else"),
    },
    Occasion.REOPEN: {
        "new_facts": N_("New facts changed the picture"),
        "team": N_("The team has come back"),
        OTHER: N_("Something else"),
    },
    Occasion.CORRECTION: {
        "mistake": N_("It was entered by mistake"),
        "wrong_time": N_("The time was wrong"),
        OTHER: N_("Something else"),
    },
    Occasion.REJECTION: {
        "qualified": N_("Others were better qualified"),
        "requirements": N_("The requirements were not met"),
        "filled": N_("All seats are filled"),
        "hours": N_("The hours did not fit"),
        OTHER: N_("Something else"),
    },
    Occasion.JOB_END: {
        "agreed": N_("The agreed time was over"),
        "graduated": N_("The studies were finished"),
        "own_wish": N_("The student gave notice"),
        "new_job": N_("The student got another job"),
        "agency": N_("The agency ended it"),
        OTHER: N_("Something else"),
    },
}


def text(reason: str | None) -> str:
    """A reason's words in the language of the moment; an unknown code is shown as it is."""
    for codes in REASONS.values():
        if reason in codes:
            return _(codes[reason])
    return reason or ""


def check(occasion: Occasion, reason: str | None, note: str | None) -> None:
    """Refuse a missing or unknown reason, and «other» without words.

    :raises InvalidFields: naming ``reason`` or ``note``.
    """
    problems = {}
    if reason not in REASONS[occasion]:
        problems["reason"] = _("Choose a reason from the list.")
    elif reason == OTHER and not (note or "").strip():
        problems["note"] = _("Say in a few words what the reason is.")
    if fault := problem_with(tidy(note), "note"):
        problems["note"] = fault
    if problems:
        raise InvalidFields(problems)
