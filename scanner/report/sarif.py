"""The sarif format, version 2.1.0, shaped for GitHub code scanning: the projection of alerts to sarif-om's classes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import sarif_om as om

from scanner import __version__
from scanner.core.fingerprint import VERSION
from scanner.core.location import Location, Span
from scanner.core.result import Finding, Report, RuleInfo, Severity
from scanner.report.alerts import Alert, alerts, path_uri, tight_region
from scanner.report.json_text import json_text
from scanner.report.options import RenderOptions
from scanner.report.printable import one_line
from scanner.report.rule_help import help_markdown, help_text, pascal_case, tags
from scanner.report.view import View, every_rule, prepare, resource_label, unsaid, where

MOST_RESULTS = 25_000
"""GitHub refuses a file with more."""
MOST_RULES = 25_000
"""The same of rules, of which other scanners may bring any number."""
MOST_BYTES = 10_000_000
"""The same of the size of a file, packed with gzip."""
MOST_SHOWN = 5_000
"""GitHub shows no more than the worst of them."""
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT_KEY = f"groundrule/v{VERSION}"
_LONGEST_DESCRIPTION = 1024
_MOST_NAMED = 20

LEVELS: dict[Severity, str] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
    "info": "note",
}
SECURITY_SEVERITIES: dict[Severity, str] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.5"}
_NOTIFICATIONS = {
    "not-scanned": "An input that was not scanned.",
    "rule-error": "A rule that could not be evaluated.",
    "unknown-fact": "A rule without a verdict, since a fact is not known.",
    "scan-notice": "Something to know that is no finding.",
    "result-limit": "Results that were left out.",
}
_ITEM_LISTS = frozenset({"results", "rules", "notifications", "toolExecutionNotifications"})


def render(report: Report, options: RenderOptions) -> str:
    """One run with every rule, an alert for each open failure, and notifications for all that was not judged."""
    view = prepare(report, options)
    found = alerts(view)
    room = min(len(found), MOST_RESULTS)
    while True:
        text = _log(view, found, room, options)
        size = _packed_size(text)
        if size <= MOST_BYTES or not room:
            return text
        # A little less than what would fit if all results were of one length.
        room = room * MOST_BYTES * 9 // (size * 10)


def _packed_size(text: str) -> int:
    """The size of a file as it is sent, in bytes; 0 for one so small that it does not matter."""
    if len(text) < MOST_BYTES:
        return 0
    from zlib import compress

    return len(compress(text.encode("utf-8", "replace")))


def _log(view: View, found: list[Alert], room: int, options: RenderOptions) -> str:
    """The file with the worst `room` of the alerts."""
    shown = found[:room]
    rules = _rules(view.report, shown)
    indexes = {rule.id: index for index, rule in enumerate(rules)}
    run = om.Run(
        tool=om.Tool(
            driver=om.ToolComponent(
                name="groundrule",
                version=__version__,
                semantic_version=__version__,
                rules=[_rule(rule) for rule in rules],
                notifications=[_notification_kind(name, text) for name, text in _NOTIFICATIONS.items()],
            )
        ),
        invocations=[
            om.Invocation(
                execution_successful=not view.report.not_scanned,
                tool_execution_notifications=list(_notifications(view, indexes, len(shown), len(found) - len(shown))),
            )
        ],
        automation_details=_automation(options.sarif_category),
        column_kind="unicodeCodePoints",
        results=[_result(alert, indexes) for alert in shown],
    )
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [serialise(run)]}
    return json_text(log, _ITEM_LISTS) + "\n"


def _automation(category: str) -> Any:
    """The category, with the `/` that separates it from an (empty) run id: without one GitHub reads no category."""
    return om.RunAutomationDetails(id=f"{category.rstrip('/')}/") if category else None


def _rules(report: Report, shown: list[Alert]) -> list[RuleInfo]:
    """Every rule of the run by id, whether it failed or not: rules must not differ between runs. Where that is too
    many, those of the results."""
    rules = every_rule(report)
    if len(rules) <= MOST_RULES:
        return rules
    failed = {alert.first.rule.id: alert.first.rule for alert in shown}
    return [failed[rule_id] for rule_id in sorted(failed)]


def _rule(rule: RuleInfo) -> Any:
    properties: dict[str, Any] = {"tags": tags(rule), "precision": "high"}
    if rule.severity in SECURITY_SEVERITIES:
        properties["security-severity"] = SECURITY_SEVERITIES[rule.severity]
    else:
        properties["problem.severity"] = "recommendation"
    return om.ReportingDescriptor(
        id=rule.id,
        name=pascal_case(rule.id) if "-" in rule.id else None,  # it must differ from the id
        deprecated_ids=list(rule.aliases) or None,
        short_description=om.MultiformatMessageString(text=_short(rule.title)),
        full_description=om.MultiformatMessageString(text=_short(rule.rationale.strip() or rule.title)),
        help=om.MultiformatMessageString(text=help_text(rule), markdown=help_markdown(rule)),
        default_configuration=om.ReportingConfiguration(level=LEVELS[rule.severity]),
        properties=properties,
    )


def _notification_kind(name: str, text: str) -> Any:
    """GitHub asks of these what it asks of rules."""
    description = om.MultiformatMessageString(text=text)
    return om.ReportingDescriptor(
        id=name, name=pascal_case(name), short_description=description, full_description=description, help=description
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_DESCRIPTION else text[: _LONGEST_DESCRIPTION - 1] + "…"


def _result(alert: Alert, indexes: dict[str, int]) -> Any:
    finding = alert.first
    related = [
        om.Location(
            id=number,
            message=om.Message(text=role),
            physical_location=_place(path_uri(place.path), tight_region(place, None).region),
        )
        for number, (place, role) in enumerate(alert.related, 1)
    ]
    return om.Result(
        rule_id=finding.rule.id,
        rule_index=indexes[finding.rule.id],
        kind="fail",
        level=LEVELS[alert.severity],
        message=om.Message(text=_message(alert)),
        locations=[
            om.Location(
                physical_location=_place(alert.uri, alert.region, alert.context, alert.snippet),
                logical_locations=_logical_locations(alert),
            )
        ],
        partial_fingerprints={
            "primaryLocationLineHash": alert.line_hash,
            **({FINGERPRINT_KEY: finding.fingerprint} if finding.fingerprint else {}),
        },
        related_locations=related or None,
        baseline_state=_state(alert),
        suppressions=[_suppression(item) for item in alert.findings] if finding.status != "open" else None,
        properties=_properties(alert) or None,
    )


def _state(alert: Alert) -> str | None:
    """What became of the findings of an alert since the baseline: the most that became of one."""
    states = {finding.state for finding in alert.findings}
    return next((state for state in ("new", "updated", "unchanged") if state in states), None)


def _properties(alert: Alert) -> dict[str, Any]:
    """The fingerprints of findings that are one alert, and what is known of a resource that is in no file."""
    found: dict[str, Any] = {}
    if len(alert.findings) > 1:
        found["fingerprints"] = [item.fingerprint for item in alert.findings]
    resource = alert.first.resource
    if resource.account:
        found["resource"] = {
            "type": resource.type,
            "id": resource.id,
            "account": resource.account,
            "region": resource.region,
            "tags": dict(resource.tags),
        }
    return found


def _message(alert: Alert) -> str:
    """One sentence that names every resource, then links to the related places, which GitHub shows only if linked."""
    named: dict[str, list[str]] = {}
    for finding in alert.findings[:_MOST_NAMED]:
        message = one_line(finding.message).rstrip(".")
        label = resource_label(finding.resource, finding.key) if len(alert.findings) > 1 else unsaid(finding)
        named.setdefault(message, []).extend([one_line(label)] if label else [])
    sentences = [
        f"{message} ({', '.join(dict.fromkeys(resources))})" if resources else message
        for message, resources in named.items()
    ]
    rest = len(alert.findings) - _MOST_NAMED
    text = _unlinked("; ".join(sentences) + (f"; and {rest} more" if rest > 0 else "")) + "."
    links = ", ".join(
        f"[{role}: {_unlinked(_bracketless(one_line(str(place))))}]({number})"
        for number, (place, role) in enumerate(alert.related, 1)
    )
    return f"{text} See {links}." if links else text


def _unlinked(text: str) -> str:
    """`text` in which nothing reads as a link: what was scanned must not choose where a click leads."""
    return text.replace("](", "] (")


def _bracketless(text: str) -> str:
    return text.replace("[", "(").replace("]", ")")


def _logical_locations(alert: Alert) -> list[Any]:
    """The resources that the alert is about, each once."""
    names: dict[str, str] = {}
    for finding in alert.findings[:_MOST_NAMED]:
        resource = finding.resource
        key = finding.key if finding.key != resource.name else ""
        parts = (resource.id,) if resource.id else (resource.type, resource.namespace, resource.name)
        names.setdefault("/".join(part for part in (*parts, key) if part), key or resource.name)
    return [om.LogicalLocation(name=name, fully_qualified_name=full, kind="resource") for full, name in names.items()]


def _suppression(finding: Finding) -> Any:
    waiver = finding.waiver
    if waiver is None:
        return om.Suppression(kind="external", state="accepted", justification=f"{finding.status}")
    return om.Suppression(
        kind="external" if waiver.kind == "configuration" else "inSource",
        state="accepted",
        justification=waiver.reason,
        properties={"owner": waiver.owner, "expires": waiver.expires},
    )


def _place(uri: str, region: Span | None, context: Span | None = None, snippet: str = "") -> Any:
    return om.PhysicalLocation(
        artifact_location=om.ArtifactLocation(uri=uri),
        region=_region(region) if region else None,
        context_region=_region(context, snippet) if context else None,
    )


def _region(span: Span, snippet: str = "") -> Any:
    return om.Region(
        start_line=span.line,
        start_column=span.column,
        end_line=span.end_line,
        end_column=span.end_column,
        snippet=om.ArtifactContent(text=snippet) if snippet else None,
    )


def _notifications(view: View, indexes: dict[str, int], shown: int, cut: int) -> Iterator[Any]:
    """All that is no alert: what was not scanned, not evaluated, not known; then notices, and what was cut."""
    for entry in view.report.not_scanned:
        within = ", ".join(part for part in (entry.source, entry.values) if part)
        place = f"{entry.path} ({within})" if within else entry.path
        text = _sentences(f"Not scanned: {place}: {entry.reason}", entry.hint)
        yield _notification("not-scanned", "error", text, Location(entry.path, entry.line, entry.column))
    for outcome, name, level in (("error", "rule-error", "error"), ("unknown", "unknown-fact", "note")):
        for finding in view.outcome(outcome):
            label = unsaid(finding)
            message = f"{finding.rule.id}: {finding.message or outcome}"
            text = _sentences(f"{message} ({label})" if label else message)
            notification = _notification(name, level, text, where(finding))
            rule_id = finding.rule.id
            if rule_id in indexes:
                notification.associated_rule = om.ReportingDescriptorReference(id=rule_id, index=indexes[rule_id])
            yield notification
    for notice in view.report.notices:
        # A notice with a next step asks for something to be done.
        level = "warning" if notice.hint else "note"
        yield _notification("scan-notice", level, _sentences(notice.message, notice.hint), notice.location)
    rules = {finding.rule.id for finding in view.report.findings} | {rule.id for rule in view.report.rules}
    left = len(rules) - len(indexes)
    if left:
        text = f"{left:,} rules without a result here were left out: code scanning takes {MOST_RULES:,}."
        yield _notification("result-limit", "note", text, None)
    if cut:
        limit = f"{MOST_RESULTS:,}" if shown == MOST_RESULTS else f"a file of {MOST_BYTES // 1_000_000} MB, packed"
        text = f"{cut:,} results of the lowest severities were left out: code scanning takes {limit}."
        yield _notification("result-limit", "warning", text, None)
    elif shown > MOST_SHOWN:
        text = f"Code scanning shows the {MOST_SHOWN:,} worst of these {shown:,} results."
        yield _notification("result-limit", "note", text, None)


def _sentences(text: str, hint: str = "") -> str:
    return _unlinked(one_line(text).rstrip(".") + "." + (f" Next: {one_line(hint)}" if hint else ""))


def _notification(name: str, level: str, text: str, location: Location | None) -> Any:
    locations = None
    if location and location.path:
        region = tight_region(location, None).region if location.line else None
        locations = [om.Location(physical_location=_place(path_uri(location.path), region))]
    return om.Notification(
        message=om.Message(text=text),
        level=level,
        descriptor=om.ReportingDescriptorReference(id=name, index=list(_NOTIFICATIONS).index(name)),
        locations=locations,
    )


_ALWAYS = {"level", "kind"}
"""Written even where they equal SARIF's default: GitHub reads a missing level as the rule's."""
_NAMES = {("Suppression", "state"): "status"}
"""Where sarif-om still has the name of a draft."""


@cache
def _plan(kind: Any) -> tuple[tuple[str, str, Callable[[Any], bool]], ...]:
    """For each field of a sarif-om class: attribute, name in SARIF, and whether a value of it is left out."""
    import attr

    fields = []
    for field in attr.fields(kind):
        name = _NAMES.get((kind.__name__, field.name), field.metadata["schema_property_name"])
        default = field.default
        if isinstance(default, attr.Factory):  # type: ignore[arg-type]
            default = default.factory()
        keep = field.name in _ALWAYS or default is attr.NOTHING
        fields.append((field.name, name, _none if keep else _equals(default)))
    return tuple(fields)


def _none(value: Any) -> bool:
    return value is None


def _equals(default: Any) -> Callable[[Any], bool]:
    return lambda value: value is None or value == default


def serialise(value: Any) -> Any:
    """A tree of sarif-om objects as plain data, without fields that are None or hold SARIF's default."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list):
        return [serialise(item) for item in value]
    if isinstance(value, dict):
        return {key: serialise(item) for key, item in value.items()}
    plain = {}
    kind: Any = type(value)
    for attribute, name, left_out in _plan(kind):
        item = getattr(value, attribute)
        if not left_out(item):
            plain[name] = serialise(item)
    return plain
