"""The record of processing: what is stored, why, how long, and who sees it.

``python -m sandkasse.privacy.processing`` prints docs/processing.md (``make processing`` writes it)
from the classes of records, the rights and the schema; a test holds the file to the code.
"""

import sys

from sandkasse import i18n
from sandkasse.access import RIGHTS, Action
from sandkasse.exchange.columns import TABLES
from sandkasse.people import ROLE_NAMES, Role
from sandkasse.privacy import retention
from sandkasse.privacy.holdings import SECTIONS
from sandkasse.privacy.retention import RecordClass

_HEAD = """# Record of processing

Printed from the code (`make processing`); a test fails when the two differ. The times are the
project's own proposals and assumptions (`data/retention.toml`), not law: the body that runs
Sandkasse decides. Who the controller is, its contact and its data protection officer stand in
`data/privacy.toml`.

**Whose data:** students with ideas and applications, mentors, members of agencies, project leads,
contact people at agencies, and people named in teams, meetings and imported logs.
**Never asked for:** national identity number, citizenship, health, religion, union membership.
**Handed on:** to nobody by itself. A lead can export everything; papers for people outside name
nobody. Company numbers are looked up in Enhetsregisteret; mail goes through the mail server that is
set.
**Safety:** who sees and does what is in [rights.md](rights.md); each write and each look-up of
others' data is kept in a chained audit; erasures are recorded and applied again after a restore.
"""

_OTHERS = {
    "access_extension": "One row each time a lead said how long somebody keeps the access.",
    "application_paper": "One row a PDF that came with an application.",
    "draft": "One row a person's unfinished idea.",
    "mail_event": "One row each time a notice was queued for mail, tried, sent or given up.",
    "migration": "One row a migration that the file has had.",
    "notice": "One row something that concerns a person.",
    "notice_choice": "One row each time a person chose how notices are mailed.",
    "sign_in": "One row a sign-in: when, and what the provider said of belonging.",
    "sign_out": "One row a session that was ended.",
    "own_day": "One row a day that a person wants to be reminded of.",
}


def roles_that_see(one: RecordClass) -> list[Role]:
    """The roles that can see something of a class, by its rights."""
    rights = [RIGHTS[Action(name)] for name in one.sees if name != retention.OWN]
    return [role for role in Role if any(role in right for right in rights)]


def document() -> str:
    """The record as Markdown, ending in a line break."""
    with i18n.in_language("en"):
        return "\n".join([_HEAD, *map(_class, retention.classes())])


def _class(one: RecordClass) -> str:
    about = {section.table for section in SECTIONS}
    kept = "kept until it is erased or the body decides"
    if one.months is not None and one.after is not None:
        what = {"delete": "deleted", "scrub": "its texts deleted", "block": "blocked"}[one.action]
        kept = f"{what} {one.months} months after {one.after.en}"
    seen = [ROLE_NAMES[role].lower() for role in roles_that_see(one)]
    if retention.OWN in one.sees:
        seen.insert(0, "the person")
    lines = [
        f"## {one.name.en}\n",
        f"- Why: {one.why.en}",
        f"- How long: {kept} ({one.basis})",
        f"- Archives Act: {'may require it; never deleted by time' if one.archive else 'no'}",
        f"- Seen by: {', '.join(seen)}\n",
        "| table | what it is | in «my data» |",
        "| --- | --- | --- |",
        *(f"| `{table}` | {_meaning(table)} | {'yes' if table in about else '–'} |"
          for table in one.tables),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _meaning(table: str) -> str:
    return TABLES[table][0] if table in TABLES else _OTHERS[table]


if __name__ == "__main__":
    sys.stdout.write(document())
