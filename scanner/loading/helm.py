"""Loads Helm charts: each is rendered for every set of values that it is to be judged with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from scanner.config import ChartEntry, ValuesSet
from scanner.core.location import Location
from scanner.core.resource import Resource, Subject
from scanner.core.result import Notice, NotScanned, Scanned
from scanner.discovery import display_path
from scanner.helm.chart import Chart
from scanner.helm.chart_files import LoadOptions, load_chart
from scanner.helm.errors import HelmError
from scanner.helm.render import Rendered
from scanner.loading.batch import Batch, Loader
from scanner.sources.helm.comments import TemplateText
from scanner.sources.helm.manifests import ChartResources, chart_resources
from scanner.traces import Versions

_LONGEST_MESSAGE = 4_000
"""How much of an error or warning is reported; where templates nest deeply, the cause stands at its end."""

DEFAULT = "default"
"""The name of the set that is the chart's own values.yaml."""


def charts(loader: Loader) -> Iterator[Batch]:
    """A batch for each chart and set of values, in the order of their paths."""
    found = loader.found
    entries = {entry.path: entry for entry in loader.config.charts}
    for path in sorted(found.charts):
        try:
            chart = load_chart(path, _load_options(loader))
        except HelmError as error:
            found.not_scanned.append(_failed(error, display_path(path, found.root), ""))
            continue
        _warn(loader, chart, chart.warnings)
        if chart.is_library:
            library = "a library chart: what it defines is judged where other charts use it"
            loader.notices.append(Notice(library, Location(chart.declarations["Chart.yaml"].path)))
            yield _batch(loader, chart, [], ChartResources(), ValuesSet(DEFAULT), "")
            continue
        sets = [_complete(wanted) for wanted in _sets(loader, path, entries.get(path))]
        for wanted in sets:
            yield from _rendered(loader, path, chart, wanted, named=len(sets) > 1 or wanted.name != DEFAULT)


def _warn(loader: Loader, chart: Chart, warnings: Iterable[str]) -> None:
    """Notes what Helm warns of, once for all sets of values."""
    known = set(loader.notices)
    notices = dict.fromkeys(Notice(_shortened(warning), Location(_shown(chart))) for warning in warnings)
    loader.notices.extend(notice for notice in notices if notice not in known)


def _shortened(message: str) -> str:
    if len(message) <= _LONGEST_MESSAGE:
        return message
    half = _LONGEST_MESSAGE // 2
    return f"{message[:half]} [...] {message[-half:]}"


def _shown(chart: Chart) -> str:
    """The path of a chart's folder or archive."""
    return chart.path.partition("!/")[0] if chart.archive else chart.path


def _complete(wanted: ValuesSet) -> ValuesSet:
    """A set with the names that Helm takes where none is given."""
    return wanted._replace(release_name=wanted.release_name or "release-name", namespace=wanted.namespace or "default")


def _load_options(loader: Loader) -> LoadOptions:
    root = loader.found.root
    return LoadOptions(root=root, display=lambda path: display_path(path, root), follow_siblings=True)


def _sets(loader: Loader, chart: Path, entry: ChartEntry | None) -> Iterator[ValuesSet]:
    """The sets of values to judge a chart with: those of the command line alone, else the chart's own, then those that
    the configuration names, then those in `ci/` where they are asked for."""
    flags = loader.helm
    if flags.values is not None:
        yield flags.values
        return
    if entry is None or entry.default_values:
        yield ValuesSet(DEFAULT)._replace(**flags.profile)
    for each in entry.values_sets if entry is not None else ():
        yield each._replace(**flags.profile)
    if flags.ci_values and chart.is_dir():
        for file in sorted((chart / "ci").glob("*-values.yaml")):
            yield ValuesSet(f"ci/{file.name}", (file,))._replace(**flags.profile)


def _rendered(loader: Loader, path: Path, chart: Chart, wanted: ValuesSet, *, named: bool) -> Iterator[Batch]:
    found = loader.found
    name = wanted.name if named else ""
    try:
        rendered = _render(loader, path, chart, wanted)
    except HelmError as error:
        found.not_scanned.append(_failed(error, _shown(chart), name))
        return
    _warn(loader, chart, rendered.warnings)
    held = chart_resources(rendered, loader.config.pod_templates)
    found.not_scanned.extend(entry._replace(values=name) for entry in held.not_scanned)
    texts = [*_texts(rendered.chart, wanted, loader), *held.documents]
    yield _batch(loader, chart, texts, held, wanted, name)


def _render(loader: Loader, path: Path, chart: Chart, wanted: ValuesSet) -> Rendered:
    from scanner.helm.capabilities import KUBERNETES_VERSION, capabilities
    from scanner.helm.render import RenderOptions, limits_of, render
    from scanner.helm.values_files import RenderValues, user_values

    root = loader.found.root
    given = RenderValues(files=tuple(map(str, wanted.files)), set=wanted.set)
    values = user_values(given, display=lambda file: display_path(file.resolve(), root))
    options = RenderOptions(
        release_name=wanted.release_name,
        namespace=wanted.namespace,
        capabilities=capabilities(wanted.kube_version or KUBERNETES_VERSION, wanted.api_versions),
        deterministic=True,
        limits=limits_of(loader.config.helm_limits),
    )
    if loader.helm.binary is not None:
        from scanner.helm.installed_helm import render_with

        return render_with(loader.helm.binary, chart, path, given, values, options)
    return render(chart, values, options)


def _failed(error: HelmError, chart: str, values: str) -> NotScanned:
    place = error.location or Location(chart)
    message = _shortened(error.message)
    hint = error.hint
    if not hint and "missing in charts/ directory" in message:
        hint = f"helm dependency build {chart}"
    elif not hint:
        hint = "correct the chart, or give it the values that it asks for under charts in .groundrule.yaml"
    return NotScanned(place.path, message, hint, place.line, place.column, source="helm", values=values)


def _texts(chart: Chart, wanted: ValuesSet, loader: Loader) -> list[Any]:
    """What suppressions read: the templates and files of values of a chart and of its subcharts."""
    texts: list[Any] = [TemplateText(file.path, file.text) for file in chart.templates if b"groundrule" in file.data]
    if chart.values_file is not None and b"groundrule" in chart.values_file.data:
        texts.append(TemplateText(chart.values_file.path, chart.values_file.text))
    for path in wanted.files if chart.is_root else ():
        text = path.read_text(encoding="utf-8", errors="replace")
        texts.append(TemplateText(display_path(path, loader.found.root), text))
    for subchart in chart.dependencies:
        if not subchart.archive:
            texts += _texts(subchart, wanted, loader)
    return texts


def _batch(
    loader: Loader, chart: Chart, texts: list[Any], held: ChartResources, wanted: ValuesSet, values: str
) -> Batch:
    from scanner.normalize.kubernetes import Facts, Options, subjects

    options = Options(loader.config.pod_templates)

    def each(views: frozenset[str]) -> Iterator[tuple[Resource, Iterable[Subject]]]:
        facts = Facts(options, wanted.namespace)
        for resource in held.resources:
            facts.add(resource)
        for resource in held.resources:
            found = list(subjects(resource, views, options))
            for subject in found:
                subject.values |= facts.relations(subject)
            yield resource, found
        if "kubernetes_namespace" in views:
            for subject in facts.namespace_subjects():
                # The namespace that a chart is installed into is made and secured elsewhere.
                if subject.values["declared"] or subject.resource.name != wanted.namespace:
                    yield subject.resource, (subject,)

    count = len(held.resources) + held.definitions
    return Batch(
        "kubernetes",
        [Scanned(_shown(chart), "helm", count)],
        texts,
        each,
        complete=True,
        values_set=values,
        release=(wanted.release_name, wanted.namespace),
        versions=Versions(_versions(chart)),
    )


def _versions(chart: Chart) -> Iterator[str]:
    """The versions of a chart and of the charts in it, and those of what they install."""
    yield from (chart.metadata.version, chart.metadata.app_version)
    for subchart in chart.dependencies:
        yield from _versions(subchart)
