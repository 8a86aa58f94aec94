"""What loading yields, a batch for each input, and what it works with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from scanner.config import Config, ValuesSet
from scanner.core.pod_templates import template_route
from scanner.core.resource import Resource, Subject
from scanner.core.result import Notice, Scanned
from scanner.core.route import Route
from scanner.discovery import Found
from scanner.suppress import Commented
from scanner.traces import NO_VERSIONS, Versions

if TYPE_CHECKING:
    from scanner.policy.rule import Rule

Subjects = Callable[[frozenset[str]], Iterator[tuple[Resource, Iterable[Subject]]]]


@dataclass(slots=True)
class Batch:
    """The resources of one input. `complete` says that its subjects hold their relations already.

    `project` are the files of a Compose project; `base` those of the project that it is laid over, whose findings are
    not to be repeated, None where it stands alone.
    """

    target: str
    scanned: list[Scanned]
    documents: Sequence[Commented]
    subjects: Subjects
    complete: bool = False
    project: tuple[Path, ...] = ()
    base: tuple[Path, ...] | None = None
    values_set: str = ""
    """The set of values that a chart was rendered with, where there are several."""
    release: tuple[str, str] = ("", "")
    """The name and namespace of the release that a chart was rendered for."""
    versions: Versions = NO_VERSIONS
    """The versions of a chart and of those in it."""


class HelmFlags(NamedTuple):
    """What the command line says of charts. `values` replaces all other sets of values; `profile` are the fields of
    every set that flags give; `binary` is a Helm to render with."""

    values: ValuesSet | None = None
    profile: Mapping[str, Any] = {}
    ci_values: bool = False
    binary: Path | None = None


NO_HELM_FLAGS = HelmFlags()


@dataclass(slots=True)
class Loader:
    """The state of loading. `stdin` are the bytes of standard input, None where it is not read; `rules` those that will
    judge, so that nothing is worked out that none of them reads (None: all of it)."""

    found: Found
    stdin: bytes | None
    step: Callable[[int, int], None]
    helm: HelmFlags = NO_HELM_FLAGS
    rules: Sequence[Rule] | None = None
    notices: list[Notice] = field(default_factory=list)
    facts: Any = None
    collected: str = ""
    """When the latest snapshot of accounts was collected."""

    @property
    def config(self) -> Config:
        """The configuration of the run."""
        return self.found.config

    def pod_template(self, resource: Resource) -> Route | None:
        """Where the pod template of a Kubernetes object stands."""
        if resource.target != "kubernetes":
            return None
        return template_route(resource.type, self.config.pod_templates)

    def relations(self, subject: Subject) -> dict[str, Any]:
        """The relation attributes of a Kubernetes subject, once everything is loaded."""
        return self.facts.relations(subject) if self.facts is not None else {}

    def closing(self, views: frozenset[str]) -> Iterator[tuple[Resource, Iterable[Subject]]]:
        """Subjects that exist only once everything is loaded: the namespaces."""
        if self.facts is not None and "kubernetes_namespace" in views:
            for subject in self.facts.namespace_subjects():
                yield subject.resource, (subject,)
