"""Manifests and hooks: what rendered files hold, in the order that Helm installs and prints it."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable
from typing import NamedTuple

from scanner.core.location import Location
from scanner.helm.errors import HelmError
from scanner.helm.heads import Head, read_head
from scanner.helm.splitting import split_documents
from scanner.helm.yaml_errors import YamlError
from scanner.template.functions.strings import SPACE, trim
from scanner.template.text import concat

HOOK = "helm.sh/hook"
TEST = "test"

_EVENTS = {
    "pre-install",
    "post-install",
    "pre-delete",
    "post-delete",
    "pre-upgrade",
    "post-upgrade",
    "pre-rollback",
    "post-rollback",
    TEST,
}
_OLD_EVENTS = {"test-success": TEST}

INSTALL_ORDER = (
    "PriorityClass Namespace NetworkPolicy ResourceQuota LimitRange PodSecurityPolicy PodDisruptionBudget "
    "ServiceAccount Secret SecretList ConfigMap StorageClass PersistentVolume PersistentVolumeClaim "
    "CustomResourceDefinition ClusterRole ClusterRoleList ClusterRoleBinding ClusterRoleBindingList Role RoleList "
    "RoleBinding RoleBindingList Service DaemonSet Pod ReplicationController ReplicaSet Deployment "
    "HorizontalPodAutoscaler StatefulSet Job CronJob IngressClass Ingress APIService"
).split()
_RANKS = {kind: rank for rank, kind in enumerate(INSTALL_ORDER)}


class Manifest(NamedTuple):
    """One document: the template that it comes from (`chart/templates/x.yaml`), its text with its pieces, its head,
    and the events that it is a hook of; none for a plain manifest."""

    source: str
    text: str
    head: Head
    events: tuple[str, ...] = ()


def sort_manifests(
    files: Iterable[tuple[str, str]], warn: Callable[[str], None]
) -> tuple[list[Manifest], list[Manifest]]:
    """The manifests and the hooks of rendered files (name → text), each in the order of their kinds.

    Raises HelmError for a document that is no YAML. Hooks with an event that Helm does not know are dropped.
    """
    manifests: list[Manifest] = []
    hooks: list[Manifest] = []
    for name, text in sorted(files):
        if posixpath.basename(name).startswith("_") or not text.strip(SPACE):
            continue
        for document in split_documents(text):
            head = _head(name, document)
            wanted = head.annotations.get(HOOK)
            if wanted is None:
                manifests.append(Manifest(name, document, head))
                continue
            events = _events(wanted)
            if events is None:
                from scanner.template.printing import quote

                warn(f"info: skipping unknown hook: {quote(wanted)}")
            else:
                hooks.append(Manifest(name, document, head, events))
    return sorted(manifests, key=_rank), sorted(hooks, key=_rank)


def _head(name: str, document: str) -> Head:
    try:
        return read_head(document)
    except YamlError as error:
        raise HelmError(f"YAML parse error on {name}: {error.message}", _place(document, error)) from None


def _place(document: str, error: YamlError) -> Location | None:
    """Where in a template or a file of values the character stands that the error names."""
    from scanner.helm.places import place_at

    lines = document.split("\n")
    if not 0 < error.line <= len(lines):
        return place_at(document, 0)
    before = sum(len(line) + 1 for line in lines[: error.line - 1])
    return place_at(document, before + max(error.column - 1, 0))


def _events(wanted: str) -> tuple[str, ...] | None:
    """The events of a hook; None where one is unknown."""
    events = [event.strip(SPACE).lower() for event in wanted.split(",")]
    events = [_OLD_EVENTS.get(event, event) for event in events]
    return tuple(events) if _EVENTS.issuperset(events) else None


def _rank(manifest: Manifest) -> tuple[int, str]:
    """Kinds that Helm knows in its order, then the others by name; what is equal stays as it was."""
    kind = manifest.head.kind
    rank = _RANKS.get(kind)
    return (len(_RANKS), kind) if rank is None else (rank, "")


def printed(source: str, text: str) -> list[str]:
    """One document as `helm template` prints it, in parts."""
    return [f"---\n# Source: {source}\n", text, "\n"]


def assembled(manifests: Iterable[tuple[str, str]], hooks: Iterable[tuple[str, str]]) -> str:
    """The whole output: manifests (source, text), trimmed as one text, then hooks."""
    first = concat([part for source, text in manifests for part in printed(source, text)])
    return concat([trim(first), "\n", *(part for source, text in hooks for part in printed(source, text))])


def only_shown(output: str, patterns: Iterable[str]) -> str:
    """The documents of `output` whose template matches one of the patterns (`templates/x.yaml`, `*` within a folder),
    pattern by pattern. Raises HelmError for a pattern that matches none.
    """
    import re

    from scanner.helm.go_match import expression

    documents = [(name, document) for document in split_documents(output) if (name := _template_name(document))]
    shown: list[str] = []
    for pattern in patterns:
        match = expression(pattern)
        found = [text for name, text in documents if match is not None and re.fullmatch(match, name, re.DOTALL)]
        if not found:
            raise HelmError(f"could not find template {pattern} in chart")
        for document in found:
            shown += ("---\n", document, "\n")
    return concat(shown)


def _template_name(document: str) -> str:
    """What stands behind the chart's name in the document's first `# Source:`."""
    at = 0
    while (at := document.find("# Source: ", at)) >= 0:
        at += len("# Source: ")
        slash = document.find("/", at)
        name = document[slash + 1 :].partition("\n")[0]
        if slash > at and name:
            return name
    return ""
