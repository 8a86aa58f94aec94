"""Renders a loaded chart as `helm template` does."""

from __future__ import annotations

import gc
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from operator import attrgetter
from typing import Any, NamedTuple

from scanner.core.location import Location
from scanner.core.patterns import late
from scanner.helm.capabilities import Capabilities, capabilities
from scanner.helm.chart import Chart, ChartFile
from scanner.helm.coalesce import Removed, Warn, coalesce_values
from scanner.helm.contexts import Renderable, in_order, release, renderables
from scanner.helm.dependencies import check_dependencies, enable_dependencies, private_copy
from scanner.helm.errors import HelmError
from scanner.helm.functions.includes import without_no_value
from scanner.helm.imports import import_values
from scanner.helm.manifests import TEST, Manifest, assembled, only_shown, sort_manifests
from scanner.helm.places import copied_file, placed
from scanner.template.deep_stack import with_deep_stack
from scanner.template.errors import LimitError, TemplateError
from scanner.template.kinds import Values, put
from scanner.template.limits import Limits
from scanner.template.origins import Skipped
from scanner.template.run import Run, execute_segments
from scanner.template.source import Source
from scanner.template.templates import Templates
from scanner.template.utf8 import encoded

NOTES = "NOTES.txt"
_NAME = late(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_LONGEST_NAME = 53
_MARKED = late("HELM_ERR_START(.*)HELM_ERR_END", re.DOTALL)


class RenderOptions(NamedTuple):
    """How a chart is rendered. `capabilities` is the Kubernetes to render for, None for Helm's own default."""

    release_name: str = "release-name"
    namespace: str = "default"
    capabilities: Capabilities | None = None
    skip_schema: bool = False
    deterministic: bool = False
    traced: bool = True
    limits: Limits = Limits()


class Rendered(NamedTuple):
    """What a chart renders to: manifests and hooks in the order that Helm prints them, the notes, the CRDs (name and
    file), and the lines that Helm writes to its standard error."""

    manifests: list[Manifest]
    hooks: list[Manifest]
    notes: str
    crds: list[tuple[str, ChartFile]]
    warnings: list[str]
    chart: Chart
    """The chart as it was rendered: with the subcharts that the values switch on, under their aliases."""
    skipped: tuple[Skipped, ...] = ()
    """The branches that no template took, when traced."""
    removed: Removed | None = None
    """The entries that nulls took out of the values, when traced."""


def render(chart: Chart, values: Values, options: RenderOptions, warn: Warn | None = None) -> Rendered:
    """Renders a chart with the values of a user. Neither is changed. Raises HelmError with Helm's message.

    `warn` gets each line of the result's `warnings` as soon as it is known, also where the chart fails.
    """
    with _no_search_for_cycles():
        return with_deep_stack(lambda: _rendered(chart, values, options, warn))


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Trees and closures are many, live long and hold no cycles: looking for some costs more than the rendering."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _rendered(chart: Chart, values: Values, options: RenderOptions, warn: Warn | None) -> Rendered:
    warnings: list[str] = []

    def note(line: str) -> None:
        warnings.append(line)
        if warn is not None:
            warn(line)

    for line in chart.warnings:
        note(line)
    _check_chart(chart, options, note)
    own = private_copy(chart)
    enable_dependencies(own, values, note)
    import_values(own, note)
    removed: Removed = {}
    coalesced = coalesce_values(own, values, note, removed)
    if not options.skip_schema:
        from scanner.helm.schema import check_values

        check_values(own, coalesced, note)
    profile = options.capabilities or capabilities()
    _check_kube_version(own, profile)
    released = release(options.release_name, options.namespace)
    templates = renderables(own, coalesced, released, profile, traced=options.traced)
    files, skipped = execute_templates(templates, options)
    notes_name = f"{own.name}/templates/{NOTES}"
    manifests, hooks = sort_manifests(((name, text) for name, text in files.items() if not name.endswith(NOTES)), note)
    return Rendered(manifests, hooks, files.get(notes_name, ""), own.crds(), warnings, own, skipped, removed)


def limits_of(settings: Mapping[str, float]) -> Limits:
    """The limits that a configuration sets, by the names of their fields; the others are the usual ones."""
    usual = Limits()
    return usual._replace(**{name: type(getattr(usual, name))(value) for name, value in settings.items()})


def print_manifests(
    rendered: Rendered,
    *,
    include_crds: bool = False,
    skip_tests: bool = False,
    show_only: Iterable[str] = (),
    traced: bool = False,
) -> str:
    """The bytes of `helm template`. Raises HelmError where `show_only` names a template that prints nothing.

    `traced`: the CRDs say where they come from too.
    """
    read = copied_file if traced else attrgetter("text")
    crds = [(name, read(file)) for name, file in rendered.crds] if include_crds else []
    hooks = [hook for hook in rendered.hooks if not (skip_tests and TEST in hook.events)]
    output = assembled(
        [*crds, *((each.source, each.text) for each in rendered.manifests)],
        [(each.source, each.text) for each in hooks],
    )
    shown = tuple(show_only)
    return only_shown(output, shown) if shown else output


def output_bytes(text: str) -> bytes:
    """What is printed of a rendered text: bytes of a chart that are no text come out as they went in."""
    return encoded(text)


def _check_chart(chart: Chart, options: RenderOptions, warn: Warn) -> None:
    kind = chart.metadata.type
    if kind not in ("", "application"):
        raise HelmError(f"{kind} charts are not installable", Location(f"{chart.path}/Chart.yaml"))
    if chart.metadata.deprecated:
        warn("WARNING: This chart is deprecated")
    if chart.metadata.dependencies is not None:
        check_dependencies(chart)
    name = options.release_name
    if not name:
        raise HelmError('release name "": no name provided')
    if len(name.encode("utf-8", "surrogateescape")) > _LONGEST_NAME or not _NAME.fullmatch(name):
        from scanner.template.printing import quote

        raise HelmError(
            f"release name {quote(name)}: invalid release name, must match regex ^{_NAME.pattern}$"
            f" and the length must not be longer than {_LONGEST_NAME}"
        )


def _check_kube_version(chart: Chart, profile: Capabilities) -> None:
    wanted = chart.metadata.kube_version
    if not wanted:
        return
    from scanner.template.semantic_version import VersionError, satisfies

    version = profile.kube_version.version
    try:
        fits = satisfies(version, wanted)
    except VersionError:  # Helm says the same of what is no constraint
        fits = False
    if not fits:
        raise HelmError(
            f"chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {version}",
            Location(f"{chart.path}/Chart.yaml"),
            "choose another version with --kube-version",
        )


def execute_templates(
    templates: dict[str, Renderable], options: RenderOptions
) -> tuple[dict[str, str], tuple[Skipped, ...]]:
    """What each template file writes, and the branches that were not taken. Positions in traced texts are `Placed`."""
    from scanner.helm.functions import function_table

    order = in_order(templates)
    parsed = Templates(function_table(), options.limits)
    sources = {}
    for name in order:
        file = templates[name].file
        sources[name] = Source(name, file.text, file.path)
        try:
            parsed.parse(sources[name])
        except TemplateError as error:
            raise _failed(_parse_message(name, error), error, sources, name, options.limits) from None
    run = Run(parsed, traced=options.traced, deterministic=options.deterministic, limits=options.limits)
    rendered = {}
    for name in order:
        if posixpath.basename(name).startswith("_"):
            continue
        template = templates[name]
        put(template.context, "Template", Values({"Name": name, "BasePath": template.base_path}))
        try:
            rendered[name] = without_no_value(placed(execute_segments(run, name, template.context), run))
        except TemplateError as error:
            raise _failed(_execution_message(error), error, sources, name, options.limits) from None
        except MemoryError:
            raise HelmError(
                "the templates need more memory than there is", Location(templates[name].file.path)
            ) from None
    return rendered, tuple(run.skipped.values())


def _parse_message(name: str, error: TemplateError) -> str:
    tokens = error.message.split(": ")
    if len(tokens) == 1:
        return f"parse error in ({name}): {error.message}"
    return f"parse error at ({tokens[1]}): {tokens[-1]}"


def _execution_message(error: TemplateError) -> str:
    tokens = error.message.split(": ", 2)
    if len(tokens) == 3:
        found = _MARKED.search(tokens[2])
        if found is not None:
            return f"execution error at ({tokens[1]}): {found[1]}"
    return error.message


def _failed(message: str, error: TemplateError, sources: dict[str, Source], name: str, limits: Limits) -> HelmError:
    """Helm's error, with the place in the template that it names, or where a limit was met the one that ran."""
    if isinstance(error, LimitError):
        hint = ""
        if error.limit:
            setting = f"helm_limits.{error.limit} (now {str(getattr(limits, error.limit)).removesuffix('.0')})"
            hint = f"raise {setting} in .groundrule.yaml, if the chart is one to trust"
        return HelmError(error.message, Location(sources[name].path), hint)
    source = sources.get(error.name)
    if source is None or not source.path:
        return HelmError(message)
    return HelmError(message, Location(source.path, error.line, _column(source, error)))


def _column(source: Source, error: TemplateError) -> int:
    """The column in code points, from 1; 0 where the error has none. Go counts bytes, from 0."""
    if not error.column:
        return 0
    lines = source.text.split("\n")
    line: Any = lines[error.line - 1] if 0 < error.line <= len(lines) else ""
    encoded = line.encode("utf-8", "surrogateescape")[: error.column]
    return len(encoded.decode("utf-8", "replace")) + 1
