"""Judges subjects as they stream by, and keeps what reports need: findings, and the subjects that have to wait."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any, NamedTuple

from scanner.choose import Choice
from scanner.core.location import Place
from scanner.core.resource import Resource, Subject
from scanner.core.result import Finding, ResourceRef, Trace
from scanner.core.route import Route
from scanner.core.secrets import is_credential_name, secret_spans
from scanner.core.unknown import PartialText
from scanner.policy.judge import Judgement, judge
from scanner.policy.rule import Rule
from scanner.suppress import Suppression, Suppressions
from scanner.traces import NO_VERSIONS, Versions, content_of, resource_digest

SECRET_VIEWS = frozenset({"environment_variable", "text_setting"})
"""Built always: what is a secret in them is masked, even if no rule asks for it."""

_STORED = 8
"""Characters; a shorter value of a Secret is not masked for being in one."""
_PIECE = 4
"""Characters; a shorter known piece of a password that is not known whole is no secret."""
_GAP = "${UNKNOWN}"
"""Stands for what is not known while a text is searched for secrets."""

Relations = Callable[[Subject], Mapping[str, Any]]
Identity = tuple[str, ...]
"""What a finding is about, apart from where it stands."""


class _Waiting(NamedTuple):
    """A subject that waits until all resources are known, with only what its rules read."""

    subject: Subject
    rules: tuple[Rule, ...]
    places: dict[str, Place]
    reference: ResourceRef
    suppressions: Sequence[Suppression]
    digest: str


class Evaluation:
    """The judgements of one run."""

    def __init__(
        self, choice: Choice, suppressions: Suppressions, root: str, *, show_passed: bool, traced: bool = False
    ) -> None:
        self.choice = choice
        self.suppressions = suppressions
        self.root = root
        self.show_passed = show_passed
        self.traced = traced
        self.passes = 0
        self.secrets: set[str] = set()
        self._findings: dict[tuple[Any, ...], Finding] = {}
        self._waiting: list[_Waiting] = []
        self._found: set[Identity] | None = None
        self._known: Set[Identity] = frozenset()
        self._places: dict[Route, Place] = {}
        self._values_sets: tuple[str, ...] = ()
        self._release: tuple[str, str] = ("", "")
        self._versions = NO_VERSIONS
        self._digest = ""
        self._reads: dict[int, frozenset[str]] = {}

    def resource(
        self,
        resource: Resource,
        subjects: Iterable[Subject],
        annotations: Sequence[Suppression] = (),
        *,
        complete: bool,
        found: set[Identity] | None = None,
        known: Set[Identity] = frozenset(),
        values_set: str = "",
        release: tuple[str, str] = ("", ""),
        versions: Versions = NO_VERSIONS,
    ) -> None:
        """Judges the subjects of one resource. `complete` says that they hold their relations already.

        The identities of its findings are added to `found`; what is in `known` is not repeated. A finding that several
        sets of values lead to is one, which names them; `release` are the name and namespace that a set is rendered
        for, which do not tell resources apart; neither do the `versions` of its chart.
        """
        self._versions = versions
        self._digest = resource_digest(resource, versions) if self.traced else ""
        self._found, self._known, self._places, self._release = found, known, {}, release
        self._values_sets = (values_set,) if values_set else ()
        reference = ResourceRef(
            resource.type,
            resource.name,
            resource.namespace,
            resource.id,
            resource.account,
            resource.region,
            dict(resource.tags),
        )
        self.secrets.update(stored_secrets(resource))
        plan = self.choice.plan(f"{self.root}/{resource.origin.locate(()).location.path}")
        for rule in plan.matching_type(resource.type, resource.target, resource.each):
            whole = Subject("", resource, "", resource.attributes, lambda attribute: tuple(attribute.split(".")))
            self._judge(rule, whole, reference, annotations)
        for subject in subjects:
            if subject.view in SECRET_VIEWS:
                self.secrets.update(secret_texts(subject))
            at_once, later = plan.matching(subject.view, resource.target)
            for rule in at_once:
                self._judge(rule, subject, reference, annotations)
            if later and complete:
                for rule in later:
                    self._judge(rule, subject, reference, annotations)
            elif later:
                places = {rule.at: self._place(subject, rule.at) for rule in later}
                waiting = _wait(subject, later, self._read_by(later), places, reference, annotations, self._digest)
                self._waiting.append(waiting)

    def finish(self, relations: Relations) -> None:
        """Judges the subjects that waited; `relations` gives the attributes that they waited for."""
        self._found, self._known, self._values_sets, self._versions = None, frozenset(), (), NO_VERSIONS
        for subject, rules, places, reference, suppressions, digest in self._waiting:
            self._digest = digest
            subject.values |= relations(subject)
            for rule in rules:
                judgement = judge(rule, subject)
                if judgement is not None:
                    self._note(rule, judgement, subject, places[judgement.attribute], reference, suppressions)
        self._waiting.clear()

    def findings(self) -> list[Finding]:
        """All findings by place and rule, with their identities."""
        counts: dict[tuple[str, ...], int] = {}
        found: list[Finding] = []
        for finding in sorted(_one_of_each_set(self._findings), key=order):
            identity = finding.identity
            occurrence = counts[identity] = counts.get(identity, -1) + 1
            found.append(finding._replace(identity=(*identity, occurrence)))
        return found

    def _judge(
        self,
        rule: Rule,
        subject: Subject,
        reference: ResourceRef,
        suppressions: Sequence[Suppression],
    ) -> None:
        judgement = judge(rule, subject)
        if judgement is None:
            return
        if judgement.outcome == "pass" and not self.show_passed:
            self.passes += 1
            return
        place = self._place(subject, judgement.attribute)
        self._note(rule, judgement, subject, place, reference, suppressions)

    def _read_by(self, rules: tuple[Rule, ...]) -> frozenset[str]:
        """The attributes that some of `rules`, a tuple that a plan keeps, read."""
        reads = self._reads.get(id(rules))
        if reads is None:
            # Relations tell workloads of one name apart by the labels of their pods.
            places = {rule.at.partition(".")[0] for rule in rules}
            reads = self._reads[id(rules)] = frozenset({"pod_labels"}).union(places, *(rule.reads for rule in rules))
        return reads

    def _place(self, subject: Subject, attribute: str) -> Place:
        """Where an attribute stands; many rules point to the same routes of one resource."""
        route = subject.route_of(attribute)
        place = self._places.get(route)
        if place is None:
            place = self._places[route] = subject.resource.origin.locate(route)
        return place

    def _note(
        self,
        rule: Rule,
        judgement: Judgement,
        subject: Subject,
        place: Place,
        reference: ResourceRef,
        suppressions: Sequence[Suppression],
    ) -> None:
        passed = judgement.outcome == "pass"
        self.passes += passed
        if passed and not self.show_passed:
            return
        space = reference.namespace or (reference.account and f"{reference.account}/{reference.region}")
        name, key = self._versions.without(reference.name), self._versions.without(subject.key)
        finding = Finding(
            rule=rule.info,
            outcome=judgement.outcome,
            severity=rule.info.severity,
            message=judgement.message,
            target=subject.resource.target,
            resource=reference,
            key=subject.key,
            location=place.location,
            related=place.related,
            unknown_kind=judgement.unknown_kind,
            fix=judgement.fix,
            values_sets=self._values_sets,
            identity=(rule.info.id, reference.type, space, name, key),
            trace=self._trace(subject, judgement.attribute) if self.traced else None,
        )
        if self._known and _identity(finding) in self._known:
            return
        if self._found is not None:
            self._found.add(_identity(finding))
        # One rule says one thing of a resource at one place, however many ways led there.
        said = (rule.info.id, place.location, reference.type, judgement.outcome)
        if not self._values_sets:
            # What no file declares has one place for all its items.
            same: tuple[Any, ...] = (
                said,
                subject.key if reference.account else "",
                reference.namespace,
                reference.name,
            )
            if same not in self._findings:
                self._findings[same] = self.suppressions.apply(finding, suppressions)
            return
        finding = self.suppressions.apply(finding, suppressions)
        # What is accepted of one set of values may be open in another.
        same = (said, finding.status, *self._without_release(reference))
        known = self._findings.get(same)
        self._findings[same] = finding if known is None else _with_sets(known, finding.values_sets)

    def _trace(self, subject: Subject, attribute: str) -> Trace:
        content = content_of(subject, attribute)
        return Trace(content, self._versions.without(content), self._digest)

    def _without_release(self, reference: ResourceRef) -> tuple[str, str]:
        """The namespace and name of a resource, as they are whatever its chart is installed as."""
        release, namespace = self._release
        name = reference.name.replace(release, "\0") if release else reference.name
        return "" if reference.namespace == namespace else reference.namespace, name


def _with_sets(finding: Finding, sets: Iterable[str]) -> Finding:
    return finding._replace(values_sets=tuple(dict.fromkeys((*finding.values_sets, *sets))))


def _one_of_each_set(findings: Mapping[tuple[Any, ...], Finding]) -> Iterator[Finding]:
    """The findings. Those that say the same of one resource in each set of values are one, however the sets call it."""
    alike: dict[tuple[Any, ...], list[Finding]] = {}
    for (said, status, *_), finding in findings.items():
        if finding.values_sets:
            alike.setdefault((said, status), []).append(finding)
        else:
            yield finding
    for group in alike.values():
        sets = [name for finding in group for name in finding.values_sets]
        if len(set(sets)) == len(sets):
            yield _with_sets(group[0], sets)
        else:
            yield from group


def _wait(
    subject: Subject,
    rules: tuple[Rule, ...],
    reads: frozenset[str],
    places: dict[str, Place],
    reference: ResourceRef,
    suppressions: Sequence[Suppression],
    digest: str,
) -> _Waiting:
    """A small copy of `subject`: what its rules read, and the places that they point to."""
    values = {name: value for name, value in subject.values.items() if name in reads}
    resource = replace(subject.resource, attributes={}, origin=_Kept(subject.resource.origin.locate(())))
    small = Subject(subject.view, resource, subject.key, values, lambda _: ())
    return _Waiting(small, rules, places, reference, suppressions, digest)


class _Kept:
    """The origin of what waits: where the object stands, so that its document can go. Rules' places are kept apart."""

    __slots__ = ("place",)

    def __init__(self, place: Place) -> None:
        self.place = place

    def locate(self, route: Route) -> Place:  # noqa: ARG002 - the protocol's
        """The place of the whole object, which tells it from another of the same name."""
        return self.place


def _identity(finding: Finding) -> Identity:
    resource = finding.resource
    return (finding.rule.id, finding.outcome, resource.type, resource.name, finding.key, finding.message)


def order(finding: Finding) -> tuple[Any, ...]:
    """The key that findings are sorted by in a report: place, rule, resource."""
    place, resource = finding.location, finding.resource
    return (place, finding.rule.id, resource.type, resource.namespace, resource.name, finding.key, finding.outcome)


def secret_texts(subject: Subject) -> Iterator[str]:
    """The strings in a variable or text setting that are secrets; none in subjects of other views."""
    if subject.view not in SECRET_VIEWS:
        return
    name, value = subject.values.get("name"), subject.values.get("value")
    if isinstance(value, PartialText):
        text = "".join(part if isinstance(part, str) else _GAP for part in value.parts)
        if isinstance(name, str) and is_credential_name(name):
            yield from (part for part in value.parts if isinstance(part, str) and len(part) >= _PIECE)
    elif isinstance(value, str):
        text = value
    else:
        return
    for secret in secret_spans(name if isinstance(name, str) else "", text):
        yield from filter(None, text[secret.start : secret.end].split(_GAP))


def stored_secrets(resource: Resource) -> Iterator[str]:
    """What a Secret of Kubernetes holds, as it is written and as it is meant; none in other resources.

    Short values and plain words are left to the judgement of each: masked everywhere, they would make a report that
    nobody can read.
    """
    if resource.type != "v1/Secret":
        return
    for key in ("data", "stringData"):
        held = resource.attributes.get(key)
        for value in held.values() if isinstance(held, dict) else ():
            if isinstance(value, str) and len(value) >= _STORED and not value.isalpha():
                yield value
            if key == "data" and isinstance(value, str):
                meant = _decoded(value)
                if len(meant) >= _STORED and not meant.isalpha():
                    yield value
                    yield meant


def _decoded(text: str) -> str:
    import base64
    import binascii

    try:
        return base64.b64decode(text).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
