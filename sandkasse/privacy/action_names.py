"""What the audit's actions, and what they are about, are called on a screen."""

import json
from collections.abc import Mapping

from sandkasse.access import Action
from sandkasse.i18n import LANGUAGES, N_, _, in_language
from sandkasse.lookups import REFUSED

ACTION_NAMES: Mapping[str, str] = {
    Action.SEE_IDEA_BANK: N_("Looked at the idea bank"),
    Action.SEE_IDEA: N_("Looked up an idea"),
    Action.SEE_BOARD: N_("Looked at the board"),
    Action.SEE_FUNNEL: N_("Looked at figures"),
    Action.SEE_FUNNEL_RECORDS: N_("Took along the ideas behind a figure"),
    Action.SEE_QUEUE: N_("Looked at the queue"),
    Action.SEE_MENTOR_LOAD: N_("Looked at how many ideas mentors have"),
    Action.SEE_PEOPLE: N_("Looked up people"),
    Action.SEE_TOUCHPOINT: N_("Looked up a matter"),
    Action.SEE_WAITING: N_("Looked at waiting times"),
    Action.SEE_WAITING_RECORDS: N_("Looked at the matters behind a waiting time"),
    Action.SEE_BARRIERS: N_("Looked at barriers"),
    Action.SEE_AGENCIES: N_("Looked at the directory"),
    Action.SEE_POSITIONS: N_("Looked at positions"),
    Action.SEE_APPLICATION: N_("Looked up applications"),
    Action.SEE_SEATS: N_("Looked up who holds seats"),
    Action.SEE_MEETINGS: N_("Took along a meeting's papers"),
    Action.SEE_AUDIT: N_("Looked at the audit"),
    Action.SEE_OWN_DATA: N_("Fetched what is kept about oneself"),
    Action.SUBMIT_IDEA: N_("Submitted an idea"),
    Action.SAVE_DRAFT: N_("Saved a draft"),
    Action.EDIT_IDEA: N_("Edited an idea"),
    Action.WITHDRAW_IDEA: N_("Withdrew an idea"),
    Action.ASK_TO_PUBLISH: N_("Asked to publish a text"),
    Action.HAND_OVER: N_("Said whose turn it is"),
    Action.COMMENT: N_("Wrote in the conversation"),
    Action.OPEN_TOUCHPOINT: N_("Opened a matter"),
    Action.RECORD_EVENT: N_("Recorded what happened in a matter"),
    Action.DESCRIBE_TOUCHPOINT: N_("Described a matter"),
    Action.USE_CHECKLIST: N_("Answered the checklist"),
    Action.SAY_DAYS: N_("Gave a day"),
    Action.JOIN_COMPANY: N_("Said which company it became"),
    Action.APPLY: N_("Applied for a position"),
    Action.ANSWER_OFFER: N_("Answered an offer"),
    Action.MOVE_IDEA: N_("Moved an idea"),
    Action.UNDO: N_("Corrected a history"),
    Action.MARK_GATE: N_("Marked a gate"),
    Action.DECIDE_PUBLICATION: N_("Decided on publishing"),
    Action.MERGE_IDEAS: N_("Merged ideas"),
    Action.MENTOR_IDEA: N_("Took or left the mentoring"),
    Action.CORRECT_EVENT: N_("Corrected a matter"),
    Action.KEEP_BARRIER: N_("Wrote about a barrier"),
    Action.ISSUE_RECEIPT: N_("Made a number receipt"),
    Action.HOLD_MEETING: N_("Held a meeting"),
    Action.PUBLISH_DECISION: N_("Published a decision"),
    Action.EDIT_DIRECTORY: N_("Changed the directory"),
    Action.KEEP_POSITION: N_("Kept a position"),
    Action.HANDLE_APPLICATION: N_("Handled an application"),
    Action.JOIN_APPLICANT: N_("Joined an applicant to a student, or parted them"),
    Action.ASSESS_APPLICANT: N_("Assessed an applicant"),
    Action.CORRECT_APPLICATION: N_("Corrected an application"),
    Action.PLAN_MEETING: N_("Planned a meeting"),
    Action.CHANGE_ROLES: N_("Changed roles"),
    Action.BLOCK_PERSON: N_("Closed or opened an access"),
    Action.EXTEND_ACCESS: N_("Extended an access"),
    Action.END_SESSIONS: N_("Ended somebody's sign-ins"),
    Action.IMPORT_LOG: N_("Imported a log"),
    Action.EXPORT_ALL: N_("Exported everything"),
    Action.KEEP_JOURNEYS: N_("Loaded the journeys"),
    Action.KEEP_REGISTER: N_("Read the company register"),
    Action.ERASE: N_("Erased or blocked"),
    Action.APPLY_RETENTION: N_("Applied the retention rules"),
    Action.SIGN_IN: N_("Signed in with new details"),
    Action.CHANGE_OWN_SETTINGS: N_("Changed own settings"),
    Action.CORRECT_OWN: N_("Corrected own details"),
    Action.ASK_ERASURE: N_("Asked to be erased"),
    Action.DO_ACTION: N_("Did a meeting's action"),
    REFUSED: N_("Was refused something"),
}

#: What was done by an action that covers several things, by the particular that tells it.
_DOINGS: Mapping[str, Mapping[str, str]] = {
    Action.HOLD_MEETING: {
        "began": N_("Began a meeting"),
        "closed": N_("Closed a meeting"),
        "freeze": N_("Froze figures"),
        "resolution": N_("Recorded a result of a meeting"),
        "attendance": N_("Changed who comes to a meeting"),
        "item": N_("Changed the agenda of a meeting"),
        "items": N_("Put items on the agenda of a meeting"),
    },
    Action.PLAN_MEETING: {"cancelled": N_("Cancelled a meeting")},
}

#: What the first part of a subject is called, with its number.
SUBJECT_NAMES: Mapping[str, str] = {
    "idea": N_("Idea {n}"),
    "touchpoint": N_("Matter {n}"),
    "application": N_("Application {n}"),
    "meeting": N_("Meeting {n}"),
    "person": N_("Person {n}"),
    "contact": N_("Contact person {n}"),
    "position": N_("Position {n}"),
    "barrier": N_("Barrier {n}"),
    "erasure": N_("Erasure {n}"),
    "receipt": N_("Number receipt {n}"),
    "company": N_("Company {n}"),
    "people": N_("A list of people"),
    "applications": N_("A list of applications"),
    "figure": N_("A figure: {n}"),
    "audit": N_("The audit"),
    "demo": N_("The demonstration"),
    "journey": N_("Sandbox: {n}"),
    "journeys": N_("The sandboxes"),
    "positions": N_("A table of positions"),
}


def action_name(action: str) -> str:
    """What an action is called."""
    return _(ACTION_NAMES[action]) if action in ACTION_NAMES else action


def done(action: str, detail: str | None) -> str:
    """What was done, as far as the particulars (JSON) tell more than the action."""
    told = json.loads(detail) if detail and action in _DOINGS else {}
    words = next((words for key, words in _DOINGS.get(action, {}).items() if key in told), None)
    return _(words) if words else action_name(action)


def subject_name(subject: str | None, journeys: Mapping[str, str] | None = None) -> str:
    """What a row is about, in words; ``journeys`` are the sandboxes' names by id."""
    kind, _colon, rest = (subject or "").partition(":")
    if kind not in SUBJECT_NAMES:
        return subject or ""
    told = rest.partition(":")[0]
    if kind == "journey":
        told = (journeys or {}).get(told, told)
    return _(SUBJECT_NAMES[kind]).format(n=told)


def subject_meant(written: str) -> str:
    """The subject that somebody means who writes it as a row says it, in any language, such as
    «Idea 12», or as it is kept: ``idea:12``. What is none is given back as it is."""
    told = _squeezed(written)
    for head, kind in sorted(_heads().items(), key=lambda one: -len(one[0])):
        if told == head or told.startswith(f"{head} "):
            rest = told.removeprefix(head).split()
            return ":".join([kind, *rest])
    return written.strip().lower()


def _heads() -> dict[str, str]:
    """What a subject can begin with, and the kind that it means."""
    found = {kind: kind for kind in SUBJECT_NAMES}
    for tongue in LANGUAGES:
        with in_language(tongue):
            found |= {_squeezed(_(name).format(n="")): kind for kind, name in SUBJECT_NAMES.items()}
    return found


def _squeezed(text: str) -> str:
    return " ".join(text.replace(":", " ").lower().split())
