"""What the audit keeps as JSON is read in words, in both languages, whatever is in it."""

import json

import pytest

from sandkasse import i18n
from sandkasse.privacy import particulars
from sandkasse.privacy.particulars import in_words


@pytest.mark.parametrize(
    ("detail", "english", "norwegian"),
    [
        ({"roles": ["lead", "mentor"], "before": []},
         "Roles: Lead and Mentor · Before: –", "Roller: Prosjektleder og Mentor · Før: –"),
        ({"fields": ["title", "needs"]},
         "Changed: Title and What you need from agencies",
         "Endret: Tittel og Hva dere trenger fra etater"),
        ({"blocked": True}, "Access closed: yes", "Tilgangen er stengt: ja"),
        ({"place": ["Narvik", None]}, "Where it is held: Narvik → –",
         "Hvor det holdes: Narvik → –"),
        ({"starts_at": ["2026-01-05T08:00:00+00:00", "2026-01-06 08:00:00+00:00"]},
         "Starts: 5 Jan 2026, 09:00 → 6 Jan 2026, 09:00",
         "Begynner: 5. jan. 2026 kl. 09.00 → 6. jan. 2026 kl. 09.00"),
        ({"counts": {"comment": 2, "draft": 1}}, "Rows: comments: 2, drafts: 1",
         "Rader: kommentarer: 2, utkast: 1"),
        ({"attendance": [[3, "present"]]}, "Attendance: 3 – Present", "Frammøte: 3 – Til stede"),
        ({"kind": "move", "seq": 1234}, "Kind: Moved · Row of its history: 1,234",
         "Type: Flyttet · Rad i historikken: 1\N{NO-BREAK SPACE}234"),
        ({"zq-not_known": "zq"}, "zq not known: zq", "zq not known: zq"),
    ],
)  # fmt: skip
def test_the_particulars_are_read_in_words(detail, english, norwegian):
    with i18n.in_language("en"):
        assert in_words(json.dumps(detail)) == english
    with i18n.in_language("nb"):
        assert in_words(json.dumps(detail)) == norwegian


def test_sandboxes_are_called_by_their_names():
    kept = json.dumps({"source": "shipped", "journeys": ["a", "b"]})
    with i18n.in_language("en"):
        assert in_words(kept, {"a": "The first", "b": "The second"}) == (
            "Source: Comes with Sandkasse · Sandboxes: The first and The second"
        )


def test_a_row_without_particulars_says_nothing():
    assert in_words(None) == in_words("") == in_words("{}") == ""


def test_every_code_has_a_key_that_is_called_something():
    assert {*particulars._CODES} <= {*particulars._NAMES, *particulars.LABELS}
