"""What containers inherit from their pod, as the kubelet and the API server do it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.normalize.kubernetes.support import of_view, place, plain

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: p, annotations: {container.apparmor.security.beta.kubernetes.io/c: unconfined}}
spec:
  restartPolicy: RESTART
  resources: POD_RESOURCES
  securityContext: POD_CONTEXT
  LIST:
    - name: c
      resources: RESOURCES
      securityContext: CONTEXT
"""


def _container(**parts: str) -> Any:
    text = POD
    defaults = {
        "RESTART": "null",
        "POD_RESOURCES": "null",
        "POD_CONTEXT": "null",
        "CONTEXT": "null",
        "RESOURCES": "null",
        "LIST": "containers",
    }
    for name, value in ({**defaults, **parts}).items():
        text = text.replace(f" {name}", f" {value}", 1)
    if parts.get("LIST") == "initContainers":
        text += "  containers: [{name: main}]\n"
    return of_view(text, "container")[0]


@pytest.mark.parametrize(
    ("pod", "own", "attribute", "value", "line"),
    [
        ("{runAsUser: 0}", "null", "user", "0", 7),
        ("{runAsUser: 0}", "{runAsUser: 5}", "user", "5", 11),
        ("{runAsUser: 7}", "{runAsUser: null}", "user", "7", 7),
        ("{runAsGroup: 3}", "null", "group", "3", 7),
        ("{runAsNonRoot: true}", "{runAsNonRoot: false}", "run_as_non_root", False, 11),
        ("{runAsNonRoot: true}", "{}", "run_as_non_root", True, 7),
        ("{seccompProfile: {type: Unconfined}}", "null", "seccomp_profile", "unconfined", 7),
        ("{seccompProfile: {type: Unconfined}}", "{seccompProfile: {type: RuntimeDefault}}", "seccomp_profile", "runtime/default", 11),
        ("{seLinuxOptions: {type: spc_t}}", "null", "selinux_disabled", True, 7),
        # The options of a container replace those of its pod as a whole.
        ("{seLinuxOptions: {type: spc_t}}", "{seLinuxOptions: {level: s0}}", "selinux_disabled", False, 11),
        ("{windowsOptions: {hostProcess: true}}", "{windowsOptions: {runAsUserName: a}}", "windows_host_process", True, 7),
        # The field of the container, then the annotation, then the field of the pod.
        ("{appArmorProfile: {type: RuntimeDefault}}", "null", "apparmor_profile", "unconfined", 3),
        ("null", "{appArmorProfile: {type: RuntimeDefault}}", "apparmor_profile", "runtime/default", 11),
        # Not inherited: the pod's securityContext does not have these.
        ("{privileged: true}", "null", "privileged", None, 11),
        ("{readOnlyRootFilesystem: true}", "{}", "read_only_root_filesystem", None, 11),
    ],
)  # fmt: skip
def test_security_context(pod: str, own: str, attribute: str, value: Any, line: int) -> None:
    subject = _container(POD_CONTEXT=pod, CONTEXT=own)
    assert subject.values.get(attribute) == value
    assert place(subject, attribute).split(":")[0] == str(line)


@pytest.mark.parametrize(
    ("pod", "own", "expected"),
    [
        ("null", "{limits: {cpu: 500m, memory: 1Gi}}", (500, 2**30, 500, 2**30)),
        ("null", "{limits: {cpu: 1}, requests: {cpu: 0.1}}", (1000, None, 100, None)),
        ("null", "{requests: {cpu: 100m, memory: 1M}}", (None, None, 100, 10**6)),
        ("{limits: {cpu: 2, memory: 1Gi}}", "null", (2000, 2**30, 2000, 2**30)),
        ("{limits: {cpu: 2, memory: 1Gi}}", "{limits: {cpu: 1}}", (1000, 2**30, 1000, 2**30)),
        ("{limits: {cpu: 2}, requests: {cpu: 1}}", "null", (2000, None, 1000, None)),
        ("{limits: {ephemeral-storage: 1Gi}}", "null", (None, None, None, None)),
    ],
)
def test_resources(pod: str, own: str, expected: tuple[int | None, ...]) -> None:
    values = _container(POD_RESOURCES=pod, RESOURCES=own).values
    names = ("cpu_limit", "memory_limit", "cpu_request", "memory_request")
    assert tuple(values.get(name) for name in names) == expected
    assert "ephemeral_storage_limit" not in values


def test_a_request_stands_where_its_limit_does() -> None:
    subject = _container(POD_RESOURCES="{limits: {cpu: 2}}", RESOURCES="{limits: {memory: 1Gi}}")
    assert place(subject, "memory_request") == place(subject, "memory_limit") == "10:36"
    assert place(subject, "cpu_request") == place(subject, "cpu_limit") == "6:29"
    assert place(_container(), "cpu_limit") == "10:7"
    assert place(_container(RESOURCES="{limits: {memory: 1Gi}}"), "cpu_limit") == "10:19"


@pytest.mark.parametrize(
    ("where", "pod", "own", "restart"),
    [
        ("containers", "null", None, None),
        ("containers", "Always", None, "Always"),
        ("initContainers", "Always", None, "OnFailure"),
        ("initContainers", "OnFailure", None, "OnFailure"),
        ("initContainers", "Never", None, "Never"),
        ("initContainers", "Never", "Always", "Always"),
        ("ephemeralContainers", "Never", None, "Never"),
    ],
)
def test_restart_policy(where: str, pod: str, own: str | None, restart: str | None) -> None:
    more = f"null\n      restartPolicy: {own}" if own else "null"
    if where == "ephemeralContainers":
        text = POD.replace("LIST:", "containers: [{name: main}]\n  ephemeralContainers:").replace("RESTART", pod)
        for name in ("POD_RESOURCES", "POD_CONTEXT", "RESOURCES", "CONTEXT"):
            text = text.replace(f" {name}", " null")
        subject = of_view(text, "container")[1]
        assert subject.values["kind"] == "ephemeral"
    else:
        subject = _container(RESTART=pod, LIST=where, RESOURCES=more)
    assert subject.values.get("restart") == restart


@pytest.mark.parametrize("quantity", ["lots", "1K", "10 Mi", "1Gi5", "true"])
def test_a_bad_quantity_is_unknown(quantity: str) -> None:
    values = _container(RESOURCES=f"{{limits: {{memory: {quantity}}}}}").values
    assert plain(values["memory_limit"]).startswith("<failed: ")
    assert quantity not in plain(values["memory_limit"]) or quantity == "true"
