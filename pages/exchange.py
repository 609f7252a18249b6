"""Import and export: a log of ideas in, everything out."""

import streamlit as st

from sandkasse.access import Action
from sandkasse.i18n import N_, _
from sandkasse.ui import exchange_view, page

visit = page.begin(N_("Import and export"), Action.IMPORT_LOG)

st.header(_("Import a log"), anchor=False)
exchange_view.importing(visit)

st.header(_("Export everything"), anchor=False)
exchange_view.exporting(visit)
