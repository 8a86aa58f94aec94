"""Short forms of Compose attributes turned into their long ones, but for ports and volumes, which have their own files.

Each function takes the plain value of one attribute and gives the plain value that Compose goes on with: a new one
where it changes, the argument is never edited. `place` names the attribute in messages. Lists keep their order and
length; where items of a list become entries of a map, `sources` tells which item made which entry. All raise
ValueError in Compose's words.
"""

from __future__ import annotations

from typing import Any, NoReturn

from scanner.sources.compose.go_values import text_of


def string_or_list(value: Any) -> Any:
    """`dns`, `label_file`, `develop.watch.*.ignore` and `include`: one string becomes a list of it."""
    return [value] if isinstance(value, str) else value


def string_or_other(value: Any) -> str:
    """`build.provenance` and `build.sbom`: true or a number becomes text."""
    return text_of(value)


def build(value: Any, place: str = "build") -> dict[str, Any]:
    """`build: DIR`. The default of `context` is `build_defaults`, after all files are merged."""
    return _string_as("context", value, place, "build")


def build_defaults(value: Any) -> Any:
    """`build` with `context` filled in."""
    return {"context": "."} | value if isinstance(value, dict) else value


def extends(value: Any, place: str = "extends") -> dict[str, Any]:
    """`extends: SERVICE`."""
    return _string_as("service", value, place, "extends")


def include(value: Any, place: str = "include") -> dict[str, Any]:
    """One item of the top-level `include`."""
    return _string_as("path", value, place, "external")


def schedule(value: Any, place: str = "schedule") -> dict[str, Any]:
    """One item of a job's `triggers.schedule`."""
    return _string_as("cron", value, place, "schedule entry")


def file_mount(value: Any, place: str = "secrets") -> dict[str, Any]:
    """One item of a service's `secrets` or `configs`, or of `build.secrets`."""
    return _string_as("source", value, place, "")


def secret_defaults(value: Any, place: str = "secrets") -> dict[str, Any]:
    """One long item of a service's `secrets` with `target` filled in; not for `configs` and `build.secrets`."""
    if not isinstance(value, dict):
        _refuse(value, place, "")
    return {"target": f"/run/secrets/{text_of(value.get('source'))}"} | value


def depends_on(value: Any, place: str = "depends_on") -> dict[str, Any]:
    """`depends_on` as a map with `condition` and `required`."""
    if isinstance(value, list):
        return {_text(name, place): {"condition": "service_started", "required": True} for name in value}
    if not isinstance(value, dict):
        _refuse(value, place, "depend_on")
    for name, entry in value.items():
        if not isinstance(entry, dict):
            raise ValueError(f"{place}.{name}: unsupported value {text_of(value)}")
    return {name: {"condition": "service_started", "required": True} | entry for name, entry in value.items()}


def names_to_map(value: Any, place: str = "networks") -> Any:
    """A service's `networks` and `models` as a list become a map with null values."""
    return {_text(name, place): None for name in value} if isinstance(value, list) else value


def env_file(value: Any, place: str = "env_file") -> list[dict[str, Any]]:
    """`env_file` as a list of `{path, required}`, item by item."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        _refuse(value, place, "env_file")
    found: list[dict[str, Any]] = []
    for item in value:
        if isinstance(item, str):
            found.append({"path": item, "required": True})
        elif isinstance(item, dict):
            found.append({"required": True} | item)
        else:
            _refuse(item, place, "env_file")
    return found


def device_mapping(value: Any, place: str = "devices") -> dict[str, Any]:
    """One item of `devices`: `/dev/a:/dev/b:rwm`."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, str):
        _refuse(value, place, "service volume mount")
    source, *rest = value.split(":")
    if len(rest) > 2:
        raise ValueError(f"confusing device mapping, please use long syntax: {value}")
    target = (rest[0] if rest else "") or source
    return {"source": source, "target": target, "permissions": rest[1] if len(rest) == 2 else "rwm"}


def gpus(value: Any, place: str = "gpus") -> list[Any]:
    """`gpus: all` as a list of device requests."""
    if isinstance(value, str):
        return [{"count": "all"}]
    if not isinstance(value, list):
        _refuse(value, place, "gpus")
    return value


def device_request_defaults(value: Any, place: str = "gpus") -> dict[str, Any]:
    """One device request (`gpus`, `deploy.resources.reservations.devices`) with `count` filled in."""
    if not isinstance(value, dict):
        _refuse(value, place, "device request")
    return value if "count" in value or "device_ids" in value else {"count": "all"} | value


def ulimit(value: Any, place: str = "ulimits") -> Any:
    """One entry of `ulimits`: a number, or a map with `soft` and `hard`."""
    if isinstance(value, dict) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return _refuse(value, place, "ulimits")


def key_values(value: Any, place: str = "additional_contexts") -> dict[str, Any]:
    """`build.additional_contexts` as a list of `name=value`."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list):
        raise ValueError(f"{place}: invalid type {type(value).__name__}")
    found: dict[str, Any] = {}
    for item in value:
        key, equals, text = _text(item, place).partition("=")
        if not equals:
            raise ValueError(f"{place}: invalid value {item}, expected key=value")
        found[key] = text
    return found


def ssh(value: Any, place: str = "ssh") -> dict[str, Any]:
    """`build.ssh` as a list of `default`, `id=path`."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list):
        _refuse(value, place, "ssh")
    found: dict[str, Any] = {}
    for item in value:
        if not isinstance(item, str):
            raise ValueError(f"invalid ssh key type {type(item).__name__}")
        key, equals, path = item.partition("=")
        if not equals and key != "default":
            raise ValueError(f'invalid ssh key "{item}"')
        found[key] = path if equals else None
    return found


def external(value: Any, place: str = "networks") -> dict[str, Any] | None:
    """One top-level network, volume, secret or config: `external: {name: N}` becomes `external: true` and `name`."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise ValueError(f"{place}: must be a mapping")
    outside = value.get("external")
    if not isinstance(outside, dict):
        return value
    resource = value | {"external": True}
    if "name" in outside:
        if "name" in value and outside["name"] != value["name"]:
            raise ValueError(f"{place}: name and external.name conflict; only use name")
        resource["name"] = outside["name"]
    return resource


def sources(value: Any) -> dict[str, int]:
    """Which item of a list each entry came from, for every list that becomes a map (the last item wins)."""
    if not isinstance(value, list):
        return {}
    return {text_of(item).partition("=")[0]: index for index, item in enumerate(value)}


def _string_as(key: str, value: Any, place: str, name: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    if isinstance(value, str):
        return {key: value}
    return _refuse(value, place, name)


def _text(value: Any, place: str) -> str:
    return value if isinstance(value, str) else _refuse(value, place, "a list of strings")


def _refuse(value: Any, place: str, name: str) -> NoReturn:
    raise ValueError(f"{place}: invalid type {type_name(value)}" + (f" for {name}" if name else ""))


def type_name(value: Any) -> str:
    """The name of a value's type in Compose's messages."""
    names = {bool: "bool", int: "int", float: "float64", str: "string", list: "[]interface {}"}
    return "<nil>" if value is None else names.get(type(value), "map[string]interface {}")
