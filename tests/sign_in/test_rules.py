"""The settings for signing in: which role somebody new gets, and faulty files refused."""

import pytest

from sandkasse import agencies, config, sign_in, start
from sandkasse.errors import NotConfigured
from sandkasse.people import Role
from sandkasse.sign_in import Claims

STUDENT = Claims("feide|1", provider="feide", affiliations=("student",), realm="uit.no")
OFFICER = Claims(
    "entra|1", provider="entra", email="Mona@Skatteetaten.Example", email_verified=True
)


def rules(tmp_path, text):
    """The settings in a file with this text."""
    file = tmp_path / "sign_in.toml"
    file.write_text(text, "utf-8")
    return sign_in.load(file, {"skatteetaten", "nav"})


WHOLE = """
[providers.feide]
affiliations = ["student", "employee"]
[providers.entra]
domains = ["skatteetaten.example"]
[[rules]]
provider = "feide"
affiliation = "student"
realm = "uit.no"
role = "student"
[[rules]]
provider = "entra"
email_domain = "@skatteetaten.example"
role = "member"
agency = "skatteetaten"
"""


def role(found, claims):
    """The role that a rule gives, and the agency."""
    rule = found.rule_for(claims)
    return None if rule is None else (rule.role, rule.agency)


def test_the_shipped_file_makes_students_of_the_university_students():
    found = start.sign_in_rules(config.Settings())
    assert role(found, STUDENT) == (Role.STUDENT, None)
    assert role(found, Claims("x|1", provider="entra", email="a@b.no", email_verified=True)) is None
    assert (found.grace_days, found.provider("feide").trust_addresses) == (90, False)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Role.STUDENT),
        ({"affiliations": ("employee", "student")}, Role.STUDENT),
        ({"affiliations": ("employee",)}, None),
        ({"affiliations": None}, None),
        ({"realm": "ntnu.no"}, None),
        ({"realm": None}, None),
        ({"provider": "entra"}, None),
    ],
)
def test_an_affiliation_at_the_right_place_gives_the_role(tmp_path, changes, expected):
    found = rules(tmp_path, WHOLE).rule_for(Claims(**{**vars(STUDENT), **changes}))
    assert (found and found.role) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (Role.MEMBER, "skatteetaten")),
        ({"email_verified": False}, None),
        ({"email": "mona@skatteetaten.example.evil.no"}, None),
        ({"email": "mona@not-skatteetaten.example"}, None),
        ({"email": None}, None),
    ],
)
def test_only_a_verified_address_of_the_domain_gives_the_role(tmp_path, changes, expected):
    assert role(rules(tmp_path, WHOLE), Claims(**{**vars(OFFICER), **changes})) == expected


def test_an_address_of_a_provider_that_is_trusted_counts_unverified(tmp_path):
    claims = Claims(**{**vars(OFFICER), "email_verified": False})
    trusting = WHOLE.replace("[providers.entra]", "[providers.entra]\ntrust_addresses = true")
    assert role(rules(tmp_path, trusting), claims) == (Role.MEMBER, "skatteetaten")
    assert role(rules(tmp_path, WHOLE), claims) is None


def test_the_first_rule_that_fits_counts(tmp_path):
    again = WHOLE + '[[rules]]\nprovider = "feide"\naffiliation = "student"\nrole = "mentor"\n'
    assert role(rules(tmp_path, again), STUDENT) == (Role.STUDENT, None)
    elsewhere = Claims(**{**vars(STUDENT), "realm": "ntnu.no"})
    assert role(rules(tmp_path, again), elsewhere) == (Role.MENTOR, None)


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        (STUDENT, True),
        (Claims("feide|1", provider="feide", affiliations=("employee",)), True),
        (Claims("feide|1", provider="feide", affiliations=("alum",)), False),
        (Claims("feide|1", provider="feide"), False),
        (OFFICER, True),
        (Claims("entra|1", provider="entra", email="a@skatteetaten.example"), False),
        (Claims("other|1", provider="other"), None),
    ],
)
def test_who_belongs(tmp_path, claims, expected):
    assert rules(tmp_path, WHOLE).provider(claims.provider).belongs(claims) is expected


RULE = '[providers.feide]\n[[rules]]\nprovider = "feide"\n'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("session_hours = [", "Invalid value"),
        ("session_hours = 0", "session_hours"),
        ("grace_days = -1", "grace_days"),
        ("grace = 3", "grace"),
        ('[providers.feide]\nextended_userinfo = "http://api.dataporten.no/"', "https"),
        ('[providers.feide]\ndomains = ["x"]', "domain"),
        (RULE + 'role = "student"', "affiliation or an email_domain"),
        (RULE + 'affiliation = "student"\nrole = "lead"', "SANDKASSE_LEADS"),
        (RULE + 'affiliation = "student"\nrole = "boss"', "role"),
        (RULE + 'affiliation = "student"\nrole = "member"', "agency"),
        (RULE + 'affiliation = "student"\nrole = "student"\nagency = "nav"', "agency"),
        (RULE + 'affiliation = "student"\nrole = "member"\nagency = "cia"', "no agency cia"),
        (RULE + 'affiliation = "student"\nrole = "student"\nrealm = "@"', "domain"),
        ('[[rules]]\nprovider = "x"\naffiliation = "a"\nrole = "student"', "the provider x"),
    ],
)
def test_a_faulty_file_is_refused_with_its_name_and_the_reason(tmp_path, text, reason):
    with pytest.raises(NotConfigured) as refused:
        rules(tmp_path, text)
    assert "sign_in.toml" in refused.value.message
    assert reason in refused.value.message


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(NotConfigured):
        sign_in.load(tmp_path / "missing.toml", ())


def test_the_agencies_of_the_shipped_list_can_be_named():
    known = {one.id for one in agencies.load(start.AGENCIES_FILE)}
    assert "skatteetaten" in known
