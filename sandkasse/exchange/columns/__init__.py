"""What every table and column of an export is. A test holds this to the schema.

Left out are drafts (until it is sent, an idea is its writer's alone), the days that people want to
be reminded of, which nobody else sees, and notices with what became of their mail, which are for
the one they were written to. The PDFs that came with applications are fetched one by one, where
they are: each time the right to read them is checked. Sign-ins and sign-outs stay where they are:
they tell of sessions.
"""

from sandkasse.exchange.columns.described import Tables
from sandkasse.exchange.columns.of_agencies import AGENCIES
from sandkasse.exchange.columns.of_ideas import IDEAS
from sandkasse.exchange.columns.of_journeys import JOURNEYS
from sandkasse.exchange.columns.of_meetings import MEETINGS
from sandkasse.exchange.columns.of_people import PEOPLE
from sandkasse.exchange.columns.of_positions import POSITIONS
from sandkasse.exchange.columns.of_the_house import HOUSE

LEFT_OUT = (
    "application_paper", "draft", "mail_event", "migration", "notice", "notice_choice", "own_day",
    "sign_in", "sign_out",
)  # fmt: skip

TABLES: Tables = {
    **IDEAS,
    **PEOPLE,
    **JOURNEYS,
    **AGENCIES,
    **MEETINGS,
    **POSITIONS,
    **HOUSE,
}
