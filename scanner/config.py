"""The configuration: `.groundrule.yaml` or `[tool.groundrule]`, found upwards, checked, and merged key by key."""

import os.path
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from scanner.core.errors import ConfigurationError, ConfigurationErrors
from scanner.core.globs import matches_any
from scanner.core.location import Location
from scanner.core.result import Notice
from scanner.core.route import Route, format_route
from scanner.policy.setting import RuleSetting

if TYPE_CHECKING:
    from scanner.core.document import Document
    from scanner.policy.schema import SchemaError

FILE_NAME = ".groundrule.yaml"
MISNAMED = ".groundrule.yml"
"""A name that is taken for the other one, and so refused."""
PROJECT_FILE = "pyproject.toml"
CONFIGURATIONS = frozenset({FILE_NAME, MISNAMED, PROJECT_FILE})
"""What may hold, or be meant to hold, a configuration."""
RUN_WIDE = (
    "select",
    "fail_on",
    "strict",
    "allow_incomplete",
    "rule_folders",
    "builtin_rules",
    "parameters",
    "helm_limits",
    "baseline",
)
"""Keys that hold for a run as a whole, so that they count only in the folder that is scanned and above it."""


class Paths(NamedTuple):
    """Globs relative to a folder; `folder` is absolute, with `/`."""

    folder: str
    globs: tuple[str, ...]

    def match(self, path: str) -> bool:
        """Whether the absolute `path`, or a folder that it lies in, fits one of the globs."""
        prefix = self.folder if self.folder.endswith("/") else f"{self.folder}/"
        if not path.startswith(prefix):
            return False
        return self.globs == ("**",) or matches_any(path[len(prefix) :], self.globs)


class Layer(NamedTuple):
    """Settings of rules for all files (`paths` None) or some; of several layers the last that says something wins."""

    paths: Paths | None
    rules: Mapping[str, RuleSetting]
    ignore: tuple[tuple[str, Location], ...] = ()


class WaiverEntry(NamedTuple):
    """One entry of `waivers`. `rules` are ids, former ids or family:NAME; `resource` is a glob, '' for any."""

    rules: tuple[str, ...]
    paths: Paths | None
    resource: str
    reason: str
    owner: str
    expires: str
    location: Location
    folder: str


class Project(NamedTuple):
    """A Compose project that the configuration names. `profiles` None judges every profile."""

    name: str
    files: tuple[Path, ...]
    profiles: tuple[str, ...] | None
    env_files: tuple[Path, ...]
    location: Location


class ValuesSet(NamedTuple):
    """Values that a chart is judged with, beside its own: files, later ones over earlier ones, then `--set` texts, and
    what it is rendered for ('' and () for Helm's defaults)."""

    name: str
    files: tuple[Path, ...] = ()
    set: tuple[str, ...] = ()
    release_name: str = ""
    namespace: str = ""
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()


class ChartEntry(NamedTuple):
    """What the configuration says of a chart. `default_values`: whether it is judged with nothing but its own too."""

    path: Path
    values_sets: tuple[ValuesSet, ...]
    default_values: bool
    location: Location


class Config(NamedTuple):
    """The configuration of one run, merged. `files` are the display paths that it was read from, outermost first."""

    files: tuple[str, ...] = ()
    layers: tuple[Layer, ...] = ()
    rule_folders: tuple[Path, ...] = ()
    builtin_rules: bool = True
    select: tuple[tuple[str, Location | None], ...] = ()
    ignore: tuple[tuple[str, Location | None], ...] = ()
    exclude: tuple[Paths, ...] = ()
    waivers: tuple[WaiverEntry, ...] = ()
    projects: tuple[Project, ...] = ()
    charts: tuple[ChartEntry, ...] = ()
    pod_templates: Mapping[str, str] = {}
    helm_limits: Mapping[str, float] = {}
    parameters: Mapping[str, tuple[Any, Location]] = {}
    fail_on: str = "low"
    strict: bool = False
    allow_incomplete: bool = False
    baseline: Path | None = None
    notices: tuple[Notice, ...] = ()

    def excludes(self, path: str) -> bool:
        """Whether `exclude` leaves the absolute `path` out."""
        return any(paths.match(path) for paths in self.exclude)


def find_root(folders: Sequence[Path]) -> Path:
    """The folder that paths in outputs are relative to: the git root around `folders`, else their common folder."""
    common = Path(os.path.commonpath([str(folder) for folder in folders]))
    return next((folder for folder in (common, *common.parents) if (folder / ".git").exists()), common)


def load_config(folder: Path, root: Path, explicit: Path | None = None) -> Config:
    """The configuration for a scan of `folder`: every file upwards to `root` where that is a git root, else to the
    top, the nearest winning; or only the file `explicit`. Raises ConfigurationErrors."""
    if explicit is not None:
        if not explicit.is_file():
            raise ConfigurationError(
                f"the configuration {explicit} does not exist", hint="correct --config, or leave it out"
            )
        return merge(Config(), explicit.resolve(), root)
    folders = [folder, *folder.parents]
    if (root / ".git").exists() and root in folders:
        folders = folders[: folders.index(root) + 1]
    config = Config()
    for place in reversed(folders):
        file = config_file(place)
        if file is not None:
            config = merge(config, file, root)
    return config


def config_file(folder: Path) -> Path | None:
    """The configuration that stands in `folder` itself, None where there is none. Raises ConfigurationError for two
    in one folder, and for one that cannot be read."""
    own, project, misnamed = folder / FILE_NAME, folder / PROJECT_FILE, folder / MISNAMED
    if misnamed.is_file():
        raise ConfigurationError("this name is not read", Location(str(misnamed)), f"rename it to {FILE_NAME}")
    in_project = project.is_file() and b"tool.groundrule" in _bytes(project, str(project))
    if own.is_file():
        if in_project:
            raise ConfigurationError(
                "pyproject.toml beside this file has a section [tool.groundrule] too",
                Location(str(own)),
                "keep one of the two",
            )
        return own
    return project if in_project else None


def merge(outer: Config, file: Path, root: Path, *, nested: bool = False) -> Config:
    """`outer` with the keys of `file` added: lists of entries add up, other values win over the outer ones.

    A `nested` file lies below the folder that is scanned: what it says of rules holds for its own folder only.
    """
    source = _read(file, root)
    data = source.value
    folder = file.parent.as_posix()
    here = Paths(folder, ("**",)) if nested else None
    values: dict[str, Any] = {
        "files": (*outer.files, source.path),
        "layers": (*outer.layers, *_layers(source, folder, here)),
        "exclude": outer.exclude + ((Paths(folder, tuple(data["exclude"])),) if data.get("exclude") else ()),
        "waivers": (*outer.waivers, *_waivers(source, folder, here)),
        "projects": (*outer.projects, *_projects(source, file.parent)),
        "charts": (*outer.charts, *_charts(source, file.parent)),
        "pod_templates": {**outer.pod_templates, **data.get("pod_templates", {})},
    }
    if nested:
        ignored = tuple(
            Notice(
                f"{key} counts only for scans of this folder",
                source.key((key,)),
                f"move it to the {FILE_NAME} of the folder that is scanned",
            )
            for key in RUN_WIDE
            if key in data
        )
        return outer._replace(**values, notices=outer.notices + ignored)
    values["rule_folders"] = outer.rule_folders + tuple(file.parent / name for name in data.get("rule_folders", ()))
    values["helm_limits"] = {**outer.helm_limits, **data.get("helm_limits", {})}
    values["parameters"] = {**outer.parameters, **_parameters(source)}
    for key in ("builtin_rules", "fail_on", "strict", "allow_incomplete"):
        values[key] = data.get(key, getattr(outer, key))
    if "baseline" in data:
        values["baseline"] = file.parent / data["baseline"]
    for key in ("select", "ignore"):
        values[key] = source.words((key,)) if key in data else getattr(outer, key)
    return outer._replace(**values)


class _Source(NamedTuple):
    """A configuration as read: its values, and where they stand."""

    path: str
    value: dict[str, Any]
    document: "Document | None"
    text: str

    def place(self, route: Route) -> Location:
        """The value at `route`, else its nearest ancestor."""
        if self.document is not None:
            return self.document.locate(route).location
        return Location(self.path, _toml_line(self.text, route))

    def key(self, route: Route) -> Location:
        """The key that `route` ends with."""
        span = self.document.key_span(route) if self.document is not None else None
        return Location(self.path, *span) if span else self.place(route)

    def words(self, route: Route) -> tuple[tuple[str, Location], ...]:
        """The texts of a list at `route`, each with its place."""
        found: Any = self.value
        for step in route:
            found = found.get(step, ()) if isinstance(found, dict) else found[step]
        return tuple((word, self.place((*route, index))) for index, word in enumerate(found))


SCHEMA = Path(__file__).with_name("config.schema.json")


def _read(file: Path, root: Path) -> _Source:
    from scanner.policy.schema import load_schema

    display = file.relative_to(root).as_posix() if file.is_relative_to(root) else file.as_posix()
    data = _bytes(file, display)
    source = _read_toml(data, display) if file.suffix == ".toml" else _read_yaml(data, display)
    problems = list(load_schema(SCHEMA)(source.value, ())) or list(_impossible_dates(source.value))
    if problems:
        errors = [_error(source, problem) for problem in problems]
        raise ConfigurationErrors(sorted(errors, key=lambda error: error.location or Location("")))
    return source


def _bytes(file: Path, display: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"cannot be read: {error.strerror}", Location(display), "give the right to read it"
        ) from error


def _impossible_dates(value: dict[str, Any]) -> Iterator["SchemaError"]:
    from scanner.policy.schema import SchemaError

    for index, entry in enumerate(value.get("waivers", ())):
        if "expires" in entry:
            from datetime import date

            try:
                date.fromisoformat(entry["expires"])
            except ValueError:
                there_is = f"there is no day {entry['expires']}"
                yield SchemaError(("waivers", index, "expires"), there_is, "write YYYY-MM-DD")


def _error(source: _Source, problem: "SchemaError") -> ConfigurationError:
    where = f"{format_route(problem.route)}: " if problem.route and not problem.key else ""
    place = source.key(problem.route) if problem.key else source.place(problem.route)
    return ConfigurationError(f"{where}{problem.message}", place, problem.hint)


def _read_yaml(data: bytes, display: str) -> _Source:
    from scanner.core.errors import SourceError
    from scanner.core.scalars import CONFIG
    from scanner.core.yaml_reader import read_yaml

    try:
        documents = read_yaml(data, display, CONFIG)
    except SourceError as error:
        raise ConfigurationError(error.message, error.location, error.hint) from error
    if len(documents) > 1:
        raise ConfigurationError(
            "a configuration is one document", Location(display, documents[1].first_line + 1), "remove the ---"
        )
    document = documents[0] if documents else None
    value = document.value if document is not None else None
    return _Source(display, {} if value is None else value, document, "")


def _read_toml(data: bytes, display: str) -> _Source:
    import tomllib

    try:
        text = data.decode("utf-8-sig")
        value = tomllib.loads(text).get("tool", {}).get("groundrule", {})
    except (ValueError, AttributeError) as error:
        raise ConfigurationError(f"not valid TOML: {error}", Location(display), "correct the syntax") from error
    return _Source(display, _plain(value), None, text)


def _plain(value: Any) -> Any:
    """TOML's dates as texts, as in YAML."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _toml_line(text: str, route: Route) -> int:
    """The line of the deepest part of `route` that a table's head or a key's line shows: TOML's reader tells none."""
    import re

    steps = [str(step) for step in route if isinstance(step, str)]
    counts = [step for step in route if isinstance(step, int)]
    lines = text.splitlines()
    best = next((n for n, line in enumerate(lines, 1) if re.match(r"\s*\[+\s*tool\.groundrule\b", line)), 0)
    table: list[str] = []
    arrays: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        head = re.match(r"\s*(\[\[?)\s*tool\.groundrule\.?([^\]]*)\]", line)
        if head:
            table = [part.strip("\"' ") for part in head[2].split(".") if part]
            name = ".".join(table)
            arrays[name] = arrays.get(name, -1) + (head[1] == "[[")
            if table and table == steps[: len(table)] and (head[1] == "[" or arrays[name] == (counts or [0])[0]):
                best = number
            continue
        if re.match(r"\s*\[", line):
            table = ["\0"]
        key = re.match(r"\s*([\w\"'.-]+)\s*=", line)
        if key and table != ["\0"]:
            full = [*table, *(part.strip("\"'") for part in key[1].split("."))]
            wanted = not counts or ".".join(table) not in arrays or arrays[".".join(table)] in (-1, counts[0])
            if full == steps[: len(full)] and wanted:
                best = number
    return best


def _layers(source: _Source, folder: str, here: Paths | None) -> Iterator[Layer]:
    data = source.value
    ignore = source.words(("ignore",)) if here and "ignore" in data else ()
    if data.get("rules") or ignore:
        yield Layer(here, _settings(source, ("rules",), data.get("rules", {})), ignore)
    for index, entry in enumerate(data.get("overrides", ())):
        route: Route = ("overrides", index)
        yield Layer(
            Paths(folder, tuple(entry["paths"])),
            _settings(source, (*route, "rules"), entry.get("rules", {})),
            source.words((*route, "ignore")) if "ignore" in entry else (),
        )


def _parameters(source: _Source) -> dict[str, tuple[Any, Location]]:
    return {
        name: (value, source.key(("parameters", name))) for name, value in source.value.get("parameters", {}).items()
    }


def _settings(source: _Source, route: Route, rules: Mapping[str, Any]) -> dict[str, RuleSetting]:
    return {
        rule: RuleSetting(
            setting.get("enabled"),
            setting.get("severity"),
            setting.get("parameters", {}),
            source.key((*route, rule)),
            {name: source.key((*route, rule, "parameters", name)) for name in setting.get("parameters", {})},
        )
        for rule, setting in rules.items()
    }


def _waivers(source: _Source, folder: str, here: Paths | None) -> Iterator[WaiverEntry]:
    for index, entry in enumerate(source.value.get("waivers", ())):
        rules = entry["rule"]
        yield WaiverEntry(
            rules=(rules,) if isinstance(rules, str) else tuple(rules),
            paths=Paths(folder, tuple(entry["paths"])) if "paths" in entry else here,
            resource=entry.get("resource", ""),
            reason=entry["reason"],
            owner=entry.get("owner", ""),
            expires=entry.get("expires", ""),
            location=source.place(("waivers", index)),
            folder=folder,
        )


def _projects(source: _Source, folder: Path) -> Iterator[Project]:
    for index, entry in enumerate(source.value.get("projects", ())):
        yield Project(
            name=entry.get("name", ""),
            files=tuple(folder / name for name in entry["files"]),
            profiles=tuple(entry["profiles"]) if "profiles" in entry else None,
            env_files=tuple(folder / name for name in entry.get("env_files", ())),
            location=source.place(("projects", index)),
        )


def _charts(source: _Source, folder: Path) -> Iterator[ChartEntry]:
    for index, entry in enumerate(source.value.get("charts", ())):
        sets = tuple(
            ValuesSet(
                name=each["name"],
                files=tuple(folder / name for name in each.get("files", ())),
                set=tuple(each.get("set", ())),
                release_name=each.get("release_name", ""),
                namespace=each.get("namespace", ""),
                kube_version=each.get("kube_version", ""),
                api_versions=tuple(each.get("api_versions", ())),
            )
            for each in entry.get("values_sets", ())
        )
        path = Path(os.path.realpath(folder / entry["path"]))
        yield ChartEntry(path, sets, entry.get("default_values", True), source.place(("charts", index)))
