"""Which rules of other scanners find what a rule here finds, so that one defect is told once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from scanner.core.location import Location
from scanner.core.result import Finding, Notice

_TRIVY = re.compile(r"(?:AVD-)?KSV-?0*(\d{1,4})")
_TABLE = """
apparmor-unconfined             trivy:KSV002 composelint:CL-0009
capabilities-not-dropped        checkov:CKV_K8S_37 checkov:CKV_K8S_28 trivy:KSV003 trivy:KSV106
capabilities-not-dropped        kubelinter:drop-net-raw-capability composelint:CL-0006
capability-beyond-default       checkov:CKV_K8S_25 trivy:KSV022 composelint:CL-0011
capability-equal-to-root        checkov:CKV_K8S_39 trivy:KSV005 composelint:CL-0024
cluster-admin-binding           trivy:KSV111 kubelinter:cluster-admin-role-binding
cpu-limit-missing               checkov:CKV_K8S_11 trivy:KSV011 kubelinter:unset-cpu-requirements
cpu-request-missing             checkov:CKV_K8S_10 trivy:KSV015 kubelinter:unset-cpu-requirements
docker-socket-mounted           checkov:CKV_K8S_27 trivy:KSV006 kubelinter:docker-sock composelint:CL-0001
health-check-missing            checkov:CKV_K8S_8 kubelinter:no-liveness-probe
host-device-exposed             composelint:CL-0016
host-ipc                        checkov:CKV_K8S_18 trivy:KSV008 kubelinter:host-ipc
host-network                    checkov:CKV_K8S_19 trivy:KSV009 kubelinter:host-network composelint:CL-0008
host-path-volume                trivy:KSV023
host-pid                        checkov:CKV_K8S_17 trivy:KSV010 kubelinter:host-pid
host-port                       checkov:CKV_K8S_26 trivy:KSV024
image-not-pinned                checkov:CKV_K8S_14 trivy:KSV013 kubelinter:latest-tag composelint:CL-0004
image-without-digest            checkov:CKV_K8S_43 composelint:CL-0019
memory-limit-missing            checkov:CKV_K8S_13 trivy:KSV018 kubelinter:unset-memory-requirements
memory-limit-missing            composelint:CL-0026
memory-request-missing          checkov:CKV_K8S_12 trivy:KSV016 kubelinter:unset-memory-requirements
mutable-image-not-pulled        checkov:CKV_K8S_15
port-published-on-all-addresses composelint:CL-0005
privilege-escalation-allowed    checkov:CKV_K8S_20 trivy:KSV001 kubelinter:privilege-escalation-container
privilege-escalation-allowed    composelint:CL-0003
privileged-container            checkov:CKV_K8S_16 trivy:KSV017 kubelinter:privileged-container composelint:CL-0002
readiness-probe-missing         checkov:CKV_K8S_9 kubelinter:no-readiness-probe
role-reads-secrets              trivy:KSV041 kubelinter:access-to-secrets
role-with-all-verbs             checkov:CKV_K8S_49 trivy:KSV045 kubelinter:wildcard-in-rules
run-as-non-root-missing         checkov:CKV_K8S_23 trivy:KSV012 kubelinter:run-as-non-root
runs-as-root                    checkov:CKV_K8S_23 trivy:KSV012 trivy:KSV105
runs-as-root                    kubelinter:run-as-non-root composelint:CL-0018
seccomp-profile-missing         checkov:CKV_K8S_31 trivy:KSV030 trivy:KSV104
seccomp-unconfined              composelint:CL-0009
secret-in-environment           checkov:CKV_K8S_35 kubelinter:env-var-secret composelint:CL-0020 composelint:CL-0021
sensitive-host-path             kubelinter:sensitive-host-mounts composelint:CL-0013 composelint:CL-0025
service-account-token-mounted   checkov:CKV_K8S_38 trivy:KSV036
unsafe-sysctl                   trivy:KSV026 kubelinter:unsafe-sysctls
workload-without-network-policy checkov:CKV2_K8S_6 kubelinter:non-isolated-pod
writable-root-filesystem        checkov:CKV_K8S_22 trivy:KSV014 kubelinter:no-read-only-root-fs composelint:CL-0007
"""


def _key(rule: str) -> str:
    """One spelling for a rule of another tool: `kube-linter/x` and `kubelinter/x`, `AVD-KSV-0014` and `KSV014`."""
    tool, _, identifier = rule.partition("/")
    number = _TRIVY.fullmatch(identifier)
    return f"{tool.replace('-', '')}:{f'KSV{int(number[1]):03}' if number else identifier}"


def _same_rules() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _TABLE.strip().splitlines():
        ours, *theirs = line.split()
        for each in theirs:
            found.setdefault(each, set()).add(ours)
    return {theirs: frozenset(ours) for theirs, ours in found.items()}


SAME_RULES: dict[str, frozenset[str]] = _same_rules()
"""What `_key` makes of `<tool>/<its rule>` → the rules here that are about the same defect."""


def without_duplicates(ours: Iterable[Finding], foreign: Iterable[Finding]) -> tuple[list[Finding], list[Notice]]:
    """The foreign findings that none of ours says already, and how many of each tool were left out.

    The same is a rule of `SAME_RULES` at the same file where ours stands inside the region of theirs, or begins on a
    line of it. What a person did about ours (a waiver, a baseline) so holds for both.
    """
    places: dict[tuple[str, str], list[Location]] = {}
    for finding in ours:
        if finding.outcome == "fail":
            related = (place for place, _ in finding.related)
            for place in (finding.location, *related):
                places.setdefault((finding.rule.id, place.path), []).append(place)
    kept: list[Finding] = []
    folded: Counter[str] = Counter()
    for finding in foreign:
        same = SAME_RULES.get(_key(finding.rule.id), frozenset())
        near = (place for rule in same for place in places.get((rule, finding.location.path), ()))
        if any(_covers(finding.location, place) for place in near):
            folded[finding.rule.family] += 1
        else:
            kept.append(finding)
    notices = [
        Notice(f"{number} of the results of {tool} say what a rule of groundrule says at the same place: told once")
        for tool, number in sorted(folded.items())
    ]
    return kept, notices


def _covers(theirs: Location, ours: Location) -> bool:
    return theirs.line <= ours.line <= max(theirs.line, theirs.end_line) if theirs.line else True
