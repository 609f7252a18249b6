"""What a journey is made of."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Self

from pydantic import TypeAdapter

from sandkasse.errors import NotFound
from sandkasse.i18n import _

#: How an idea can leave: the kinds that figures tell apart.
EXIT_KINDS = ("completed", "declined", "withdrawn", "closed", "merged")


@dataclass(frozen=True)
class Text:
    """Words in Bokmål and English; one of them may be missing."""

    nb: str = ""
    en: str = ""

    def in_(self, language: str) -> str:
        """The words in ``language`` (``nb`` or ``en``), in the other one where they are missing."""
        return self.nb or self.en if language == "nb" else self.en or self.nb


@dataclass(frozen=True)
class Gate:
    """A criterion for leaving a stage. ``attested_by`` are the roles that may say it is met; when
    it is empty, whoever may mark gates. ``evidence`` names what can be shown beside it: what the
    company register says (``registered``)."""

    id: str
    name: Text
    attested_by: tuple[str, ...] = ()
    evidence: str = ""


@dataclass(frozen=True)
class Stage:
    """A stage. ``position`` counts from 0, ``help`` is what the stage asks of the student, and
    ``expected_days`` an assumption about its length (None: nobody has said)."""

    id: str
    position: int
    name: Text
    help: Text = Text()
    advice: Text = Text()
    expected_days: int | None = None
    gates: tuple[Gate, ...] = ()


@dataclass(frozen=True)
class Exit:
    """A way out; ``kind`` is one of :data:`EXIT_KINDS`."""

    id: str
    kind: str
    name: Text


@dataclass(frozen=True)
class Variant:
    """What differs in one stage at one level; what is empty does not differ.

    A gate with the id of one of the stage's own replaces it; the others are added.
    """

    level: str
    stage_id: str
    help: Text = Text()
    advice: Text = Text()
    expected_days: int | None = None
    gates: tuple[Gate, ...] = ()

    def applied_to(self, stage: Stage) -> Stage:
        """The stage as it is at this level."""
        gates = {gate.id: gate for gate in (*stage.gates, *self.gates)}
        return replace(
            stage,
            help=self.help if self.help != Text() else stage.help,
            advice=self.advice if self.advice != Text() else stage.advice,
            expected_days=self.expected_days or stage.expected_days,
            gates=tuple(gates.values()),
        )


@dataclass(frozen=True)
class ContactRule:
    """When something should be asked of an agency.

    It is due in ``stages`` (ids) for ideas of these ``levels`` and ``themes`` (empty: any) whose
    team has said that one of ``needs`` applies to it (empty: whatever it needs). ``purpose`` is an
    id of the catalogue. ``for_all`` tells what concerns everybody from what concerns some. A
    ``self_check`` is done by oneself: it is marked done or not, and no answer is kept.
    """

    id: str
    purpose: str
    stages: tuple[str, ...]
    why: Text
    levels: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    for_all: bool = False
    self_check: bool = False


@dataclass(frozen=True)
class Journey:
    """Ordered stages and the ways out. ``levels`` is empty where the level makes no difference.

    ``order`` is the journey's place in lists; those without one come last.
    """

    id: str
    name: Text
    levels: tuple[str, ...]
    stages: tuple[Stage, ...]
    exits: tuple[Exit, ...]
    variants: tuple[Variant, ...] = ()
    contact_rules: tuple[ContactRule, ...] = ()
    order: int | None = None

    def stage(self, stage_id: str) -> Stage:
        """The stage with this id.

        :raises NotFound: when the journey has none.
        """
        for stage in self.stages:
            if stage.id == stage_id:
                return stage
        raise NotFound(_("The journey has no such stage."))

    def exit(self, exit_id: str) -> Exit:
        """The exit with this id.

        :raises NotFound: when the journey has none.
        """
        for way in self.exits:
            if way.id == exit_id:
                return way
        raise NotFound(_("The journey has no such exit."))

    def position(self, stage_id: str) -> int:
        """Where the stage stands, from 0.

        :raises NotFound: when the journey has no such stage.
        """
        return self.stage(stage_id).position

    @property
    def first(self) -> Stage:
        """The stage where ideas come in."""
        return self.stages[0]

    @property
    def last(self) -> Stage:
        """The stage after which an idea is through."""
        return self.stages[-1]

    def for_level(self, level: str | None) -> Self:
        """The journey as it is for ``level``; as it stands where nothing differs at that level."""
        variants = {one.stage_id: one for one in self.variants if one.level == level}
        if not variants:
            return self
        stages = tuple(
            variants[stage.id].applied_to(stage) if stage.id in variants else stage
            for stage in self.stages
        )
        return replace(self, stages=stages, variants=())

    def to_json(self) -> str:
        """The whole journey as JSON; the same journey always gives the same text."""
        return _adapter().dump_json(self).decode()

    @staticmethod
    def from_json(text: str) -> "Journey":
        """The journey that :meth:`to_json` wrote.

        :raises ValueError: when the text is something else.
        """
        return _adapter().validate_json(text)


@cache
def _adapter() -> TypeAdapter[Journey]:
    return TypeAdapter(Journey)
