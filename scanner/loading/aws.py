"""Loads snapshots of AWS accounts: two passes over the stream, one for what relations need, one to judge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scanner.aws.snapshot import Section, Snapshot, SnapshotError, open_snapshot
from scanner.core.relations import OF_PLACES, RELATIONS
from scanner.core.resource import Resource, Subject
from scanner.core.result import NotScanned, Scanned
from scanner.core.unknown import Unknown
from scanner.core.views import Attribute
from scanner.discovery import display_path
from scanner.loading.batch import Batch, Loader
from scanner.loading.declarations import Declarations
from scanner.normalize.aws.ecs import TASK, is_superseded
from scanner.normalize.aws.inventory import Inventory
from scanner.normalize.aws.relations import needed, related
from scanner.normalize.aws.subjects import TYPES_OF_VIEWS, needed_for, subjects, unknown_subjects
from scanner.policy.rule import Rule
from scanner.sources.aws.resources import TARGET, all_of_a_place, resource_of, stand_in, unknown_section

Each = Iterator[tuple[Resource, Iterable[Subject]]]

LIVE = "AWS"
"""What the accounts are called that a run has collected itself, in the place of a path."""


@dataclass(slots=True)
class Needs:
    """What the rules of a run read of AWS: the types that they judge one by one and as a whole, and relations."""

    single: set[str] = field(default_factory=set)
    whole: dict[str, set[str]] = field(default_factory=dict)
    relations: dict[str, set[str]] = field(default_factory=dict)
    views: set[str] = field(default_factory=set)

    @property
    def others(self) -> dict[str, frozenset[str]]:
        """The types that are asked about other resources, with the properties that are read of each."""
        wanted = dict(needed((kind, name) for kind, names in self.relations.items() for name in names))
        for kind, names in needed_for(self.views, self.single).items():
            wanted[kind] = wanted.get(kind, frozenset()) | names
        return wanted

    @property
    def types(self) -> set[str]:
        """Every type that some rule needs to be collected."""
        of_views = {kind for view in self.views for kind in TYPES_OF_VIEWS.get(view, ())}
        return self.single | set(self.whole) | set(self.others) | of_views


def needs_of(rules: Sequence[Rule]) -> Needs:
    """What `rules` need."""
    needs = Needs()
    for rule in rules:
        if TARGET not in rule.targets:
            continue
        if rule.view:
            needs.views.add(rule.view)
        for kind in rule.types:
            if rule.each:
                needs.whole.setdefault(kind, set()).add(rule.each)
            else:
                needs.single.add(kind)
            needs.relations.setdefault(kind, set()).update(rule.relations)
    return needs


def snapshots(loader: Loader) -> Iterator[Batch]:
    """Every snapshot of the scan; what is not known of one goes to `found.not_scanned`."""
    found = loader.found
    declarations = Declarations(found)
    for path in sorted(found.snapshots):
        display = LIVE if path == found.live else display_path(path, found.root)
        try:
            snapshot = open_snapshot(path, display)
        except SnapshotError as error:
            found.not_scanned.append(NotScanned(display, error.message, error.hint))
            continue
        loader.collected = max(loader.collected, snapshot.header.collected)
        yield from _Loading(loader, snapshot, declarations).batches()


class _Loading:
    """One snapshot on its way to the rules."""

    def __init__(self, loader: Loader, snapshot: Snapshot, declarations: Declarations) -> None:
        self.found = loader.found
        self.snapshot = snapshot
        self.everything = loader.rules is None
        self.needs = needs_of(loader.rules or ())
        if self.everything:
            self.needs.relations = {kind: set(table) for kind, table in RELATIONS.items()}
        self.types = self.needs.types
        self.declarations = declarations
        self.inventory = Inventory(self.needs.others)
        self.count = 0
        self.places: set[str] = set()
        self.gaps: dict[tuple[str, str, str], list[str]] = {}
        """Why something is not known, by type, account and reason: the regions."""

    def batches(self) -> Iterator[Batch]:
        """The resources, and then how many there were."""
        display = self.snapshot.display
        try:
            self.take_stock()
        except SnapshotError as error:
            self.found.not_scanned.append(NotScanned(display, error.message, error.hint))
        yield Batch(TARGET, [], (), self.judged, complete=True)
        self.found.not_scanned.extend(self.not_scanned())
        yield Batch(TARGET, [Scanned(display, TARGET, self.count, tuple(sorted(self.places)))], (), lambda _: iter(()))

    def take_stock(self) -> None:
        """The first pass: what was asked for, what relations need, and how many resources there are."""
        wanted = self.inventory.wanted
        collected = self.snapshot.header.collected
        for section, records in self.snapshot.sections():
            unknown = unknown_section(section)
            self.inventory.cover(section.type, section.account, section.region, unknown)
            if unknown is not None and section.type in self.types:
                key = section.type, section.account, unknown.reason
                self.gaps.setdefault(key, []).append(section.region)
            self.count += section.count
            self.places.add(f"{section.account}/{section.region}")
            if section.type in wanted:
                for record in records:
                    self.inventory.add(resource_of(record, collected))

    def judged(self, views: frozenset[str]) -> Each:
        """The second pass: each resource with its subjects, and what stands for several."""
        try:
            yield from self._judged(views)
        except SnapshotError:
            return  # the first pass has said so

    def _judged(self, views: frozenset[str]) -> Each:
        of_views = {kind for view in self.needs.views for kind in TYPES_OF_VIEWS.get(view, ())}
        account = _OfAccount(self.snapshot.header.collected, self._relate_place)
        for section, records in self.snapshot.sections():
            kind = section.type
            whole = self.needs.whole.get(kind)
            if not account.continues(section):
                yield from account.finished()
            one_by_one = self.everything or kind in self.needs.single or kind in of_views
            if not (one_by_one or whole):
                continue
            unknown = unknown_section(section)
            items: list[dict[str, Any]] = []
            for record in records:
                resource = resource_of(record, self.snapshot.header.collected)
                if kind == TASK and is_superseded(resource, self.inventory):
                    continue
                self._relate(resource)
                self.declarations.attach(resource)
                if whole:
                    items.append(resource.attributes)
                if one_by_one:
                    yield resource, subjects(resource, views)
            if unknown is not None:
                nothing = stand_in(kind, section.account, section.region, unknown)
                yield nothing, unknown_subjects(nothing, views, unknown)
            if whole:
                yield from self._whole(section, items if unknown is None else unknown, whole)
                account.add(section, items if unknown is None else unknown, whole)
        yield from account.finished()

    def _relate(self, resource: Resource) -> None:
        self._add_related(resource, RELATIONS)

    def _relate_place(self, resource: Resource) -> None:
        self._add_related(resource, OF_PLACES)

    def _add_related(self, resource: Resource, declared: Mapping[str, Mapping[str, Attribute]]) -> None:
        table = declared.get(resource.type, {})
        names = [name for name in self.needs.relations.get(resource.type, ()) if name in table]
        if names:
            resource.attributes["related"] = related(resource, names, self.inventory)

    def _whole(self, section: Section, items: list[dict[str, Any]] | Unknown, whole: set[str]) -> Each:
        if "region" in whole:
            place = section.type, section.account, section.region
            region = all_of_a_place(*place, "region", items, self.snapshot.header.collected)
            self._relate_place(region)
            yield region, ()

    def not_scanned(self) -> Iterator[NotScanned]:
        """What was asked for and could not be had, and what the rules need and nobody asked for."""
        for (kind, account, reason), regions in self.gaps.items():
            places = ", ".join(sorted(regions))
            hint = "give the right that is missing and collect again: groundrule aws policy prints the policy"
            if "denied" not in reason:
                hint = "collect again, or go on from this snapshot with groundrule aws collect --resume"
            yield NotScanned(self.snapshot.display, f"{kind} in {account} ({places}): {reason}", hint)
        for each in self.snapshot.header.accounts:
            if each.get("state") == "failed":
                reason = f"the account {each.get('id', '')} could not be collected: {each.get('reason', '')}"
                yield NotScanned(self.snapshot.display, reason, "correct it, and collect again")
        missing = sorted(self.types - set(self.snapshot.header.types))
        if missing:
            number = "1 type that was" if len(missing) == 1 else f"{len(missing)} types that were"
            reason = f"the rules need {number} not collected: {', '.join(missing)}"
            yield NotScanned(self.snapshot.display, reason, "collect again with this version and these rules")


class _OfAccount:
    """All resources of one type in one account, while its regions stream by."""

    def __init__(self, collected: str, relate: Callable[[Resource], None]) -> None:
        self.collected = collected
        self.relate = relate
        self.key: tuple[str, str] | None = None
        self.items: list[dict[str, Any]] | Unknown = []
        self.wanted: set[str] = set()

    def continues(self, section: Section) -> bool:
        """Whether a section belongs to the type and the account that are being gathered."""
        return self.key == (section.type, section.account)

    def add(self, section: Section, items: list[dict[str, Any]] | Unknown, whole: set[str]) -> None:
        """Adds what one section holds; what is not known in one region is not known of the account."""
        self.wanted = whole
        self.key = section.type, section.account
        if isinstance(items, Unknown) or isinstance(self.items, Unknown):
            self.items = self.items if isinstance(self.items, Unknown) else items
        else:
            self.items = [*self.items, *items]

    def finished(self) -> Each:
        """What stands for the account, once its last section has come by."""
        if self.key is not None and "account" in self.wanted:
            account = all_of_a_place(*self.key, "global", "account", self.items, self.collected)
            self.relate(account)
            yield account, ()
        self.key, self.items, self.wanted = None, [], set()
