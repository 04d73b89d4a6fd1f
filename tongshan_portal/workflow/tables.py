"""Transition tables as data, and the three questions to them: what is possible, what is missing, take the step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongshan_portal.kernel.errors import DomainError, InvalidTransition, NotAllowed

from .people import is_same_person
from .transitions import ClockStep, Missing, Need, Text, Transition

MayDo = Callable[[str, Any], Any]
"""`may(action name, row)`: truthy when allowed; `.reason`, if there is one, is the sentence why not. `can` with the actor bound."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A verb out of the present state: its transition, and every sentence that stands against it (none: it is possible)."""

    transition: Transition
    forbidden: Text = ""
    missing: tuple[Missing, ...] = ()

    @property
    def possible(self) -> bool:
        """Whether the button works."""
        return not self.forbidden and not self.missing

    @property
    def sentences(self) -> tuple[Text, ...]:
        """Why not, in full."""
        return (*((self.forbidden,) if self.forbidden else ()), *(item.sentence for item in self.missing))


@dataclass(frozen=True)
class Table:
    """The states of a thing and the verbs between them. Made at import; mistakes are a TableError then.

    `states` gives value and label, `tones` a colour token of the design system for each; `people` a label for every
    attribute of the row that holds a person ("who handled it"); `clocks` a label for every clock; `state_field` the state's attribute.
    """

    name: str
    title: Text
    states: type[TextChoices]
    tones: Mapping[str, str]
    initial: str
    final: frozenset[str]
    transitions: tuple[Transition, ...]
    people: Mapping[str, Text] = field(default_factory=dict)
    clocks: Mapping[str, Text] = field(default_factory=dict)
    state_field: str = "state"
    _index: dict[tuple[str, str], Transition] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        from .validation import problems  # noqa: PLC0415 - it reads tables

        found = problems(self)
        if found:
            raise TableError(f"table {self.name}: " + "; ".join(found))
        for transition in self.transitions:
            for state in transition.from_:
                self._index[str(state), transition.verb] = transition

    @property
    def verbs(self) -> tuple[str, ...]:
        """Every verb once, in the order of the table."""
        return tuple(dict.fromkeys(transition.verb for transition in self.transitions))

    def label(self, state: str) -> Text:
        """The officer's word for a state."""
        return self.states(state).label

    def out_of(self, state: str) -> list[Transition]:
        """What leads out of a state, in the order of the table."""
        self.states(state)
        return [transition for transition in self.transitions if state in transition.from_]

    def way_out(self, state: str, verb: str) -> Transition | None:
        """The transition of a verb out of a state; None where it does not lead out of it."""
        return self._index.get((str(state), verb))

    def find(self, state: str, verb: str) -> Transition:
        """The transition. InvalidTransition says where the row stands and what is possible; KeyError for a verb the table does not know."""
        transition = self.way_out(state, verb)
        if transition is not None:
            return transition
        known = [item.label for item in self.transitions if item.verb == verb]
        if not known:
            raise KeyError(f"table {self.name} has no verb {verb!r}")
        possible = [str(item.label) for item in self.out_of(state) if not item.by_system]
        words = {"verb": known[0], "state": self.label(state), "possible": _(", ").join(possible)}
        if possible:
            raise InvalidTransition(_("“%(verb)s” is not possible while this is “%(state)s”. Possible now: %(possible)s.") % words)
        raise InvalidTransition(_("“%(verb)s” is not possible any more: this is “%(state)s”.") % words)

    def available(self, row: Any, may: MayDo, actor_id: Any) -> list[Choice]:
        """The verbs for a person at this row, in the order of the table, the impossible ones with the sentences why."""
        state = getattr(row, self.state_field)
        return [self._choice(item, row, may, actor_id) for item in self.out_of(state) if not item.by_system]

    def missing(self, row: Any, verb: str) -> list[Missing]:
        """What the guards of the verb miss in the row: the closing guard's list, whoever asks."""
        transition = self.find(getattr(row, self.state_field), verb)
        return [item for guard in transition.guards for item in guard(row)]

    def _choice(self, transition: Transition, row: Any, may: MayDo, actor_id: Any) -> Choice:
        return Choice(
            transition,
            self._refusal(transition, row, may, actor_id),
            tuple(item for guard in transition.guards for item in guard(row)),
        )

    def _refusal(self, transition: Transition, row: Any, may: MayDo, actor_id: Any) -> Text:
        """The sentence why this person may not, or nothing."""
        if not transition.by_system:
            answer = may(transition.action, row)
            if not answer:
                reason: Text = getattr(answer, "reason", "") or gettext_lazy("Your postings do not allow this here.")
                return reason
        for name in transition.differs_from:
            if is_same_person(actor_id, getattr(row, name)):
                return format_lazy("{}", _("This must be done by somebody else than %(person)s.") % {"person": self.people[name]})
        return ""

    def step(self, row: Any, verb: str, *, may: MayDo, actor_id: Any, given: Mapping[str, Any] | None = None) -> Transition:
        """The transition to take, everything checked; the row is not changed: the action does that, with `transition.target(state)`.

        `given` holds the compulsory inputs by the names of `Need`; `approval` is the id of the second person.
        Raises InvalidTransition (state), NotAllowed (right, or the same person twice), DomainError (input or guard).
        """
        transition = self.find(getattr(row, self.state_field), verb)
        refusal = self._refusal(transition, row, may, actor_id)
        if refusal:
            raise NotAllowed(refusal)
        check_given(transition, given or {}, actor_id)
        missing = [item for guard in transition.guards for item in guard(row)]
        if missing:
            raise DomainError("\n".join(str(item.sentence) for item in missing))
        return transition


class TableError(ValueError):
    """A table contradicts itself; the message lists everything that is wrong."""


def check_given(transition: Transition, given: Mapping[str, Any], actor_id: Any) -> None:
    """Every compulsory input is there (blanks are not), and who approves is not who does it. Raises DomainError with the input's name."""
    for need in transition.needs:
        value = given.get(need.value)
        if value is None or (hasattr(value, "__len__") and not len(value)) or (isinstance(value, str) and not value.strip()):
            raise DomainError(_("“%(verb)s” needs %(need)s.") % {"verb": transition.label, "need": need.label}, field=need.value)
        if need is Need.APPROVAL and is_same_person(actor_id, value):
            raise DomainError(_("Who approves must be somebody else than who asks."), field=need.value)


def clock_steps(transition: Transition) -> dict[str, ClockStep]:
    """What the transition does, by clock."""
    return {step.clock: step for step in transition.clocks}
