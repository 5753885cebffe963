"""Kinds of missions: declared by rooms, collected through a slot. docs/missions.md tells how to add one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from campaigns.planning.models import Mission
from commons.events import Event, Evidence
from commons.forms import Form
from commons.panels import Panel
from commons.slots import Slot
from community.members.models import Member

FEWEST, MOST = 1, 100


class SettingsForm(Form):
    """What a lead sets for a mission of one kind, beside what every mission has. Its values are kept as JSON.

    It stands within the form of the mission, whose token protects both.
    """

    class Meta(Form.Meta):
        csrf = False

    @classmethod
    def filled(cls, settings: Mapping[str, Any]) -> SettingsForm:
        """The form as it stands for a mission that exists."""
        return cls(formdata=None, prefix="settings-", data=dict(settings))

    @property
    def values(self) -> dict[str, Any]:
        """What is kept: texts without blanks around them and with one sign for the end of a line, numbers, ticks."""
        return {name: _tidy(data) if isinstance(data, str) else data for name, data in self.data.items()}


def _tidy(text: str) -> str:
    return "\n".join(text.strip().splitlines())


def _always(_mission: Mission, _fact: Event) -> bool:
    return True


@dataclass(frozen=True)
class Visit:
    """Somebody opens the page of a mission. `member` is None for a visitor who is no fan; `may` says whether the fan can do
    something for the mission now; `form` is one of the kind that was filled in wrongly, or None.
    """

    mission: Mission
    member: Member | None
    at: datetime
    may: bool
    form: Any = None


def _no_panel(_visit: Visit) -> Panel | None:
    return None


@dataclass(frozen=True)
class TeamPage:
    """A page on which the team looks after one mission: its link in words, and where it leads."""

    words: Any
    url: str


def _no_page(_mission: Mission) -> TeamPage | None:
    return None


@dataclass(frozen=True)
class Kind:
    """One kind of mission.

    `facts` are the kinds of facts that count, and `undone_by` those that take one back, with the field of their payload that
    names the fact. `grades` are the grades of evidence that they reach: the first is what a new mission asks for, and a lead
    may ask for any other. Facts that name no campaign count `everywhere`: in each running campaign that has such a mission.
    `counts` may look closer at a fact: whether it is about this mission and no other, and what the mission's settings ask for.
    `settings` is the form of those settings. `panel` is what a fan finds on the mission's page; `for_team` is what the team
    finds beside it in the list. `hint` tells the lead what counts.
    """

    name: str
    words: Any
    icon: str
    facts: frozenset[str]
    grades: tuple[Evidence, ...] = (Evidence.NETWORK,)
    undone_by: Mapping[str, str] = field(default_factory=dict)
    everywhere: bool = False
    counts: Callable[[Mission, Event], bool] = _always
    settings: type[SettingsForm] = SettingsForm
    panel: Callable[[Visit], Panel | None] = _no_panel
    for_team: Callable[[Mission], TeamPage | None] = _no_page
    hint: Any = ""

    @property
    def has_settings(self) -> bool:
        return self.settings is not SettingsForm

    def in_full(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Settings with what is usual where they say nothing."""
        return {**self.settings.filled({}).values, **settings}


declared: Slot[Callable[[], Iterable[Kind]]] = Slot("kinds of missions that a room knows how to follow")


def kinds() -> dict[str, Kind]:
    """All kinds by name, in the order in which a lead is offered them."""
    return {kind.name: kind for plug in declared for kind in plug()}


def is_about(mission: Mission, fact: Event) -> bool:
    """Whether the subject of the fact is this very mission, and not another one of its kind."""
    return fact.subject_type == Mission.__tablename__ and fact.subject_id == mission.id


def kind_of(mission: Mission) -> Kind:
    """The kind of a mission; one that no room declares any more is a name to which nothing counts."""
    return kinds().get(mission.kind) or Kind(mission.kind, mission.kind, "target-arrow", frozenset())


def icons() -> dict[str, str]:
    """The icon of each kind, by name."""
    return {name: kind.icon for name, kind in kinds().items()}


def fact_kinds() -> frozenset[str]:
    """The kinds of facts that count towards some mission."""
    return frozenset(fact for kind in kinds().values() for fact in kind.facts)


def undoes() -> dict[str, str]:
    """Facts that take an earlier one back, and where their payload names it."""
    return {fact: name for kind in kinds().values() for fact, name in kind.undone_by.items()}


def counts_towards(mission: Mission, fact: Event) -> bool:
    """Whether the fact is of the mission's kind, within its time, proven well enough, and what its settings ask for."""
    kind = kind_of(mission)
    if fact.kind not in kind.facts or not mission.is_open(fact.occurred_at):
        return False
    return fact.evidence.reaches(mission.evidence) and kind.counts(mission, fact)
