"""What Compose refuses in a whole project: names that do not exist, settings that contradict each other, circles."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from scanner.core.route import Route
from scanner.sources.compose.tree import is_open

Plain = dict[str, Any]


class Problem(NamedTuple):
    """A contradiction at `route`; `missing`: a name that is not declared, or not in what could be read."""

    route: Route
    message: str
    missing: bool = False


def problems(project: Plain, disabled: frozenset[str]) -> Iterator[Problem]:
    """All contradictions in a printed project without its disabled services.

    `disabled` are the services that no active profile enables. Values that are not known contradict nothing.
    """
    services: Plain = _mapping(project, "services")
    for name, service in services.items():
        if isinstance(service, dict):
            for route, message, missing in _service_problems(service, project, disabled):
                yield Problem(("services", name, *route), f"service {name} {message}", missing)
    for name, job in _mapping(project, "jobs").items():
        if name in services or name in disabled:
            yield Problem(("jobs", name), f"{name} is a service and a job: names must differ")
        for other, entry in _mapping(job, "depends_on").items():
            if other not in project["jobs"] and _is_missing(other, entry, services, disabled):
                yield Problem(
                    ("jobs", name, "depends_on", other),
                    f"job {name} waits for {other}, which does not exist",
                    missing=True,
                )
    for name, secret in _mapping(project, "secrets").items():
        if isinstance(secret, dict) and not any(secret.get(key) for key in ("external", "file", "environment")):
            yield Problem(("secrets", name), f"secret {name} needs a file or an environment variable")
    yield from _cycles(services)


def _mapping(value: Any, key: str) -> Plain:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _items(value: Any, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _is_missing(name: str, entry: Any, services: Plain, disabled: frozenset[str]) -> bool:
    if name in services:
        return False
    required = not isinstance(entry, dict) or entry.get("required", False)
    return not (name in disabled and not required)


def _service_problems(service: Plain, project: Plain, disabled: frozenset[str]) -> Iterator[Problem]:
    if not any(key in service for key in ("build", "image", "provider")):
        yield Problem((), "has neither an image nor a build")
    yield from _build_problems(service, project)
    yield from _network_problems(service, project)
    yield from _health_problems(service)
    for name, entry in _mapping(service, "depends_on").items():
        if _is_missing(name, entry, project["services"], disabled):
            yield Problem(
                ("depends_on", name),
                f"waits for the service {name}, which does not exist or is not enabled",
                missing=True,
            )
    yield from _reference_problems(service, project)
    yield from _scale_problems(service)
    yield from _limit_problems(service)
    yield from _mount_problems(service)
    for index, item in enumerate(_items(_mapping(service, "develop"), "watch")):
        if isinstance(item, dict) and not item.get("target") and item.get("action") not in ("rebuild", "restart"):
            yield Problem(("develop", "watch", index), "needs a target for what it watches")


def _build_problems(service: Plain, project: Plain) -> Iterator[Problem]:
    build = _mapping(service, "build")
    if build.get("dockerfile") and build.get("dockerfile_inline"):
        yield Problem(("build", "dockerfile_inline"), "has both dockerfile and dockerfile_inline")
    for name, context in _mapping(build, "additional_contexts").items():
        if isinstance(context, str) and context.startswith("service:"):
            everything = {**project["services"], **_mapping(project, "#disabled")}
            target = everything.get(context.removeprefix("service:"))
            if target is None or (isinstance(target, dict) and "build" not in target):
                yield Problem(
                    ("build", "additional_contexts", name),
                    f"builds from {context}, which is no service with a build",
                    missing=True,
                )
    platforms, platform = _items(build, "platforms"), service.get("platform")
    if platforms and platform and not is_open(platform) and platform not in platforms:
        yield Problem(("build", "platforms"), f"does not build for its own platform {platform}")


def _network_problems(service: Plain, project: Plain) -> Iterator[Problem]:
    mode = service.get("network_mode")
    networks = _mapping(service, "networks")
    if mode and networks:
        yield Problem(("network_mode",), "has both network_mode and networks")
    for name in networks:
        if name not in _mapping(project, "networks"):
            yield Problem(("networks", name), f"joins the network {name}, which is not declared", missing=True)
    if isinstance(mode, str) and mode.startswith("service:"):
        other = mode.removeprefix("service:")
        if other not in project["services"]:
            yield Problem(
                ("network_mode",),
                f"shares the network of {other}, which does not exist or is not enabled",
                missing=True,
            )


def _health_problems(service: Plain) -> Iterator[Problem]:
    test = _items(_mapping(service, "healthcheck"), "test")
    if test and not is_open(test[0]) and test[0] not in ("CMD", "CMD-SHELL", "NONE"):
        yield Problem(("healthcheck", "test"), "has a health check that begins with none of CMD, CMD-SHELL and NONE")


def _reference_problems(service: Plain, project: Plain) -> Iterator[Problem]:
    for index, volume in enumerate(_items(service, "volumes")):
        if isinstance(volume, dict) and volume.get("type") == "volume":
            source = volume.get("source")
            if isinstance(source, str) and source and source not in _mapping(project, "volumes"):
                yield Problem(("volumes", index), f"mounts the volume {source}, which is not declared", missing=True)
    for holder, prefix, section in (
        (_mapping(service, "build"), ("build",), "secrets"),
        (service, (), "configs"),
        (service, (), "secrets"),
    ):
        for index, entry in enumerate(_items(holder, section)):
            source = entry.get("source", "") if isinstance(entry, dict) else entry
            if isinstance(source, str) and source not in _mapping(project, section):
                yield Problem(
                    (*prefix, section, index), f"uses the {section[:-1]} {source}, which is not declared", missing=True
                )
    for name in _mapping(service, "models"):
        if name not in _mapping(project, "#models"):
            yield Problem(("models", name), f"uses the model {name}, which is not declared", missing=True)


def _scale_problems(service: Plain) -> Iterator[Problem]:
    scale, replicas = service.get("scale"), _mapping(service, "deploy").get("replicas")
    numbers = [value for value in (scale, replicas) if isinstance(value, int)]
    if len(numbers) == 2 and scale != replicas:
        yield Problem(("scale",), "has a scale that differs from deploy.replicas")
    if any(number < 0 for number in numbers):
        yield Problem(("scale",) if scale in numbers else ("deploy", "replicas"), "has a negative number of replicas")
    if numbers and numbers[0] > 1 and service.get("container_name"):
        yield Problem(("container_name",), "has a container_name, so it cannot have several containers")


def _limit_problems(service: Plain) -> Iterator[Problem]:
    resources = _mapping(_mapping(service, "deploy"), "resources")
    for key, part, name, absent in (
        ("cpus", "limits", "cpus", 0),
        ("mem_limit", "limits", "memory", "0"),
        ("mem_reservation", "reservations", "memory", "0"),
        ("pids_limit", "limits", "pids", 0),
    ):
        own = service.get(key)
        if own is None or is_open(own) or part not in resources:
            continue
        other = _mapping(resources, part).get(name, absent)
        if not is_open(other) and other != own:
            yield Problem((key,), f"has a {key} that differs from deploy.resources.{part}.{name}")


def _mount_problems(service: Plain) -> Iterator[Problem]:
    mounted: set[str] = set()
    for index, entry in enumerate(_items(service, "tmpfs")):
        path = entry.partition(":")[0] if isinstance(entry, str) else None
        if path in mounted:
            yield Problem(("tmpfs", index), f"mounts two things at {path}")
        elif path is not None:
            mounted.add(path)
    for index, entry in enumerate(_items(service, "volumes")):
        target = entry.get("target", "") if isinstance(entry, dict) else None
        if isinstance(target, str):
            if target in mounted:
                yield Problem(("volumes", index), f"mounts two things at {target}")
            mounted.add(target)


def _cycles(services: Plain) -> Iterator[Problem]:
    """The first circle of `depends_on`, walked without recursion."""
    done: set[str] = set()
    for start in sorted(services):
        path: list[str] = []
        stack: list[tuple[str, Iterator[str]]] = []

        def enter(name: str, path: list[str] = path, stack: list[tuple[str, Iterator[str]]] = stack) -> None:
            path.append(name)
            stack.append((name, iter(sorted(_mapping(services[name], "depends_on")))))

        if start not in done:
            enter(start)
        while stack:
            name, others = stack[-1]
            other = next(others, None)
            if other is None:
                stack.pop()
                path.pop()
                done.add(name)
            elif other in path:
                circle = [*path[path.index(other) :], other]
                message = "services wait for each other: " + " -> ".join(circle)
                yield Problem(("services", name, "depends_on", other), message)
                return
            elif other in services and other not in done:
                enter(other)
