"""ECS task definitions and services, and texts of other resources, as the views that containers have elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.core.resource import Resource, Subject
from scanner.core.unknown import Unknown
from scanner.core.views import VIEWS
from scanner.normalize.aws.ecs import is_superseded
from scanner.normalize.aws.inventory import Inventory
from scanner.normalize.aws.subjects import TYPES_OF_VIEWS, needed_for, subjects, unknown_subjects
from scanner.sources.aws.resources import AwsOrigin

GONE = Unknown("access is denied: ecs:DescribeTaskDefinition", "denied")
TASK, SERVICE = "AWS::ECS::TaskDefinition", "AWS::ECS::Service"


def resource(kind: str, name: str, **attributes: Any) -> Resource:
    own = {"id": name, "Tags": {}, "secrets": [], **attributes}
    return Resource(kind, name, own, AwsOrigin("x"), "aws", "", own["id"], account="1", region="eu-west-1")


def of(view: str, found: Resource) -> list[Subject]:
    return list(subjects(found, frozenset({view})))


TASK_DEFINITION = resource(
    TASK,
    "shop",
    Family="shop",
    NetworkMode="awsvpc",
    Cpu="512",
    Memory="1024",
    RequiresCompatibilities=["FARGATE"],
    Volumes=[
        {"Name": "data", "EFSVolumeConfiguration": {"FilesystemId": "fs-1"}},
        {"Name": "docker", "Host": {"SourcePath": "/var/run/docker.sock"}},
        {"Name": "scratch", "Host": {}},
    ],
    ContainerDefinitions=[
        {
            "Name": "migrate",
            "Image": "shop/migrate:1.0",
            "Essential": False,
        },
        {
            "Name": "web",
            "Image": "shop/web:1.4",
            "Cpu": 256,
            "Memory": 256,
            "MemoryReservation": 128,
            "EntryPoint": ["/web"],
            "Command": ["--port", "8080"],
            "User": "1000",
            "Privileged": True,
            "ReadonlyRootFilesystem": True,
            "DependsOn": [{"ContainerName": "migrate", "Condition": "SUCCESS"}],
            "Environment": [{"Name": "STAGE", "Value": GONE}],
            "Secrets": [{"Name": "DB_PASSWORD", "ValueFrom": "arn:aws:ssm:::parameter/db"}],
            "PortMappings": [{"ContainerPort": 8080, "HostPort": 8080, "Protocol": "tcp"}],
            "MountPoints": [
                {"SourceVolume": "data", "ContainerPath": "/data", "ReadOnly": True},
                {"SourceVolume": "docker", "ContainerPath": "/sock"},
                {"SourceVolume": "scratch", "ContainerPath": "/tmp"},
            ],
            "LinuxParameters": {
                "Capabilities": {"Add": ["SYS_PTRACE"], "Drop": ["all"]},
                "InitProcessEnabled": True,
                "Devices": [{"HostPath": "/dev/kvm"}],
            },
            "DockerSecurityOptions": ["no-new-privileges"],
            "HealthCheck": {"Command": ["CMD-SHELL", "curl localhost"], "Interval": 30, "Retries": 3},
            "LogConfiguration": {"LogDriver": "awslogs", "Options": {"awslogs-group": "/shop"}},
            "DockerLabels": {"team": "shop"},
            "StopTimeout": 60,
        },
    ],
)  # fmt: skip


def test_a_container() -> None:
    migrate, web = of("container", TASK_DEFINITION)
    assert (migrate.key, migrate.values["kind"], migrate.values["essential"]) == ("migrate", "init", False)
    assert migrate.values["memory_limit"] == 1024 * 1024 * 1024
    assert migrate.values["cpu_limit"] == 500
    assert "health_check" not in migrate.values
    assert "allow_privilege_escalation" not in migrate.values
    values = web.values
    assert {name: values[name] for name in values if name not in ("ports", "mounts", "environment")} == {
        "name": "web",
        "kind": "container",
        "namespace": "",
        "workload_kind": "FargateTask",
        "image": "shop/web:1.4",
        "command": ["/web"],
        "arguments": ["--port", "8080"],
        "user": "1000",
        "privileged": True,
        "allow_privilege_escalation": False,
        "read_only_root_filesystem": True,
        "capabilities_add": ["SYS_PTRACE"],
        "capabilities_drop": ["ALL"],
        "devices": ["/dev/kvm"],
        "cpu_limit": 500,
        "cpu_request": 250,
        "memory_limit": 256 * 1024 * 1024,
        "memory_request": 128 * 1024 * 1024,
        "health_check": {
            "kind": "shell",
            "command": ["curl localhost"],
            "interval": 30000,
            "retries": 3,
            "disabled": False,
        },
        "essential": True,
        "network_mode": "awsvpc",
        "logging_driver": "awslogs",
        "logging_options": {"awslogs-group": "/shop"},
        "labels": {"team": "shop"},
        "secrets": ["DB_PASSWORD"],
        "init": True,
        "security_options": ["no-new-privileges"],
        "stop_grace_period": 60000,
    }
    assert web.route_of("image") == ("ContainerDefinitions", 1, "Image")
    assert web.route_of("") == ("ContainerDefinitions", 1)


def test_mounts_ports_and_capabilities() -> None:
    mounts = of("mount", TASK_DEFINITION)
    assert [(each.key, each.values["kind"], each.values["source"], each.values["read_only"]) for each in mounts] == [
        ("web//data", "volume", "data", True),
        ("web//sock", "bind", "/var/run/docker.sock", False),
        ("web//tmp", "empty_dir", "scratch", False),
    ]
    (port,) = of("port", TASK_DEFINITION)
    assert (port.key, port.values["published"], port.values["container"]) == ("web/8080/tcp", False, "web")
    bridge = resource(TASK, "old", ContainerDefinitions=TASK_DEFINITION.attributes["ContainerDefinitions"])
    assert [each.values["published"] for each in of("port", bridge)] == [True]
    assert [each.key for each in of("capability", TASK_DEFINITION)] == ["web/SYS_PTRACE"]


def test_workloads() -> None:
    task = resource(TASK, "agent", NetworkMode="host", PidMode="host", IpcMode=GONE)
    (found,) = of("workload", task)
    assert found.values["host_network"] is True
    assert found.values["host_pid"] is True
    assert found.values["host_ipc"] == GONE
    (service,) = of("workload", resource(SERVICE, "web", DesiredCount=1, SchedulingStrategy="REPLICA"))
    assert (service.values["kind"], service.values["replicas"], service.values["scalable"]) == ("Service", 1, True)
    (daemon,) = of("workload", resource(SERVICE, "agent", DesiredCount=1, SchedulingStrategy="DAEMON"))
    assert "replicas" not in daemon.values


def test_attributes_are_those_of_the_views() -> None:
    for view in VIEWS:
        for each in of(view, TASK_DEFINITION):
            assert set(each.values) <= set(VIEWS[view].attributes), view


def test_definitions_that_are_unknown_spoil_every_view() -> None:
    task = resource(TASK, "shop", ContainerDefinitions=GONE)
    for view in ("container", "port", "mount", "capability", "environment_variable", "text_setting"):
        found = of(view, task)
        assert found
        assert all(GONE in each.values.values() for each in found), view


@pytest.mark.parametrize("view", sorted(TYPES_OF_VIEWS))
def test_what_could_not_be_listed_is_unknown_in_each_view(view: str) -> None:
    for kind in TYPES_OF_VIEWS[view]:
        (found,) = unknown_subjects(resource(kind, "1/eu-west-1"), frozenset({view}), GONE)
        assert set(found.values) == set(VIEWS[view].attributes)
    assert list(unknown_subjects(resource("AWS::SQS::Queue", "q"), frozenset({view}), GONE)) == []


def test_damaged_definitions_do_no_harm() -> None:
    for damaged in (None, 1, "x", {}, [None, 1, "x", []], [{"Name": None, "PortMappings": [1], "HealthCheck": []}]):
        task = resource(TASK, "x", ContainerDefinitions=damaged, Volumes=damaged, Cpu=damaged, Memory=damaged)
        for view in VIEWS:
            list(subjects(task, frozenset({view})))


@pytest.mark.parametrize(
    ("name", "superseded"),
    [("task:1", True), ("task:2", False), ("task:10", False), ("other:1", False)],
)
def test_old_revisions_that_no_service_runs_are_left_alone(name: str, superseded: bool) -> None:
    found = Inventory(needed_for(frozenset({"container"}), frozenset()))
    found.cover(TASK, "1", "eu-west-1", None)
    found.cover(SERVICE, "1", "eu-west-1", None)
    tasks = {
        each: resource(TASK, each.split(":")[0], id=each, Family=each.split(":")[0], Revision=int(each.split(":")[1]))
        for each in ("task:1", "task:2", "task:10", "other:1")
    }
    for each in tasks.values():
        found.add(each)
    found.add(resource(SERVICE, "web", TaskDefinition="task:2"))
    assert is_superseded(tasks[name], found) is superseded
    found.cover(SERVICE, "1", "eu-west-1", GONE)
    assert is_superseded(tasks[name], found) is False
