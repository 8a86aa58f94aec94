"""A handmade Report over tests/report/fixture: every outcome, status and corner that a format must show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scanner.core.location import Location, Related
from scanner.core.result import (
    Finding,
    Notice,
    NotScanned,
    Outcome,
    Report,
    ResourceRef,
    RuleInfo,
    Scanned,
    Waiver,
)

ROOT = Path(__file__).parent / "fixture"
SECRET = "Tr0ub4dor&3"
COMPOSE = "compose.yaml"
MANIFEST = "k8s prod/api.yaml"

PINNED = RuleInfo(
    "image-not-pinned",
    "Container image can change under the same name",
    "pinned-images",
    "high",
    "What runs is then decided by the registry on the day of the start, not by the repository.",
    {"": "Pin the image to a version tag, or better to a digest."},
    ({"framework": "cis-docker", "version": "1.6.0", "control": "4.2"},),
    {"good": "services:\n  web:\n    image: nginx:1.27.3\n", "bad": "services:\n  web:\n    image: nginx:latest\n"},
    ("latest-tag",),
    ("compose", "kubernetes"),
)
SECRETS = RuleInfo(
    "secret-in-environment",
    "Secret written in plain text",
    "secrets-in-env",
    "critical",
    "Whoever can read the repository can use it.",
    {"compose": "Move the value to a secret, and name its file.", "kubernetes": "Use secretKeyRef."},
    ({"framework": "soc2", "version": "2017", "control": "CC6.1"},),
    {"compose": {"good": "services: {}\n", "bad": "services: {a: {environment: {PASSWORD: x}}}\n"}},
    (),
    ("compose", "kubernetes"),
)
PUBLISHED = RuleInfo(
    "port-published-everywhere",
    "Port published on every address of the host",
    "exposure",
    "medium",
    "Firewalls of the host do not see published ports.",
    {"default": "Put an address before the port: 127.0.0.1:80:80."},
    (),
    {},
    (),
    ("compose",),
)
PRIVILEGED = RuleInfo(
    "container-privileged",
    "Privileged container",
    "hardening",
    "critical",
    "A privileged container is root on the host.",
    {"": "Remove privileged, and add the capabilities that are needed."},
)
READINESS = RuleInfo(
    "readiness-probe-missing",
    "No readiness probe",
    "health-checks",
    "low",
    "Traffic arrives too early.",
    {"": "Add it."},
)
REPLICAS = RuleInfo("single-replica", "One replica only", "multi-az", "medium", "One node can stop it.", {"": "Use 2."})
LABELS = RuleInfo("owner-label-missing", "No owner label", "cost", "info", "", {})

WEB = ResourceRef("compose/service", "web", "shop")
DATABASE = ResourceRef("compose/service", "database", "shop")
API = ResourceRef("apps/v1/Deployment", "api", "shop", tags={"team": "payments"})


def finding(
    rule: RuleInfo, message: str, resource: ResourceRef, location: Location, *, key: str = "", outcome: Outcome = "fail"
) -> Finding:
    target = "compose" if resource.type.startswith("compose/") else "kubernetes"
    identity = (rule.id, resource.type, resource.namespace, resource.name, key)
    return Finding(rule, outcome, rule.severity, message, target, resource, key, location, identity=identity)


def sample() -> Report:
    """The report behind the golden files."""
    related = (Related(Location(COMPOSE, 2, 3, 2, 6), "declaration"),)
    findings = [
        finding(
            PINNED, "image nginx:latest has no fixed version", WEB, Location(COMPOSE, 3, 12, 3, 24), key="web"
        )._replace(
            related=related,
            fix={"set": {"route": "services.web.image", "value": "nginx:1.27.3"}},
        ),
        finding(PRIVILEGED, "the container is privileged", WEB, Location(COMPOSE, 4, 17, 4, 21))._replace(
            status="suppressed",
            waiver=Waiver("the agent needs it | see `OPS-7`", "ops@example.org", "2031-01-31", "inline"),
        ),
        finding(
            SECRETS,
            f"the variable DB_PASSWORD holds {SECRET}",
            WEB,
            Location(COMPOSE, 6, 20, 6, 31),
            key="DB_PASSWORD",
        ),
        finding(
            PINNED, "MODE has no value here", WEB, Location(COMPOSE, 7, 13, 7, 22), key="MODE", outcome="unknown"
        )._replace(
            unknown_kind="variable",
        ),
        finding(PUBLISHED, "port 80 is published on 0.0.0.0", WEB, Location(COMPOSE, 8, 13, 8, 20), key="80"),
        finding(PUBLISHED, "port 443 is published on 0.0.0.0", WEB, Location(COMPOSE, 8, 22, 8, 31), key="443"),
        finding(PINNED, "image postgres has no fixed version", DATABASE, Location(COMPOSE, 10, 12, 10, 20))._replace(
            status="baselined",
        ),
        finding(SECRETS, "the command holds a password", DATABASE, Location(COMPOSE, 11, 27, 11, 71), key="command"),
        finding(
            REPLICAS, "the rule failed: no such overload", API, Location(MANIFEST, 5, 13, 5, 14), outcome="error"
        )._replace(),
        finding(READINESS, "container app has no readiness probe", API, Location(MANIFEST, 9, 11, 14, 25), key="app"),
        finding(
            PINNED,
            "image ghcr.io/example/api has no fixed version",
            API,
            Location(MANIFEST, 10, 18, 10, 39),
            key="app",
        ),
    ]
    return Report(
        findings=findings,
        scanned=[Scanned(COMPOSE, "compose", 3), Scanned(MANIFEST, "kubernetes", 1)],
        not_scanned=[
            NotScanned("broken.yaml", "mapping values are not allowed here", "check the indentation", 4, 9),
            NotScanned(
                "overlay/kustomization.yaml", "a Kustomize overlay", "kustomize build overlay | groundrule scan -"
            ),
        ],
        notices=[
            Notice(
                "the waiver of image-not-pinned expired on 2026-01-31",
                Location(".groundrule.yaml", 3, 5, 3, 20),
                "renew it",
            ),
            Notice("key `contaner_name` is unknown to Compose", Location(COMPOSE, 5, 5, 5, 16)),
        ],
        rules=[PINNED, SECRETS, PUBLISHED, PRIVILEGED, READINESS, REPLICAS, LABELS],
        passes=20,
        secrets=frozenset({SECRET}),
        root=str(ROOT),
        time="2026-07-01T06:00:00Z",
    )


def passing() -> Report:
    """The sample with a pass listed, as --show-passed asks for."""
    report = sample()
    judged = finding(PRIVILEGED, "", DATABASE, Location(COMPOSE, 9, 3, 9, 11), outcome="pass")
    report.findings.insert(6, judged)
    return report


def account() -> Report:
    """Findings that are in no file."""
    bucket = ResourceRef(
        "AWS::S3::Bucket",
        "logs",
        id="arn:aws:s3:::logs",
        account="123456789012",
        region="eu-central-1",
        tags={"Environment": "production", "team": "shop"},
    )
    nowhere = ResourceRef("AWS::RDS::DBInstance", "123456789012/eu-west-1", "", "", "123456789012", "eu-west-1")
    place = "aws/123456789012/eu-central-1/AWS-S3-Bucket/logs"
    identity: tuple[Any, ...] = (PUBLISHED.id, bucket.type, "123456789012/eu-central-1", bucket.name, "", 0)
    found = Finding(
        PUBLISHED, "fail", "medium", "the bucket is public", "aws", bucket, "", Location(place), identity=identity
    )
    policy = found._replace(severity="low", message="its policy too", identity=(*identity[:-1], 1))
    denied = found._replace(
        rule=REPLICAS,
        outcome="unknown",
        unknown_kind="denied",
        message="One replica only? access is denied: rds:DescribeDBInstances",
        resource=nowhere,
        location=Location("aws/123456789012/eu-west-1/AWS-RDS-DBInstance/_"),
        identity=(REPLICAS.id, nowhere.type, "123456789012/eu-west-1", nowhere.name, "", 0),
    )
    encrypted = found._replace(
        rule=READINESS, outcome="pass", severity="low", message="", identity=(READINESS.id, *identity[1:])
    )
    gap = NotScanned(
        "account.json.gz",
        "AWS::RDS::DBInstance in 123456789012 (eu-west-1): access is denied: rds:DescribeDBInstances",
        "give the right that is missing",
    )
    scanned = [Scanned("account.json.gz", "aws", 2)]
    findings = [found, policy, denied, encrypted]
    rules = [PUBLISHED, REPLICAS, READINESS]
    return Report(findings, scanned, [gap], [], rules, time="2026-07-01T06:00:00Z")


def clean() -> Report:
    """A report of a scan that found nothing."""
    return Report(
        [],
        [Scanned(COMPOSE, "compose", 3)],
        [],
        [],
        [PINNED, LABELS],
        passes=6,
        root=str(ROOT),
        time="2026-07-01T06:00:00Z",
    )
