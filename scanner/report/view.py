"""What every format starts from: the report with its secrets masked, its counts, its files, and what is to be shown."""

from dataclasses import replace
from typing import Any, NamedTuple

from scanner.core.location import Location, Related
from scanner.core.result import (
    SEVERITIES,
    Finding,
    Notice,
    NotScanned,
    Report,
    ResourceRef,
    RuleInfo,
    Severity,
    Waiver,
)
from scanner.report.files import SourceFile, SourceFiles
from scanner.report.masking import Masker
from scanner.report.options import RenderOptions
from scanner.report.summary import Summary, summarise

WITHOUT_VERDICT = {"error": "Rules that could not be evaluated", "unknown": "Unknown", "pass": "Passed"}
"""The outcomes beside `fail`, in the order in which people are told of them, and what they are headed by."""
_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}


class View(NamedTuple):
    """A report ready to be rendered; every string in `report` is masked already."""

    report: Report
    options: RenderOptions
    summary: Summary
    masker: Masker
    files: SourceFiles
    paths: dict[str, str]
    """Masked path → path on disk, '' where two paths became one."""

    def file(self, path: str) -> SourceFile | None:
        """The file behind the (masked) path of a location."""
        return self.files.get(self.paths.get(path, "") if self.paths else path)

    def failures(self) -> list[Finding]:
        """The failures to show, in the order of the report: open ones, and the others on request."""
        return [finding for finding in self.report.findings if finding.outcome == "fail" and self._listed(finding)]

    def worst_first(self) -> list[Finding]:
        """The failures to show, by severity, those on lines of a change first, then in the order of the report."""
        return sorted(self.failures(), key=lambda finding: (severity_rank(finding.severity), not finding.in_change))

    def outcome(self, outcome: str) -> list[Finding]:
        """The findings with another outcome than fail: `error`, `unknown`, or `pass`, which needs `show_passed`."""
        if outcome == "pass" and not self.options.show_passed:
            return []
        return [finding for finding in self.report.findings if finding.outcome == outcome and self._listed(finding)]

    def _listed(self, finding: Finding) -> bool:
        return finding.status == "open" or self.options.show_suppressed


def severity_rank(severity: Severity) -> int:
    """0 for critical, rising as severities fall."""
    return _RANK[severity]


def prepare(report: Report, options: RenderOptions) -> View:
    """Mask, count, and open the way to the files."""
    accounts = {finding.resource.account for finding in report.findings} if options.mask_accounts else None
    masker = Masker(report.secrets, _names(report), accounts=accounts, public=_key_ids(report))
    paths: dict[str, str] = {}
    summary = summarise(report)
    for finding in report.findings:
        masked = masker.mask_name(finding.location.path)
        paths[masked] = (
            finding.location.path if paths.get(masked, finding.location.path) == finding.location.path else ""
        )
    report = _masked(report, masker)
    return View(report, options, summary, masker, SourceFiles(report.root), paths)


def every_rule(report: Report) -> list[RuleInfo]:
    """The rules of the run, whether they failed or not, and those of findings that it did not ask itself, by id."""
    rules = {finding.rule.id: finding.rule for finding in report.findings}
    rules.update({rule.id: rule for rule in report.rules})
    return [rules[rule_id] for rule_id in sorted(rules)]


def remedy(rule: RuleInfo, target: str) -> str:
    """How to repair a violation of `rule` in `target`: the text for the target, else the one for all ('' key)."""
    return rule.remediation.get(target) or rule.remediation.get("") or rule.remediation.get("default", "")


def resource_label(resource: ResourceRef, key: str = "") -> str:
    """A short name for people: `service web`, `Deployment shop/api: container app`, `S3 Bucket logs in 1234/eu-west-1`
    (of the account and the region)."""
    kind = resource.type.rpartition("/")[2].removeprefix("AWS::").removeprefix("Account::").replace("::", " ")
    name = f"{resource.namespace}/{resource.name}" if resource.namespace else resource.name
    if resource.account:
        place = f"{resource.account}/{resource.region}"
        name = f"in {place}" if name == place else f"{name} in {place}"
    label = f"{kind} {name}".strip()
    return f"{label}: {key}" if key and key != resource.name else label


def unsaid(finding: Finding) -> str:
    """What has to be said beside the message: the resource, unless the message says it (`Deployment api has ...`)."""
    label = resource_label(finding.resource, finding.key)
    short = resource_label(finding.resource._replace(namespace="", account=""), finding.key)
    return "" if f"{short} " in f"{finding.message} " else label


def standing(finding: Finding) -> str:
    """What has to be said of a finding's status; '' for one that is open and new, or in a run that compares nothing."""
    if finding.status != "open":
        return finding.status
    return "there before, touched now" if finding.state == "updated" else ""


def where(finding: Finding) -> Location:
    """The location of a finding; what is in no file gets a path of its own, from its account to its id."""
    if finding.location.path:
        return finding.location
    resource = finding.resource
    parts = (finding.target, resource.account, resource.region, resource.type, resource.namespace)
    return Location("/".join(part for part in (*parts, resource.id or resource.name) if part))


def _key_ids(report: Report) -> set[str]:
    """The ids of the access keys that are resources themselves: nobody would know which one is meant without them."""
    resources = {id(finding.resource): finding.resource for finding in report.findings}.values()
    return {each.name.rpartition("/")[2] for each in resources if each.type == "AWS::IAM::AccessKey"}


def _names(report: Report) -> set[str]:
    """The paths and the names of resources in a report."""
    names = {entry.path for entry in report.scanned} | {entry.path for entry in report.not_scanned}
    for finding in report.findings:
        names.update((finding.location.path, finding.resource.name, finding.resource.namespace))
    return names


def _masked(report: Report, masker: Masker) -> Report:
    """A copy of `report` without secrets. Rules keep their words: they come from rule files, not from what was
    scanned."""
    mask, name = masker.mask, masker.mask_name
    # The findings of a resource share it.
    resources = {id(finding.resource): finding.resource for finding in report.findings}
    masked = {key: _masked_resource(resource, masker) for key, resource in resources.items()}
    return replace(
        report,
        findings=[_masked_finding(finding, masked[id(finding.resource)], masker) for finding in report.findings],
        scanned=[
            entry._replace(path=name(entry.path), places=tuple(map(name, entry.places))) for entry in report.scanned
        ],
        not_scanned=[
            NotScanned(
                name(entry.path),
                mask(entry.reason),
                mask(entry.hint),
                entry.line,
                entry.column,
                name(entry.source),
                name(entry.values),
            )
            for entry in report.not_scanned
        ],
        notices=[
            Notice(mask(entry.message), entry.location and _masked_location(entry.location, masker), mask(entry.hint))
            for entry in report.notices
        ],
    )


def _masked_location(location: Location, masker: Masker) -> Location:
    path = masker.mask_name(location.path)
    return location if path == location.path else location._replace(path=path)


def _masked_resource(resource: ResourceRef, masker: Masker) -> ResourceRef:
    name = masker.mask_name
    return ResourceRef(
        name(resource.type),
        name(resource.name),
        name(resource.namespace),
        name(resource.id),
        name(resource.account),
        name(resource.region),
        masker.mask_value(resource.tags),
    )


def _masked_finding(finding: Finding, resource: ResourceRef, masker: Masker) -> Finding:
    mask, name, waiver = masker.mask, masker.mask_name, finding.waiver
    masked: dict[str, Any] = {"resource": resource}
    if (message := mask(finding.message)) != finding.message:
        masked["message"] = message
    if (key := name(finding.key)) != finding.key:
        masked["key"] = key
    if (location := _masked_location(finding.location, masker)) is not finding.location:
        masked["location"] = location
    if finding.related:
        masked["related"] = tuple(Related(_masked_location(place, masker), role) for place, role in finding.related)
    if waiver:
        masked["waiver"] = Waiver(mask(waiver.reason), mask(waiver.owner), waiver.expires, waiver.kind)
    if finding.values_sets:
        masked["values_sets"] = tuple(map(name, finding.values_sets))
    if finding.fix:
        masked["fix"] = masker.mask_value(finding.fix)
    return finding._replace(**masked)
