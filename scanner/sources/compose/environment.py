"""The variables of a project: `.env` files, and what its files take from them by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scanner.core.errors import SourceError
from scanner.sources.compose.context import Context
from scanner.sources.compose.dotenv import mapping, parse
from scanner.sources.compose.interpolation import Known, substitute, substitute_known
from scanner.sources.compose.paths import joined
from scanner.sources.compose.tree import Node, is_open, prefixed

Environment = Mapping[str, Known]


def read_env_files(paths: Sequence[str], environment: Environment, context: Context) -> dict[str, Known]:
    """The variables that `paths` set; those of `environment` win when values are expanded. Raises SourceError."""
    found: dict[str, Known] = {}

    def lookup(name: str) -> Known | None:
        value = environment.get(name)
        return found.get(name) if value is None else value

    expand = substitute if context.strict else substitute_known
    for path in paths:
        absolute = joined(context.cwd, path)
        try:
            text = context.files.text(absolute)
            entries = parse(text, lookup, path=context.files.display(absolute), expand=expand)
        except SourceError as error:
            if context.strict:
                raise
            context.reject_at(error.message, error.location, error.hint)
            continue
        found.update(mapping(entries))
    return found


def merged(first: Environment, second: Environment) -> dict[str, Known]:
    """Both; where both have a name, the first counts."""
    return {**second, **first}


def resolve_lists(project: Node, environment: Environment) -> Node:
    """Bare names in `environment` lists get the values of `environment`, and so do configs from a variable."""
    value = dict(project.value)
    for section in ("services", "jobs"):
        body = value.get(section)
        if body is None or body.value.__class__ is not dict:
            continue
        value[section] = body.replaced({name: _with_list(one, environment) for name, one in body.value.items()})
    configs = value.get("configs")
    if configs is not None and configs.value.__class__ is dict:
        value["configs"] = configs.replaced(
            {name: _with_content(one, environment) for name, one in configs.value.items()}
        )
    return project.replaced(value)


def _with_list(service: Node, environment: Environment) -> Node:
    variables = service.get("environment")
    if variables is None or variables.value.__class__ is not list:
        return service
    items = []
    for item in variables.value:
        name = item.value
        if isinstance(name, str) and name in environment:
            items.append(item.replaced(prefixed(f"{name}=", environment[name])))
        elif isinstance(name, str) or is_open(name):
            items.append(item)
    return service.replaced({**service.value, "environment": variables.replaced(items)})


def _with_content(config: Node, environment: Environment) -> Node:
    source = config.get("environment")
    if source is None or not isinstance(source.value, str) or source.value not in environment:
        return config
    return config.replaced({**config.value, "content": source.item(environment[source.value])})
