"""The door: who is here, which pages they get, and the frame around them."""

import streamlit as st

from sandkasse.errors import SandkasseError
from sandkasse.ui import frame, identity, observing, page
from sandkasse.ui.document import ICON
from sandkasse.ui.store import database

with observing.run() as run:
    st.set_page_config(page_title="Sandkasse", page_icon=ICON, layout="wide")
    identity.settle_language()
    try:
        db = database()
    except SandkasseError as error:
        page.refuse(error)
    try:
        actor = identity.actor(db)
    except SandkasseError as error:
        page.turn_away(db, error)

    chosen = frame.navigation(actor)
    frame.sidebar(actor)
    observing.tell(run, chosen, actor)
    chosen.run()
