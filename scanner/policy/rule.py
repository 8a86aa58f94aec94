"""A rule, compiled: what reports say of it, what it matches, what it reads, and its expressions."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from scanner.core.result import RuleInfo
from scanner.core.views import VIEWS, View

if TYPE_CHECKING:
    from scanner.policy.judge import Program

Packed = tuple[Any, ...]
"""`scanner.policy.cel.tree.Tree.pack()` of an expression."""
MARSHAL = 4
"""The version of marshal's format: every Python since 3.4 reads and writes it."""
VARIABLE = "variables."
"""How the name of a variable's expression begins among those of its rule."""


class Parameter(NamedTuple):
    """A parameter of a rule: its type as the rule file writes it, and the value where no configuration sets one."""

    type: str
    default: Any
    description: str = ""


@dataclass(slots=True)
class Rule:
    """One rule, ready to judge. It is never changed: `RuleSet.configured` makes variants of it.

    `view` is the view that it matches, '' where it matches resources of `types`; `each` is `region` or `account` where
    it judges all of them there at once. `relations` are the names under `resource.related` that it reads. `reads` are
    the first names of the subject's attributes that it reads, `relational` says that one of them depends on other
    resources of the scan.
    `at` is the dotted attribute that a finding points to, without the subject's name; '' is the subject itself.
    `path` is the rule file, as it is shown to people. `values` are the parameters as configured. `expressions` is what
    `packed_expressions` makes: most of a rule's bulk stays closed until the rule has something to judge.
    """

    info: RuleInfo
    path: str
    view: str
    types: tuple[str, ...]
    expressions: bytes
    parameters: dict[str, Parameter]
    values: dict[str, Any]
    at: str
    fix: dict[str, Any] | None
    reads: frozenset[str]
    relational: bool
    each: str = ""
    relations: tuple[str, ...] = ()
    program: Program | None = field(default=None, compare=False, repr=False)

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets that the rule judges: compose, kubernetes, ..."""
        return self.info.targets

    def trees(self) -> dict[str, Packed]:
        """The expressions by name: `compliant`, `message`, `when` where the rule has one, and `variables.NAME`."""
        trees: dict[str, Packed] = marshal.loads(self.expressions)  # noqa: S302 - made by `packed_expressions`
        return trees


def packed_expressions(trees: Mapping[str, Packed]) -> bytes:
    """A rule's expressions by name as `Rule.expressions` holds them."""
    return marshal.dumps(dict(trees), MARSHAL)


def first_names(reads: tuple[str, ...], view: str) -> frozenset[str]:
    """The first names of dotted attributes; a read of the whole subject is a read of every attribute."""
    names = frozenset(read.partition(".")[0] for read in reads)
    if "" in names and view:
        return (names - {""}) | frozenset(VIEWS[view].attributes)
    return names


def relation_names(nodes: Iterable[tuple[Any, ...]]) -> tuple[str, ...]:
    """What trees read under `related` of a resource, or of one of several."""
    from scanner.core.resource_shapes import RELATED
    from scanner.policy.cel.tree import children

    found: set[str] = set()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if node[0] in ("field", "has") and node[3][2].endswith(RELATED):
            found.add(node[4])
        waiting.extend(children(node))
    return tuple(sorted(found))


def is_relational(reads: tuple[str, ...], view: str) -> bool:
    """Whether one of the dotted attributes is a relation, or may hold one."""
    return bool(view) and any(_leads_to_relation(VIEWS[view], read.split(".") if read else []) for read in reads)


def _leads_to_relation(view: View, steps: list[str]) -> bool:
    if not steps:
        return _holds_relation(view, frozenset())
    attribute = view.attributes.get(steps[0])
    if attribute is None:
        return False
    if attribute.relation:
        return True
    inner = _message(attribute.type)
    return inner is not None and _leads_to_relation(inner, steps[1:])


def _holds_relation(view: View, seen: frozenset[str]) -> bool:
    if view.name in seen:
        return False
    inner = (_message(attribute.type) for attribute in view.attributes.values())
    return any(attribute.relation for attribute in view.attributes.values()) or any(
        _holds_relation(each, seen | {view.name}) for each in inner if each is not None
    )


def _message(kind: str) -> View | None:
    """The view that a type is made of: `container` of `list(container)`."""
    while kind.startswith("list("):
        kind = kind[5:-1]
    return VIEWS.get(kind)


def subject_name(view: str) -> str:
    """The name of the subject in expressions: the view's, or `resource`."""
    return view or "resource"


def remediation_by_target(value: str | Mapping[str, str]) -> dict[str, str]:
    """The remediation by target; the key '' is for all of them."""
    return {"": value} if isinstance(value, str) else dict(value)
