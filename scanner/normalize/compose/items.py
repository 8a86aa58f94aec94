"""What a Compose service holds several of: variables, texts, ports, mounts, capabilities and dependencies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from scanner.core.resource import Resource, Subject
from scanner.core.route import Route
from scanner.core.unknown import PartialText, Unknown
from scanner.normalize.values import ABSENT, flag, mapping, sequence, text, texts, whole

KEYS = {"environment": "environment", "ports": "ports", "mounts": "volumes", "depends_on": "depends_on"}
"""Where the lists of the view `container` stand in a service."""


_PORT: dict[str, Route] = {
    "container_port": ("target",),
    "protocol": ("protocol",),
    "published": ("published",),
    "host_port": ("published",),
    "host_ip": ("host_ip",),
    "name": ("name",),
}
_MOUNT: dict[str, Route] = {
    "kind": ("type",),
    "source": ("source",),
    "target": ("target",),
    "read_only": ("read_only",),
    "propagation": ("bind", "propagation"),
}


def _below(route: Route, below: dict[str, Route]) -> dict[str, Route]:
    return {attribute: (*route, *inner) for attribute, inner in below.items()}


def _subject(
    view: str, resource: Resource, key: str, values: dict[str, Any], route: Route, inner: dict[str, Route] | None = None
) -> Subject:
    paths = inner or {}
    kept = {name: value for name, value in values.items() if value is not ABSENT}
    return Subject(view, resource, key, kept, lambda attribute: paths.get(attribute.partition(".")[0], route))


def environment(resource: Resource, _project: dict[str, Any]) -> Iterator[Subject]:
    """`environment` as it is written, then what the env_files add to it."""
    service = _written(resource)
    variables = mapping(service.get("environment"))
    for name, value in variables.items():
        values = {
            "name": name,
            "value": text(value),
            "source": _source(value),
            "container": resource.name,
        }
        yield _subject("environment_variable", resource, name, values, ("environment", name))
    yield from file_variables(resource, "x_env_file_entries", frozenset(variables))


def file_variables(resource: Resource, key: str, left_out: frozenset[str] = frozenset()) -> Iterator[Subject]:
    """The variables that the attribute `key` lists with their files, but those that count from elsewhere."""
    for index, entry in enumerate(sequence(mapping(resource.attributes).get(key))):
        name = mapping(entry).get("name")
        if not isinstance(name, str) or name in left_out:
            continue
        values = {
            "name": name,
            "value": text(entry.get("value")),
            "source": "env_file",
            "container": resource.name,
            "ignored": flag(entry.get("ignored", False)),
        }
        yield _subject("environment_variable", resource, name, values, (key, index))


def _written(resource: Resource) -> dict[str, Any]:
    """The service with its texts as they are written, where variables from elsewhere filled them."""
    service = mapping(resource.attributes)
    return {**service, **mapping(service.get("x_written"))}


def _source(value: Any) -> str:
    if isinstance(value, Unknown) and value.kind == "variable":
        return "variable"
    return "inherited" if value is None else "literal"


def ports(resource: Resource, _project: dict[str, Any]) -> Iterator[Subject]:
    """`ports` (published on the host) and `expose` (only listened on)."""
    service = mapping(resource.attributes)
    for index, entry in enumerate(sequence(service.get("ports"))):
        route: Route = ("ports", index)
        if not isinstance(entry, dict):
            # A half-known short syntax: what it publishes, and where, is not known.
            unknown = _unknown(entry)
            values: dict[str, Any] = dict.fromkeys(("container_port", "host_port", "host_ip", "protocol"), unknown)
            values |= {"published": True}
        else:
            values = {
                "container_port": _port(entry.get("target")),
                "protocol": text(entry.get("protocol", "tcp")),
                "published": True,
                "host_port": _port(entry.get("published")),
                "host_ip": text(entry.get("host_ip", "")),
                "name": text(entry.get("name")),
            }
        values |= {"container": resource.name, "image": text(service.get("image"))}
        yield _subject("port", resource, _port_key(values), values, route, _below(route, _PORT))
    for index, exposed in enumerate(sequence(service.get("expose"))):
        number, _, protocol = exposed.partition("/") if isinstance(exposed, str) else (exposed, "", "")
        values = {
            "container_port": _port(number),
            "protocol": protocol or "tcp",
            "published": False,
            "container": resource.name,
            "image": text(service.get("image")),
        }
        yield _subject("port", resource, f"expose {_port_key(values)}", values, ("expose", index))


def _port(value: Any) -> Any:
    """A port number; 0 for a range or a port that the runtime chooses."""
    if value is None or value == "":
        return 0
    if isinstance(value, str) and "-" in value:
        return 0
    return whole(value)


def _port_key(values: dict[str, Any]) -> str:
    number = values.get("container_port")
    return f"{number}/{values.get('protocol')}" if isinstance(number, int) else ""


def _unknown(value: Any) -> Unknown:
    if isinstance(value, PartialText):
        return value.unknown
    return value if isinstance(value, Unknown) else Unknown("the short form is not understood", "failed")


def mounts(resource: Resource, _project: dict[str, Any]) -> Iterator[Subject]:
    """`volumes` and `tmpfs`."""
    service = mapping(resource.attributes)
    for index, entry in enumerate(sequence(service.get("volumes"))):
        route: Route = ("volumes", index)
        if not isinstance(entry, dict):
            unknown = _unknown(entry)
            half: dict[str, Any] = dict.fromkeys(("kind", "source", "target", "read_only", "propagation"), unknown)
            yield _subject("mount", resource, "", {**half, "container": resource.name}, route)
            continue
        kind = text(entry.get("type", "volume"))
        values: dict[str, Any] = {
            "kind": kind if kind in ("bind", "volume", "tmpfs", "image") or not isinstance(kind, str) else "other",
            "source": text(entry.get("source")),
            "target": text(entry.get("target")),
            "read_only": flag(entry.get("read_only", False)),
            "propagation": text(mapping(entry.get("bind")).get("propagation")),
            "container": resource.name,
            "image": text(service.get("image")),
        }
        target = values["target"]
        key = target if isinstance(target, str) else ""
        yield _subject("mount", resource, key, values, route, _below(route, _MOUNT))
    for index, entry in enumerate(sequence(service.get("tmpfs"))):
        word = text(entry)
        if not isinstance(word, str):
            continue
        target, _, options = word.partition(":")
        values = {
            "kind": "tmpfs",
            "target": target,
            "read_only": "ro" in options.split(","),
            "options": options.split(",") if options else ABSENT,
            "container": resource.name,
        }
        yield _subject("mount", resource, target, values, ("tmpfs", index))


def capabilities(resource: Resource, _project: dict[str, Any]) -> Iterator[Subject]:
    """`cap_add`."""
    for index, entry in enumerate(sequence(mapping(resource.attributes).get("cap_add"))):
        name = text(entry)
        if isinstance(name, str):
            name = name.upper().removeprefix("CAP_")
        values = {"name": name, "container": resource.name}
        yield _subject("capability", resource, name if isinstance(name, str) else "", values, ("cap_add", index))


def dependencies(resource: Resource, project: dict[str, Any]) -> Iterator[Subject]:
    """`depends_on`, with what the services waited for say of their health."""
    services = mapping(project.get("services"))
    for name, entry in mapping(mapping(resource.attributes).get("depends_on")).items():
        other = mapping(services.get(name))
        check = other.get("healthcheck")
        disabled = isinstance(check, dict) and (check.get("disable") is True or check.get("test") == ["NONE"])
        values = {
            "service": name,
            "condition": text(mapping(entry).get("condition", "service_started")),
            "required": flag(mapping(entry).get("required", True)),
            "has_health_check": check is not None and not disabled,
            "service_image": text(other.get("image")),
            "container": resource.name,
        }
        yield _subject(
            "dependency",
            resource,
            name,
            values,
            ("depends_on", name),
            {"condition": ("depends_on", name, "condition")},
        )


def joined_networks(service: dict[str, Any]) -> list[str]:
    """The names of the networks that a service joins, in order; 'default' where it names none."""
    if service.get("network_mode") is not None:
        return []
    return sorted(mapping(service.get("networks"))) or ["default"]


def networks(project: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The values of the view `network` for each network of a project, 'default' included where services use it."""
    declared = mapping(project.get("networks"))
    members: dict[str, list[str]] = {name: [] for name in declared}
    for service, body in mapping(project.get("services")).items():
        for name in joined_networks(mapping(body)):
            members.setdefault(name, []).append(service)
    for name, joined in members.items():
        settings = mapping(declared.get(name))
        values = {
            "name": name,
            "internal": flag(settings.get("internal", False)),
            "external": flag(settings.get("external", False)),
            "driver": text(settings.get("driver")),
            "services": sorted(joined),
        }
        yield {attribute: value for attribute, value in values.items() if value is not ABSENT}


def text_settings(resource: Resource, _project: dict[str, Any]) -> Iterator[Subject]:
    """Every text of a service outside its environment in which a secret may stand."""
    service = _written(resource)
    build = mapping(service.get("build"))
    for place, base, value in (
        ("command", ("entrypoint",), service.get("entrypoint")),
        ("argument", ("command",), service.get("command")),
        ("health_check", ("healthcheck", "test"), mapping(service.get("healthcheck")).get("test")),
    ):
        words = texts(value)
        for index, word in enumerate(words if isinstance(words, list) else ()):
            name = _option_of(word, words[index - 1] if index else "")
            yield _setting(resource, place, name, word, (*base, index), f"{place} {name}")
    for place, base, value in (
        ("label", ("labels",), service.get("labels")),
        ("annotation", ("annotations",), service.get("annotations")),
        ("label", ("deploy", "labels"), mapping(service.get("deploy")).get("labels")),
        ("build_argument", ("build", "args"), build.get("args")),
        ("label", ("build", "labels"), build.get("labels")),
        ("config", ("logging", "options"), mapping(service.get("logging")).get("options")),
    ):
        for name, word in mapping(value).items():
            if word is not None:
                yield _setting(resource, place, name, text(word), (*base, name), f"{place} {name}")
    for name, route, value in (
        ("context", ("build", "context"), build.get("context")),
        ("dockerfile_inline", ("build", "dockerfile_inline"), build.get("dockerfile_inline")),
    ):
        if value is not None:
            yield _setting(resource, "url" if name == "context" else "config", name, text(value), route, name)


def _option_of(word: Any, previous: Any) -> str:
    """The long option that `word` is the value of: `--name` of `--name=value`, or the word before it; else ''.

    A short one is none: `-pSECRET` may hold the value.
    """
    if isinstance(word, str) and word.startswith("-"):
        name, equals, _ = word.partition("=")
        return name if equals and name.startswith("--") else ""
    return previous if isinstance(previous, str) and previous.startswith("--") and "=" not in previous else ""


def _setting(resource: Resource, place: str, name: str, value: Any, route: Route, key: str) -> Subject:
    values = {"place": place, "name": name, "value": value, "owner": resource.name}
    return _subject("text_setting", resource, key, values, route)


BUILDERS: dict[str, Callable[[Resource, dict[str, Any]], Iterator[Subject]]] = {
    "environment_variable": environment,
    "port": ports,
    "mount": mounts,
    "capability": capabilities,
    "dependency": dependencies,
    "text_setting": text_settings,
}
"""The views of items, one subject an item."""


class ServiceItems:
    """The items of one service by their views, each list built once, when it is first asked for."""

    def __init__(self, resource: Resource, project: dict[str, Any]) -> None:
        self.resource = resource
        self._project = project
        self._built: dict[str, list[Subject]] = {}

    def of(self, view: str) -> list[Subject]:
        """The subjects of one of `BUILDERS`' views."""
        if view not in self._built:
            self._built[view] = list(BUILDERS[view](self.resource, self._project))
        return self._built[view]

    def values(self, view: str) -> Any:
        """Their values, for the attribute of a view that lists them; ABSENT where there are none."""
        return [subject.values for subject in self.of(view)] or ABSENT
