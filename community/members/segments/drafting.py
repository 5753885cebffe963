"""The form of a segment: a tree of groups and conditions that is edited by plain buttons.

Fields are named by their place: `t` is the outermost group, `t-0` its first part, `t-0-2` the third part of that. A group has
`…-join`, a condition `…-is` (its kind) and the fields of its own form. A button `act` names what is to be done and where:
`add:t-0` (the kind in `t-0-new`), `group:t-0`, `drop:t-0-2`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, StringField
from wtforms.validators import Length

from commons.accounts import names
from commons.forms import Form, required
from community.members.segments import slots, tree
from community.members.segments.conditions import Condition, ConditionForm
from community.members.segments.tree import Group, Join, Leaf
from community.members.segments.writing import too_many

ROOT = "t"
MOST_PARTS = 60
Sent = MultiDict[str, str]


class SegmentForm(Form):
    """What a segment is called; its rules are a `DraftGroup` beside it."""

    name = StringField(
        _l("Name"),
        validators=[required(), Length(max=80, message=_l("At most 80 characters."))],
        filters=[names.clean],
    )
    note = StringField(
        _l("What it is for"),
        validators=[Length(max=300, message=_l("At most 300 characters."))],
        filters=[names.clean],
    )
    everybody = BooleanField(_l("Everybody is meant"))


@dataclass
class DraftLeaf:
    """A condition on the form."""

    path: str
    condition: Condition
    form: ConditionForm

    @property
    def leaf(self) -> Leaf:
        return Leaf(self.condition.name, self.form.values)


@dataclass
class DraftGroup:
    """A group on the form."""

    path: str
    join: Join
    parts: list[DraftGroup | DraftLeaf] = field(default_factory=list)

    @property
    def rules(self) -> Group:
        """What was entered; only of a valid draft."""
        return Group(self.join, tuple(_written(part) for part in self.parts))

    @property
    def leaves(self) -> Iterator[DraftLeaf]:
        for part in self.parts:
            if isinstance(part, DraftLeaf):
                yield part
            else:
                yield from part.leaves

    @property
    def is_complete(self) -> bool:
        """Whether there is a condition, and something in every group."""
        return bool(self.parts) and all(isinstance(part, DraftLeaf) or part.is_complete for part in self.parts)

    @property
    def depth(self) -> int:
        """How deep the group lies: 0 for the outermost."""
        return self.path.count("-")

    def validate(self) -> bool:
        """Whether every condition can be; all of them are looked at, so that all errors show."""
        return False not in [leaf.form.validate() for leaf in self.leaves]


def blank() -> DraftGroup:
    """A form to begin with: one condition about facts."""
    kind = next(iter(slots.kinds().values()))
    return DraftGroup(ROOT, Join.ALL, [_leaf(f"{ROOT}-0", kind)])


def of(rules: Group, path: str = ROOT) -> DraftGroup:
    """The form as the rules stand. What no room knows any more is left out."""
    kinds = slots.kinds()
    draft = DraftGroup(path, rules.join)
    for part in rules.parts:
        place = f"{path}-{len(draft.parts)}"
        if isinstance(part, Group):
            draft.parts.append(of(part, place))
        elif part.kind in kinds:
            kind = kinds[part.kind]
            draft.parts.append(DraftLeaf(place, kind, kind.form.of(part.values, f"{place}-")))
    return draft


def read(sent: Sent) -> DraftGroup:
    """The form as it was sent, with what the button `act` asks for already done. Raises `Invalid` for far too many conditions."""
    if sum(name.endswith("-is") for name in sent) > 2 * tree.MOST_LEAVES:
        raise too_many()
    act, _colon, place = sent.get("act", "").partition(":")
    return _read(sent, ROOT, ROOT, act, place)


def _read(sent: Sent, source: str, target: str, act: str, place: str) -> DraftGroup:
    """The group that was sent as `source` and shall stand at `target`: parts move up when one before them is dropped."""
    draft = DraftGroup(target, _join(sent.get(f"{source}-join", "")))
    if source.count("-") >= tree.DEEPEST:
        return draft
    for number in range(MOST_PARTS):
        old = f"{source}-{number}"
        if f"{old}-is" not in sent and f"{old}-join" not in sent:
            break
        if act == "drop" and place == old:
            continue
        new = f"{target}-{len(draft.parts)}"
        part = _read(sent, old, new, act, place) if f"{old}-join" in sent else _read_leaf(sent, old, new)
        draft.parts += [part] if part is not None else []
    if place == source:
        draft.parts += _added(sent, draft, act, source)
    return draft


def _read_leaf(sent: Sent, source: str, target: str) -> DraftLeaf | None:
    kind = slots.kinds().get(sent[f"{source}-is"])
    if kind is None:
        return None
    form = kind.form(prefix=f"{target}-")
    moved: Sent = MultiDict(
        (field.name, value) for field in form for value in sent.getlist(f"{source}-{field.short_name}")
    )
    form.process(moved)
    return DraftLeaf(target, kind, form)


def _added(sent: Sent, draft: DraftGroup, act: str, source: str) -> Sequence[DraftGroup | DraftLeaf]:
    """The new part that was asked for, if there is room for it."""
    place = f"{draft.path}-{len(draft.parts)}"
    kind = slots.kinds().get(sent.get(f"{source}-new", ""))
    if len(draft.parts) >= MOST_PARTS:
        return []
    if act == "add" and kind is not None:
        return [_leaf(place, kind)]
    if act == "group" and draft.depth + 1 < tree.DEEPEST:
        return [DraftGroup(place, Join.ANY)]
    return []


def _leaf(path: str, kind: Condition) -> DraftLeaf:
    return DraftLeaf(path, kind, kind.form(prefix=f"{path}-"))


def _join(word: str) -> Join:
    return next((join for join in Join if join.value == word), Join.ALL)


def _written(part: DraftGroup | DraftLeaf) -> Group | Leaf:
    return part.rules if isinstance(part, DraftGroup) else part.leaf


def plain_form(name: str, note: str) -> Any:
    """The names of a segment on its form."""
    return SegmentForm(formdata=None, data={"name": name, "note": note})
