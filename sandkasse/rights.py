"""The table of rights in words: what ``access`` decides, for people to read.

``python -m sandkasse.rights`` prints docs/rights.md (``make rights`` writes it); a test holds the
file to the code.
"""

import sys
from collections.abc import Mapping

from sandkasse.access import RIGHTS, Action, Scope
from sandkasse.people import ROLE_NAMES, Role

#: What each action lets somebody see.
SEEN: Mapping[Action, str] = {
    Action.SEE_IDEA_BANK: "The idea bank: titles and public texts of published ideas",
    Action.SEE_IDEA: "An idea whole: all its texts, team, history, conversation, checklist",
    Action.SEE_BOARD: "The board of all open ideas by stage",
    Action.SEE_FUNNEL: "Figures: how many ideas came how far, when, and how long it took",
    Action.SEE_FUNNEL_RECORDS: "Which ideas are behind a figure",
    Action.SEE_QUEUE: "The queue: what waits for a mentor or for the project",
    Action.SEE_MENTOR_LOAD: "How many ideas each mentor has",
    Action.SEE_TOUCHPOINT: "A matter with an agency: its idea's title, what was said and when",
    Action.SEE_WAITING: "Figures: how long agencies and others take",
    Action.SEE_WAITING_RECORDS: "Which matters are behind a waiting time",
    Action.SEE_BARRIERS: "Barriers, their answers, and how many ideas met each",
    Action.SEE_AGENCIES: "The directory of agencies and their contact people",
    Action.SEE_POSITIONS: "Student positions that are open",
    Action.SEE_APPLICATION: "An application: who applied, the letter, the CV, how it stands",
    Action.SEE_SEATS: "Whether an agency's seats are filled, and by whom",
    Action.SEE_MEETINGS: "Meetings, their agenda, results and people; an idea that is not "
    "published is a number there for whoever may not see it",
    Action.SEE_PEOPLE: "Everybody's name, address, role and agency",
    Action.SEE_AUDIT: "Who did, looked up and was refused what, when; looking is itself kept",
    Action.SEE_OWN_DATA: "All that is kept about oneself, and who looked it up (without a role "
    "too)",
}

#: What each action lets somebody do.
DONE: Mapping[Action, str] = {
    Action.SUBMIT_IDEA: "Submit an idea",
    Action.SAVE_DRAFT: "Keep a draft that nobody else sees",
    Action.EDIT_IDEA: "Change what an idea says, and who is in its team",
    Action.WITHDRAW_IDEA: "Withdraw an idea",
    Action.ASK_TO_PUBLISH: "Ask to have a public text shown, and take it back",
    Action.HAND_OVER: "Say whose turn it is",
    Action.COMMENT: "Write in an idea's conversation",
    Action.MARK_GATE: "Say that a criterion of a stage is met (waiving it: mentors and leads)",
    Action.USE_CHECKLIST: "Say what an idea involves, and answer whom to ask",
    Action.SAY_DAYS: "Give the days from which deadlines follow",
    Action.JOIN_APPLICANT: "Join an applicant from an imported log to the person who signed in",
    Action.JOIN_COMPANY: "Say which company an idea became",
    Action.MOVE_IDEA: "Move an idea: forward, back, on hold, out, in again",
    Action.UNDO: "Correct an idea's history",
    Action.DECIDE_PUBLICATION: "Approve or refuse a public text",
    Action.MERGE_IDEAS: "Merge two ideas that are one",
    Action.MENTOR_IDEA: "Take, share, hand over and leave the mentoring of an idea",
    Action.OPEN_TOUCHPOINT: "Open a matter with an agency",
    Action.RECORD_EVENT: "Record what happens in a matter (an agency: what it does itself)",
    Action.DESCRIBE_TOUCHPOINT: "Say whom a matter is with, when to ask again, what it meets",
    Action.CORRECT_EVENT: "Correct a matter's history",
    Action.KEEP_BARRIER: "Write what a barrier is and the answer to it",
    Action.EDIT_DIRECTORY: "Keep the contact people of an agency",
    Action.APPLY: "Apply for a position",
    Action.ANSWER_OFFER: "Answer an offer, or withdraw an application",
    Action.KEEP_POSITION: "Advertise a position, change it, plan its seats, close it",
    Action.HANDLE_APPLICATION: "Handle applications: interview, offer, hire, refuse, end",
    Action.ASSESS_APPLICANT: "Assess an applicant (nobody the own application)",
    Action.CORRECT_APPLICATION: "Correct an application's history (nobody the own)",
    Action.HOLD_MEETING: "Prepare, hold and close a meeting, freeze its figures, record results",
    Action.PUBLISH_DECISION: "Tell a team what was decided about its idea, and carry it out",
    Action.PLAN_MEETING: "Call, change and cancel a meeting",
    Action.ISSUE_RECEIPT: "Make a number receipt of a figure",
    Action.DO_ACTION: "Say that what a meeting asked of somebody is done",
    Action.CHANGE_ROLES: "Give and take roles",
    Action.BLOCK_PERSON: "Close and open somebody's access",
    Action.EXTEND_ACCESS: "Say how long somebody keeps the access after the affiliation has ended",
    Action.END_SESSIONS: "End somebody's sign-ins, so that they have to sign in again",
    Action.IMPORT_LOG: "Import logs",
    Action.EXPORT_ALL: "Export everything",
    Action.KEEP_JOURNEYS: "Change the journeys",
    Action.KEEP_REGISTER: "Read the company register's news",
    Action.ERASE: "Erase somebody or an idea's texts, block what may have to be kept",
    Action.APPLY_RETENTION: "Let what has been kept long enough go",
    Action.CORRECT_OWN: "Correct one's own name and level (without a role too)",
    Action.ASK_ERASURE: "Ask to be erased (without a role too)",
    Action.SIGN_IN: "Sign in",
    Action.CHANGE_OWN_SETTINGS: "Choose language and mail, mark notices as read, end own sign-ins, "
    "say what hours, days and ties are one's own",
}

_SCOPES = {
    Scope.ANY: "all",
    Scope.OWN: "own",
    Scope.PUBLISHED: "published",
    Scope.AGENCY: "own agency's",
}

_HEAD = """# Who sees what, and who does what

This table is printed from the code (`make rights`); a test fails when the two differ. It is the
table that every read and every write looks in: `RIGHTS` in `sandkasse/access.py`.

**all**: for any. **own**: for the ideas of one's own team, one's own applications, or what is
one's own. **published**: for ideas whose public text a mentor has approved. **own agency's**: for
what concerns the agency that a member answers for. **–**: not at all. Who has several roles may
what each of them may. Who has no role may only
what the table says is without one. Whose access a lead has closed may nothing.
"""


def document() -> str:
    """The table of rights as Markdown, ending in a line break."""
    return "\n".join([_HEAD, _table("Sees", SEEN), _table("Does", DONE)])


def _table(heading: str, words: Mapping[Action, str]) -> str:
    roles = list(Role)
    lines = [
        f"## {heading}\n",
        f"| | {' | '.join(ROLE_NAMES[role] for role in roles)} |",
        f"| --- |{' --- |' * len(roles)}",
    ]
    for action, told in words.items():
        held = (RIGHTS[action].get(role) for role in roles)
        lines.append(f"| {told} | {' | '.join(_SCOPES[one] if one else '–' for one in held)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
