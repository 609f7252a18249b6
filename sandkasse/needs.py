"""What a team can say that its idea involves: by these, rules propose whom to ask.

None of them tells where anybody comes from: what concerns residence permits is proposed to all, as
a check that each does by oneself.
"""

from sandkasse.i18n import N_

#: The words of each need; the key is what the database keeps.
NEEDS: dict[str, str] = {
    "sells": N_("We sell something soon"),
    "employees": N_("We will employ somebody"),
    "food": N_("We make or sell food"),
    "energy": N_("We build or use an energy installation or a watercourse"),
    "emissions": N_("We may pollute ground, water or air"),
    "self-driving": N_("We test vehicles that drive themselves"),
    "children-or-care": N_("We work with children or with care"),
    "research": N_("We do research or development"),
    "money": N_("We look for money"),
}
