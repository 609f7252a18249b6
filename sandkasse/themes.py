"""What ideas are about: the short list a team chooses its theme from."""

from sandkasse.i18n import N_

#: The words of each theme; the key is what the database keeps.
THEMES: dict[str, str] = {
    "energy": N_("Energy"),
    "health": N_("Health"),
    "ocean": N_("Ocean and coast"),
    "food": N_("Food"),
    "mobility": N_("Mobility and transport"),
    "public-services": N_("Public services"),
    "space": N_("Space"),
    "construction": N_("Construction"),
    "tourism": N_("Tourism"),
    "education": N_("Education"),
}
