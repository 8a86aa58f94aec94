"""What a scan found: findings, what was scanned, what was not, and the counts of a run."""

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from scanner.core.location import Location, Related

Outcome = Literal["pass", "fail", "error", "unknown"]
Status = Literal["open", "suppressed", "baselined"]
State = Literal["", "new", "updated", "unchanged"]
Severity = Literal["critical", "high", "medium", "low", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")


class RuleInfo(NamedTuple):
    """What reports say of a rule: everything but its expressions. `severity` and `remediation` are as configured."""

    id: str
    title: str
    family: str
    severity: Severity
    rationale: str
    remediation: dict[str, str]
    controls: tuple[dict[str, str], ...] = ()
    examples: dict[str, Any] = {}  # noqa: RUF012 - nobody changes it
    aliases: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()

    @property
    def is_foreign(self) -> bool:
        """Whether it is a rule of another scanner, whose id is `<tool>/<its id>`: its words may come from anywhere."""
        return "/" in self.id


class ResourceRef(NamedTuple):
    """The identity of a resource in results."""

    type: str
    name: str
    namespace: str = ""
    id: str = ""
    account: str = ""
    region: str = ""
    tags: dict[str, str] = {}  # noqa: RUF012 - nobody changes it


class Waiver(NamedTuple):
    """Who accepted a finding, why, and until when (ISO date, '' for ever). `kind` says where it was written."""

    reason: str
    owner: str = ""
    expires: str = ""
    kind: Literal["inline", "annotation", "configuration"] = "configuration"


class Trace(NamedTuple):
    """What tells whether a finding of another run is this one, unmasked: a baseline and a base are compared by it.

    `content` is the single value that the rule points to, '' where it points to none; `stable` is the same without the
    versions of its chart. `resource` is a digest of the whole resource, without those versions too.
    """

    content: str = ""
    stable: str = ""
    resource: str = ""


class Finding(NamedTuple):
    """One rule judged on one subject. `key` is the subject's item key, `unknown_kind` is set for `unknown`.

    `identity` are the arguments of `scanner.core.fingerprint.fingerprint`, unmasked; () until the scan is finished.
    `trace` is set in runs that compare with a baseline or a base, and `state` by the comparison, in SARIF's words.
    `in_change`: its location is on a line of the change that the run is about. `last_line` is that of the block which
    begins at the location, 0 where the location is all.
    """

    rule: RuleInfo
    outcome: Outcome
    severity: Severity
    message: str
    target: str
    resource: ResourceRef
    key: str
    location: Location
    related: tuple[Related, ...] = ()
    status: Status = "open"
    waiver: Waiver | None = None
    values_sets: tuple[str, ...] = ()
    identity: tuple[Any, ...] = ()
    unknown_kind: str = ""
    fix: dict[str, Any] | None = None
    trace: Trace | None = None
    state: State = ""
    in_change: bool = False
    last_line: int = 0

    @property
    def fingerprint(self) -> str:
        """What stays the same while lines move; '' where there is no identity."""
        from scanner.core.fingerprint import fingerprint

        return fingerprint(*self.identity) if self.identity else ""


class Scanned(NamedTuple):
    """An input that was read. `kind` is compose, kubernetes, helm, aws or the name of another scanner; `resources`
    counts what it held.

    `places` are the accounts and regions of a snapshot that were asked, as account/region.
    """

    path: str
    kind: str
    resources: int
    places: tuple[str, ...] = ()


class NotScanned(NamedTuple):
    """An input that was not read or not resolved, and the next step."""

    path: str
    reason: str
    hint: str = ""
    line: int = 0
    column: int = 0
    source: str = ""
    values: str = ""


class Notice(NamedTuple):
    """Something a person should know that is no finding: an expired or unused waiver, a key unknown to Compose."""

    message: str
    location: Location | None = None
    hint: str = ""


@dataclass(slots=True)
class Report:
    """The result of one scan; every format is a projection of it. `findings` are sorted by path, line and rule."""

    findings: list[Finding]
    scanned: list[Scanned]
    not_scanned: list[NotScanned]
    notices: list[Notice]
    rules: list[RuleInfo]
    passes: int = 0
    secrets: frozenset[str] = frozenset()
    """Strings judged secret: reports mask them wherever they occur."""
    root: str = "."
    """The folder that paths are relative to, for snippets."""
    time: str = ""
    """When the facts were had (RFC 3339): when the accounts were collected, the latest of several, else when it ran."""
