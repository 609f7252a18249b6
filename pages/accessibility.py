"""How accessible the app is, for everybody, signed in or not."""

from sandkasse.i18n import N_
from sandkasse.ui import accessibility_view, page

page.begin_public(N_("Accessibility"))
accessibility_view.draw()
