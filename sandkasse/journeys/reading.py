"""Reading a journey's TOML file, and refusing a faulty one with file, line and reason."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sandkasse import texts
from sandkasse.errors import InvalidJourney
from sandkasse.i18n import _, ngettext_, number_text
from sandkasse.journeys import places
from sandkasse.journeys.journey import ContactRule, Exit, Gate, Journey, Stage, Text, Variant
from sandkasse.journeys.places import Place
from sandkasse.needs import NEEDS
from sandkasse.themes import THEMES

#: The largest file, in bytes. The shipped ones are a tenth of it.
LARGEST = 256 * 1024
MOST_DAYS = 3_650
_MOST_FAULTS = 10
#: Keys whose values are words in both languages.
_WORDED = ("name", "help", "advice", "why")
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class Fault(NamedTuple):
    """Something wrong at a place in the file; ``reason`` is a sentence."""

    place: Place
    reason: str


def load_folder(folder: Path) -> list[Journey]:
    """The journeys of all ``.toml`` files in ``folder``, by file name.

    :raises InvalidJourney: for the first faulty file, for two of one id, or when there is none.
    """
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise InvalidJourney(
            _("There are no journeys (.toml files) in {folder}.").format(folder=folder)
        )
    loaded: dict[str, Path] = {}
    journeys = []
    for path in paths:
        journey = load_file(path)
        if journey.id in loaded:
            raise InvalidJourney(
                _("{file} and {other} both describe the journey {id}. Give one another id.").format(
                    file=loaded[journey.id], other=path, id=journey.id
                )
            )
        loaded[journey.id] = path
        journeys.append(journey)
    return journeys


def load_file(path: Path) -> Journey:
    """The journey in a file.

    :raises InvalidJourney: when the file cannot be read, or naming its faults, each with its line.
    """
    text = _read(path)
    try:
        content = tomllib.loads(text)
    except ValueError as error:
        line, reason = _syntax(text, str(error))
        reason = _("This is not valid TOML ({reason}).").format(reason=reason)
        raise InvalidJourney(_sentence(path, line, reason)) from None
    except RecursionError:
        raise InvalidJourney(_sentence(path, 1, _("It is nested too deeply."))) from None
    try:
        written = _Journey.model_validate(content)
    except ValidationError as error:
        faults = [Fault(one["loc"], _in_words(dict(one))) for one in error.errors()]
    else:
        faults = list(_faults(written))
    if faults:
        raise InvalidJourney(_report(path, text, faults))
    return _built(written)


# ── The file and its faults in words ────────────────────────────────────────────────────────────


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise InvalidJourney(
            _("{file} cannot be read: {reason}.").format(file=path, reason=error.strerror)
        ) from None
    if len(content) > LARGEST:
        raise InvalidJourney(
            _("{file} is too large: a journey has at most {n} kB.").format(
                file=path, n=number_text(LARGEST // 1024)
            )
        )
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidJourney(
            _sentence(path, line, _("This is not UTF-8. Save the file as UTF-8."))
        ) from None


def _syntax(text: str, message: str) -> tuple[int, str]:
    """The line and the reason in what the TOML parser says."""
    reason, _at, where = message.partition(" (at ")
    line = re.match(r"line (\d+)", where)
    if line:
        return int(line.group(1)), reason
    return (text.count("\n") + 1 if where else 1), reason


def _sentence(path: Path, line: int, reason: str) -> str:
    return _("{file}, line {line}: {reason}").format(file=path, line=line, reason=reason)


def _report(path: Path, text: str, faults: Iterable[Fault]) -> str:
    """The faults from the top of the file down, one a line."""
    known = places.lines(text)
    found = sorted((places.line_of(fault.place, known), fault.reason) for fault in faults)
    told = [_sentence(path, line, reason) for line, reason in found[:_MOST_FAULTS]]
    more = len(found) - len(told)
    if more:
        told.append(ngettext_("And {n} more.", "And {n} more.", more).format(n=number_text(more)))
    return "\n".join(told)


def _in_words(error: dict[str, Any]) -> str:
    """A fault that pydantic found, as a sentence of ours."""
    named = [part for part in error["loc"] if isinstance(part, str)]
    key = named[-1] if named else ""
    place = _dotted(error["loc"])
    sentences = {
        "missing": _("{place} is missing."),
        "extra_forbidden": _("{place} is not something a journey has here."),
        "string_type": _("{place} must be text, in quotes."),
        "int_type": _("{place} must be a whole number."),
        "literal_error": _("{place} must be one of these: {choices}."),
        "list_type": _("{place} must be a list."),
        "model_type": _("{place} must be a table."),
        "dict_type": _("{place} must be a table."),
        "too_short": _("There must be at least {n} of {place}."),
    }
    sentence = sentences.get(error["type"], _("{place} has a value that cannot be used."))
    if key in _WORDED and error["type"] == "model_type":
        sentence = _("{place} must be text, or texts for nb and en.")
    elif key == "expected_days":
        sentence = _("{place} must be a whole number from 1 to {most}.")
    context = error.get("ctx", {})
    choices = context.get("expected", "").replace("'", "").replace(" or ", ", ")
    return sentence.format(
        place=place, n=context.get("min_length"), most=number_text(MOST_DAYS), choices=choices
    )


def _dotted(place: Place) -> str:
    """A place as one reads it: ``stages.1.id`` is the id of the second stage."""
    return ".".join(map(str, place))


# ── The form of the file ────────────────────────────────────────────────────────────────────────


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Words(_Table):
    nb: str = ""
    en: str = ""


def _as_words(value: object) -> object:
    """A plain string stands for both languages."""
    return {"nb": value, "en": value} if isinstance(value, str) else value


_Text = Annotated[_Words, BeforeValidator(_as_words)]
_Days = Annotated[int, Field(ge=1, le=MOST_DAYS)]
_Role = Literal["student", "mentor", "lead", "member"]


class _Gate(_Table):
    id: str
    name: _Text
    attested_by: list[_Role] = []
    evidence: Literal["", "registered"] = ""


class _Stage(_Table):
    id: str
    name: _Text
    help: _Text | None = None
    advice: _Text | None = None
    expected_days: _Days | None = None
    gates: list[_Gate] = []


class _Exit(_Table):
    id: str
    kind: Literal["completed", "declined", "withdrawn", "closed", "merged"]
    name: _Text


class _Change(_Table):
    expected_days: _Days | None = None
    help: _Text | None = None
    advice: _Text | None = None
    gates: list[_Gate] = []


class _Variant(_Table):
    stages: dict[str, _Change] = {}


class _ContactRule(_Table):
    id: str
    purpose: str
    stages: Annotated[list[str], Field(min_length=1)]
    why: _Text
    levels: list[str] = []
    themes: list[str] = []
    needs: list[str] = []
    for_all: bool = False
    self_check: bool = False


class _Journey(_Table):
    id: str
    name: _Text
    order: int | None = None
    levels: list[str] = []
    stages: Annotated[list[_Stage], Field(min_length=2)]
    exits: Annotated[list[_Exit], Field(min_length=1)]
    variants: dict[str, _Variant] = {}
    contact_rules: list[_ContactRule] = []


# ── Faults that the form allows ─────────────────────────────────────────────────────────────────


def _faults(journey: _Journey) -> Iterator[Fault]:
    """Everything wrong in a file of the right form."""
    yield from _id_faults(("id",), journey.id)
    yield from _text_faults(("name",), journey.name, "name")
    yield from _level_faults(journey.levels)
    taken: set[str] = set()
    for n, stage in enumerate(journey.stages):
        yield from _unique_id_faults(("stages", n, "id"), stage.id, taken)
        yield from _text_faults(("stages", n, "name"), stage.name, "name")
        yield from _stage_faults(("stages", n), stage)
    for n, way in enumerate(journey.exits):
        yield from _unique_id_faults(("exits", n, "id"), way.id, taken)
        yield from _text_faults(("exits", n, "name"), way.name, "name")
    yield from _variant_faults(journey)
    yield from _contact_rule_faults(journey)


def _stage_faults(place: Place, stage: _Stage | _Change) -> Iterator[Fault]:
    """Faults in what a stage and a variant of it have in common."""
    for key, words in (("help", stage.help), ("advice", stage.advice)):
        if words is not None:
            yield from _text_faults((*place, key), words, "guidance")
    taken: set[str] = set()
    for n, gate in enumerate(stage.gates):
        yield from _unique_id_faults((*place, "gates", n, "id"), gate.id, taken)
        yield from _text_faults((*place, "gates", n, "name"), gate.name, "name")


def _level_faults(levels: list[str]) -> Iterator[Fault]:
    for n, level in enumerate(levels):
        if not level.strip():
            yield Fault(("levels", n), _("A level must not be empty."))
        elif level in levels[:n]:
            yield Fault(("levels", n), _("The level {level} is there twice.").format(level=level))


def _variant_faults(journey: _Journey) -> Iterator[Fault]:
    levels = ", ".join(journey.levels) or "–"
    stages = {stage.id for stage in journey.stages}
    for level, variant in journey.variants.items():
        if level not in journey.levels:
            reason = _("{level} is not among the levels of this journey: {levels}.")
            reason = reason.format(level=level, levels=levels)
            yield Fault(("variants", level), reason)
        for stage_id, change in variant.stages.items():
            place = ("variants", level, "stages", stage_id)
            if stage_id not in stages:
                reason = _("The variant names an unknown stage: {stage}.").format(stage=stage_id)
                yield Fault(place, reason)
            yield from _stage_faults(place, change)


def _contact_rule_faults(journey: _Journey) -> Iterator[Fault]:
    known = {
        "stages": {stage.id for stage in journey.stages},
        "levels": set(journey.levels),
        "themes": set(THEMES),
        "needs": set(NEEDS),
    }
    taken: set[str] = set()
    for n, rule in enumerate(journey.contact_rules):
        yield from _unique_id_faults(("contact_rules", n, "id"), rule.id, taken)
        yield from _text_faults(("contact_rules", n, "why"), rule.why, "guidance")
        for field, those in known.items():
            for name in getattr(rule, field):
                if name not in those:
                    reason = _("The rule {rule} names something unknown in {field}: {name}.")
                    reason = reason.format(rule=rule.id, field=field, name=name)
                    yield Fault(("contact_rules", n, field), reason)


def _unique_id_faults(place: Place, key: str, taken: set[str]) -> Iterator[Fault]:
    """Faults of an id among the ids ``taken`` before it, to which it is added."""
    yield from _id_faults(place, key)
    if key in taken:
        yield Fault(place, _("The id {id} is used twice.").format(id=key))
    taken.add(key)


def _id_faults(place: Place, key: str) -> Iterator[Fault]:
    if not _SLUG.fullmatch(key):
        yield Fault(
            place,
            _(
                "{place} may have at most 40 lower-case letters from a to z, digits, hyphens and "
                "underscores, and begins with a letter or a digit."
            ).format(place=_dotted(place)),
        )


def _text_faults(place: Place, words: _Words, field: str) -> Iterator[Fault]:
    """Faults in words; ``field`` says which limit holds for them."""
    empty = _("{place} must not be empty.").format(place=_dotted(place))
    given = {getattr(words, language): language for language in sorted(words.model_fields_set)}
    if not given:
        yield Fault(place, empty)
    for text, language in given.items():
        tidied = texts.tidy(text)
        if not tidied:
            yield Fault((*place, language), empty)
        elif problem := texts.problem_with(tidied, field):
            yield Fault((*place, language), f"{_dotted(place)}: {problem}")


# ── From the form to the journey ────────────────────────────────────────────────────────────────


def _built(written: _Journey) -> Journey:
    return Journey(
        id=written.id,
        name=_text(written.name),
        order=written.order,
        levels=tuple(written.levels),
        stages=tuple(_stage(n, stage) for n, stage in enumerate(written.stages)),
        exits=tuple(Exit(way.id, way.kind, _text(way.name)) for way in written.exits),
        variants=tuple(
            _variant(level, stage_id, change)
            for level, variant in written.variants.items()
            for stage_id, change in variant.stages.items()
        ),
        contact_rules=tuple(map(_contact_rule, written.contact_rules)),
    )


def _contact_rule(written: _ContactRule) -> ContactRule:
    return ContactRule(
        id=written.id,
        purpose=written.purpose,
        stages=tuple(written.stages),
        why=_text(written.why),
        levels=tuple(written.levels),
        themes=tuple(written.themes),
        needs=tuple(written.needs),
        for_all=written.for_all,
        self_check=written.self_check,
    )


def _stage(position: int, written: _Stage) -> Stage:
    return Stage(
        id=written.id,
        position=position,
        name=_text(written.name),
        help=_text(written.help),
        advice=_text(written.advice),
        expected_days=written.expected_days,
        gates=_gates(written.gates),
    )


def _variant(level: str, stage_id: str, written: _Change) -> Variant:
    return Variant(
        level=level,
        stage_id=stage_id,
        help=_text(written.help),
        advice=_text(written.advice),
        expected_days=written.expected_days,
        gates=_gates(written.gates),
    )


def _gates(written: list[_Gate]) -> tuple[Gate, ...]:
    return tuple(
        Gate(one.id, _text(one.name), tuple(one.attested_by), one.evidence) for one in written
    )


def _text(words: _Words | None) -> Text:
    return Text() if words is None else Text(nb=texts.tidy(words.nb), en=texts.tidy(words.en))
