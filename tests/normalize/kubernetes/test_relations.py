"""Relations between the resources of a scan."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.core.resource import Subject
from scanner.core.unknown import Unknown
from scanner.core.views import VIEWS
from scanner.normalize.kubernetes import Facts, Options, subjects
from scanner.sources.kubernetes.manifests import load_manifests
from tests.normalize.kubernetes.support import ALL_VIEWS, load, plain


def _relations(text: str, facts: Facts | None = None) -> dict[str, dict[str, Any]]:
    """The relations of each subject that has some, by `view name`."""
    facts = facts or Facts()
    resources = load(text)
    for resource in resources:
        facts.add(resource)
    found = {}
    for resource in resources:
        for subject in subjects(resource, ALL_VIEWS):
            relations = facts.relations(subject)
            if relations:
                found[f"{subject.view} {resource.name}{subject.key}"] = relations
    return found


def _names(values: Any) -> Any:
    return [value["name"] for value in values] if isinstance(values, list) else plain(values)


def workload(name: str, labels: str, namespace: str = "shop", more: str = "", kind: str = "Deployment") -> str:
    return f"""
---
apiVersion: apps/v1
kind: {kind}
metadata: {{name: {name}, namespace: "{namespace}"}}
spec:
  {more}
  template:
    metadata: {{labels: {labels}}}
    spec: {{containers: [{{name: c}}]}}
"""


def document(version: str, kind: str, name: str, spec: str = "{}", namespace: str = "shop") -> str:
    place = f', namespace: "{namespace}"' if namespace is not None else ""
    return f"""
---
apiVersion: {version}
kind: {kind}
metadata: {{name: {name}{place}}}
spec: {spec}
"""


def policy(name: str, selector: str, namespace: str = "shop", more: str = "") -> str:
    return document("networking.k8s.io/v1", "NetworkPolicy", name, f"{{podSelector: {selector}{more}}}", namespace)


WEB = workload("web", "{app: web}")


@pytest.mark.parametrize(
    ("manifest", "selected"),
    [
        (policy("p", "{}"), True),
        (policy("p", "{matchLabels: {app: web}}"), True),
        (policy("p", "{matchLabels: {app: db}}"), False),
        (policy("p", "{}", namespace="other"), False),
        (document("cilium.io/v2", "CiliumNetworkPolicy", "p", "{endpointSelector: {matchLabels: {app: web}}}"), True),
        (
            document("cilium.io/v2", "CiliumNetworkPolicy", "p", "{endpointSelector: {matchLabels: {'k8s:app': web}}}"),
            True,
        ),
        (
            document("cilium.io/v2", "CiliumNetworkPolicy", "p", "{endpointSelector: {matchLabels: {'any:app': web}}}"),
            True,
        ),
        (document("cilium.io/v2", "CiliumNetworkPolicy", "p", "{endpointSelector: {}}", "other"), False),
        (document("cilium.io/v2", "CiliumClusterwideNetworkPolicy", "p", "{endpointSelector: {}}", ""), True),
        (document("cilium.io/v2", "CiliumClusterwideNetworkPolicy", "p", "{nodeSelector: {}}", ""), False),
        (
            document(
                "cilium.io/v2",
                "CiliumClusterwideNetworkPolicy",
                "p",
                "{endpointSelector: {matchLabels: {'k8s:io.kubernetes.pod.namespace': shop}}}",
                "",
            ),
            True,
        ),
        (
            document(
                "cilium.io/v2",
                "CiliumClusterwideNetworkPolicy",
                "p",
                "{endpointSelector: {matchLabels: {'io.cilium.k8s.namespace.labels.team': a}}}",
                "",
            ),
            True,
        ),
        (document("projectcalico.org/v3", "NetworkPolicy", "p", "{selector: app == 'web'}"), True),
        (document("crd.projectcalico.org/v1", "NetworkPolicy", "p", "{selector: app == 'db'}"), False),
        (document("crd.projectcalico.org/v1", "NetworkPolicy", "p", "{serviceAccountSelector: has(role)}"), False),
        (
            document(
                "projectcalico.org/v3",
                "NetworkPolicy",
                "p",
                "{serviceAccountSelector: projectcalico.org/name == 'default'}",
            ),
            True,
        ),
        (document("projectcalico.org/v3", "GlobalNetworkPolicy", "p", "{}", ""), True),
        (document("projectcalico.org/v3", "GlobalNetworkPolicy", "p", "{namespaceSelector: team == 'a'}", ""), True),
        (document("projectcalico.org/v3", "GlobalNetworkPolicy", "p", "{namespaceSelector: team == 'b'}", ""), False),
        (document("projectcalico.org/v3", "GlobalNetworkPolicy", "p", "{namespaceSelector: global()}", ""), False),
        (document("projectcalico.org/v3", "GlobalNetworkPolicy", "p", "{preDNAT: true, selector: all()}", ""), False),
        (
            document(
                "projectcalico.org/v3",
                "GlobalNetworkPolicy",
                "p",
                "{selector: projectcalico.org/namespace == 'shop' && pcns.team == 'a'}",
                "",
            ),
            True,
        ),
    ],
)
def test_policies(manifest: str, selected: bool) -> None:
    shop = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: a}}\n"
    found = _relations(shop + WEB + manifest)
    assert _names(found["workload web"]["network_policies"]) == (["p"] if selected else [])
    assert found["network_policy p"] == {"selects_workloads": int(selected)}


@pytest.mark.parametrize(
    "manifest",
    [
        policy("p", "{matchLabels: {app: 5}}"),
        document("projectcalico.org/v3", "NetworkPolicy", "p", "{selector: app is web}"),
        document("cilium.io/v2", "CiliumNetworkPolicy", "p", "{endpointSelector: text}"),
    ],
)
def test_an_unreadable_selector_takes_nothing_and_says_so(manifest: str) -> None:
    found = _relations(WEB + manifest)
    assert found["workload web"]["network_policies"] == []
    assert isinstance(found["network_policy p"]["selects_workloads"], Unknown)


def test_a_policy_in_a_relation_is_complete() -> None:
    found = _relations(WEB + policy("p", "{}", more=", ingress: [{}]"))
    assert found["workload web"]["network_policies"] == [
        {
            "name": "p",
            "namespace": "shop",
            "kind": "NetworkPolicy",
            "selects_all": True,
            "isolates_ingress": True,
            "isolates_egress": False,
            "allows_all_ingress": True,
            "allows_all_egress": False,
            "selects_workloads": 1,
        }
    ]


def test_entries_of_one_cilium_policy_are_told_apart() -> None:
    text = WEB + workload("db", "{app: db}").replace("spec:", "spec:", 1)
    text += """
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: p, namespace: shop}
specs:
  - endpointSelector: {}
  - endpointSelector: {matchLabels: {app: db}}
"""
    found = _relations(text)
    assert found["network_policy p{}"] == {"selects_workloads": 2}
    assert found['network_policy p{"matchLabels": {"app": "db"}}'] == {"selects_workloads": 1}


def test_a_namespace_that_is_not_named_is_the_default_one() -> None:
    text = workload("bare", "{app: web}", "") + workload("named", "{app: web}", "default") + policy("p", "{}", "")
    found = _relations(text)
    assert _names(found["workload bare"]["network_policies"]) == ["p"]
    assert _names(found["workload named"]["network_policies"]) == ["p"]
    found = _relations(text, Facts(namespace="shop"))
    assert _names(found["workload bare"]["network_policies"]) == ["p"]
    assert _names(found["workload named"]["network_policies"]) == []


def test_services_and_ingresses() -> None:
    text = (
        WEB
        + document("v1", "Service", "web", "{selector: {app: web}}")
        + document("v1", "Service", "db", "{selector: {app: db}}")
        + document("v1", "Service", "external", "{type: ExternalName}")
        + document("v1", "Service", "elsewhere", "{selector: {app: web}}", "other")
        + document(
            "networking.k8s.io/v1",
            "Ingress",
            "edge",
            "{defaultBackend: {service: {name: web}}, rules: [{http: {paths: [{backend: {service: {name: gone}}}]}}]}",
        )
    )
    found = _relations(text)
    assert _names(found["workload web"]["services"]) == ["web"]
    assert _names(found["workload web"]["ingresses"]) == ["edge"]
    assert found["ingress edge"] == {"missing_services": ["gone"]}
    counts = {name: found[f"service {name}"]["selects_workloads"] for name in ("web", "db", "external", "elsewhere")}
    assert counts == {"web": 1, "db": 0, "external": 0, "elsewhere": 0}


def _scaler(kind: str, version: str, target: str, more: str = "") -> str:
    field = "targetRef" if kind.startswith("Vertical") else "scaleTargetRef"
    return document(version, kind, "s", f"{{{field}: {target}{more}}}")


@pytest.mark.parametrize(
    ("scaler", "attribute", "exists"),
    [
        (
            _scaler("HorizontalPodAutoscaler", "autoscaling/v2", "{kind: Deployment, name: web}"),
            "autoscalers",
            True,
        ),
        (_scaler("HorizontalPodAutoscaler", "autoscaling/v2", "{kind: StatefulSet, name: web}"), "", False),
        (_scaler("HorizontalPodAutoscaler", "autoscaling/v2", "{kind: Kafka, name: k}"), "", True),
        (_scaler("ScaledObject", "keda.sh/v1alpha1", "{name: web}"), "autoscalers", True),
        (
            _scaler("VerticalPodAutoscaler", "autoscaling.k8s.io/v1", "{kind: Deployment, name: web}"),
            "vertical_autoscalers",
            True,
        ),
    ],
)
def test_autoscalers(scaler: str, attribute: str, exists: bool) -> None:
    text = workload("web", "{app: web}", more="replicas: 2") + document("kafka.strimzi.io/v1", "Kafka", "k") + scaler
    found = _relations(text)
    for name in ("autoscalers", "vertical_autoscalers"):
        assert _names(found["workload web"][name]) == (["s"] if name == attribute else [])
    expected = {"target_exists": exists, "target_replicas_set": exists and bool(attribute)}
    assert found["autoscaler s"] == expected


@pytest.mark.parametrize(
    ("more", "scaler", "fewest"),
    [
        ("replicas: 3", "", 3),
        ("", "", 1),
        ("replicas: 3", ", minReplicas: 2", 2),
        ("replicas: 3", ", maxReplicas: 9", 1),
    ],
)
def test_budgets(more: str, scaler: str, fewest: int) -> None:
    text = workload("web", "{app: web}", more=more)
    text += document("policy/v1", "PodDisruptionBudget", "b", "{selector: {matchLabels: {app: web}}}")
    if scaler:
        text += _scaler("HorizontalPodAutoscaler", "autoscaling/v2", "{kind: Deployment, name: web}", scaler)
    found = _relations(text)
    assert _names(found["workload web"]["disruption_budgets"]) == ["b"]
    assert found["disruption_budget b"] == {"selects_workloads": 1, "fewest_replicas": fewest}


@pytest.mark.parametrize(
    ("version", "spec", "selects"),
    [
        ("policy/v1", "{selector: {}}", 1),
        ("policy/v1", "{}", 0),
        ("policy/v1beta1", "{selector: {}}", 0),
    ],
)
def test_a_budget_without_labels(version: str, spec: str, selects: int) -> None:
    found = _relations(WEB + document(version, "PodDisruptionBudget", "b", spec))
    assert found["disruption_budget b"]["selects_workloads"] == selects


def test_fewest_replicas_of_a_daemon_set_are_not_known() -> None:
    text = workload("agent", "{app: a}", kind="DaemonSet")
    found = _relations(text + document("policy/v1", "PodDisruptionBudget", "b", "{selector: {}}"))
    assert found["disruption_budget b"] == {"selects_workloads": 1}


@pytest.mark.parametrize(
    ("account", "exists"), [("", True), ("default", True), ("web", True), ("gone", False), ("elsewhere", False)]
)
def test_service_accounts(account: str, exists: bool) -> None:
    text = WEB.replace("containers:", f"serviceAccountName: {account}, containers:" if account else "containers:")
    text += document("v1", "ServiceAccount", "web") + document("v1", "ServiceAccount", "elsewhere", namespace="other")
    assert _relations(text)["workload web"]["service_account_exists"] is exists


def test_quotas() -> None:
    text = WEB + document("v1", "ResourceQuota", "q") + document("v1", "LimitRange", "l")
    text += document("v1", "ResourceQuota", "other", namespace="other")
    found = _relations(text)["workload web"]
    assert (_names(found["quotas"]), _names(found["limit_ranges"])) == (["q"], ["l"])


def test_labels_that_cannot_be_read_make_relations_unknown() -> None:
    found = _relations(workload("web", "{app: 5}") + policy("p", "{}"))
    for name in ("network_policies", "services", "disruption_budgets", "ingresses"):
        assert isinstance(found["workload web"][name], Unknown)
    assert found["network_policy p"] == {"selects_workloads": 0}


def test_two_objects_of_one_name_are_told_apart_by_their_labels() -> None:
    resources = load(
        workload("web", "{env: dev}") + workload("web", "{env: prod}") + policy("p", "{matchLabels: {env: prod}}")
    )
    facts = Facts()
    for resource in resources:
        facts.add(resource)
    found = [
        [
            _names(facts.relations(subject)["network_policies"])
            for subject in subjects(resource, frozenset({"workload"}))
        ]
        for resource in resources[:2]
    ]
    assert found == [[[]], [["p"]]]


def test_what_stands_with_another_of_the_same_name_is_not_its_own() -> None:
    files = {
        "k8s/dev/web.yaml": WEB,
        "k8s/dev/more.yaml": policy("dev", "{}") + document("v1", "ResourceQuota", "dev"),
        "k8s/prod/eu/web.yaml": WEB,
        "k8s/prod/eu/more.yaml": policy("eu", "{}") + document("v1", "Service", "eu", "{selector: {app: web}}"),
        "k8s/prod/more.yaml": policy("prod", "{}") + _scaler("ScaledObject", "keda.sh/v1alpha1", "{name: web}"),
        "k8s/common.yaml": policy("common", "{}"),
        "elsewhere/policy.yaml": policy("elsewhere", "{}"),
    }
    facts = Facts()
    workloads = []
    for path, text in files.items():
        for resource in load_manifests(text.encode(), path).resources:
            facts.add(resource)
            workloads += list(subjects(resource, frozenset({"workload"})))
    names = ("network_policies", "quotas", "services", "autoscalers")
    found = [[_names(facts.relations(subject)[name]) for name in names] for subject in workloads]
    assert found == [
        [["dev", "common", "elsewhere"], ["dev"], [], []],
        [["eu", "prod", "common", "elsewhere"], [], ["eu"], ["s"]],
    ]


def test_facts_can_be_added_after_relations_were_asked_for() -> None:
    web, later = load(WEB + policy("p", "{}"))
    facts = Facts()
    facts.add(web)
    (subject,) = subjects(web, frozenset({"workload"}))
    assert facts.relations(subject)["network_policies"] == []
    facts.add(later)
    assert _names(facts.relations(subject)["network_policies"]) == ["p"]


def test_custom_kinds() -> None:
    options = Options({"example.com/Worker": "spec.pod"})
    text = """
apiVersion: example.com/v1
kind: Worker
metadata: {name: w, namespace: shop}
spec: {pod: {metadata: {labels: {app: web}}, spec: {containers: [{name: c}]}}}
"""
    resources = load(text + policy("p", "{}"), options)
    facts = Facts(options)
    for resource in resources:
        facts.add(resource)
    (subject,) = subjects(resources[0], frozenset({"workload"}), options)
    assert _names(facts.relations(subject)["network_policies"]) == ["p"]


def test_every_relation_of_the_views_is_told() -> None:
    text = (
        WEB
        + policy("p", "{}")
        + document("v1", "Service", "s", "{selector: {app: web}}")
        + document("networking.k8s.io/v1", "Ingress", "i")
        + document("policy/v1", "PodDisruptionBudget", "b", "{selector: {}}")
        + _scaler("HorizontalPodAutoscaler", "autoscaling/v2", "{kind: Deployment, name: web}")
    )
    found = _relations(text)
    for subject, relations in found.items():
        view = VIEWS[subject.partition(" ")[0]]
        declared = {name for name, attribute in view.attributes.items() if attribute.relation}
        assert set(relations) == declared, subject
    told = {subject.partition(" ")[0] for subject in found}
    assert told == {name for name, view in VIEWS.items() if any(one.relation for one in view.attributes.values())}


def _namespaces(text: str) -> list[Subject]:
    facts = Facts()
    for resource in load(text):
        facts.add(resource)
    return list(facts.namespace_subjects())


def test_namespaces() -> None:
    text = (
        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: {team: a}\n"
        + WEB
        + workload("api", "{app: api}")
        + workload("bare", "{app: bare}", "")
        + "\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: empty}\n"
        + document("v1", "ResourceQuota", "q")
        + policy("deny", "{}", more=", policyTypes: [Ingress, Egress]")
        + policy("open", "{}", "default", ", ingress: [{}]")
    )
    found = _namespaces(text)
    assert [(subject.resource.type, subject.resource.name, subject.key) for subject in found] == [
        ("v1/Namespace", name, "") for name in ("default", "empty", "shop")
    ]
    expected = [
        ("default", False, 1, None, False, False, False, False),
        ("empty", True, 0, {}, False, False, False, False),
        ("shop", True, 2, {"team": "a"}, True, False, True, True),
    ]
    names = (
        "name",
        "declared",
        "workloads",
        "labels",
        "has_quota",
        "has_limit_range",
        "denies_ingress_by_default",
        "denies_egress_by_default",
    )
    assert [tuple(subject.values.get(name) for name in names) for subject in found] == expected
    places = [str(subject.resource.origin.locate(subject.route_of("")).location) for subject in found]
    # Where it is declared, else the first workload that names it, or would.
    assert places == ["manifest.yaml:30:35", "manifest.yaml:40:18", "manifest.yaml:4:9"]


@pytest.mark.parametrize(
    ("manifest", "denies"),
    [
        (document("cilium.io/v2", "CiliumClusterwideNetworkPolicy", "p", "{endpointSelector: {}, ingress: [{}]}", ""), True),
        (document("projectcalico.org/v3", "GlobalNetworkPolicy", "p", "{types: [Ingress]}", ""), True),
        (document("projectcalico.org/v3", "GlobalNetworkPolicy", "p", "{namespaceSelector: has(team)}", ""), False),
        (document("projectcalico.org/v3", "GlobalNetworkPolicy", "p", "{selector: has(app)}", ""), False),
        (policy("p", "{matchLabels: {app: web}}"), False),
    ],
)  # fmt: skip
def test_denied_by_default(manifest: str, denies: bool) -> None:
    (shop,) = _namespaces(WEB + manifest)
    assert shop.values["denies_ingress_by_default"] is denies
