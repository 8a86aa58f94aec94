"""`groundrule render CHART`: what `helm template` prints of a local chart."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scanner.config import Config


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """What a chart becomes is needed until it is printed, and then the process ends: nothing of it can be collected."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@_no_search_for_cycles()
def render_chart(
    path: Path,
    *,
    values: Sequence[str] = (),
    set: Sequence[str] = (),  # noqa: A002 - the option's name
    set_string: Sequence[str] = (),
    set_file: Sequence[str] = (),
    set_json: Sequence[str] = (),
    set_literal: Sequence[str] = (),
    release_name: str | None = None,
    namespace: str | None = None,
    kube_version: str | None = None,
    api_versions: Sequence[str] = (),
    include_crds: bool = False,
    skip_tests: bool = False,
    show_only: Sequence[str] = (),
    skip_schema: bool = False,
    deterministic: bool = False,
    show_origins: bool = False,
) -> int:
    """Renders a chart's folder or archive, and prints its manifests; what Helm warns of goes to standard error.

    `show_origins` prints behind each line where it comes from.
    """
    from scanner.cli.complain import say
    from scanner.cli.output import write_bytes
    from scanner.helm.capabilities import KUBERNETES_VERSION, capabilities
    from scanner.helm.chart_files import LoadOptions, load_chart
    from scanner.helm.errors import HelmError
    from scanner.helm.render import RenderOptions, limits_of, output_bytes, print_manifests, render
    from scanner.helm.values_files import RenderValues, user_values

    if not path.exists():
        raise HelmError(f'path "{path}" not found')
    options = RenderOptions(
        release_name="release-name" if release_name is None else release_name,
        namespace=namespace or "default",
        capabilities=capabilities(kube_version or KUBERNETES_VERSION, _split(api_versions)),
        skip_schema=skip_schema,
        deterministic=deterministic,
        traced=show_origins,
        limits=limits_of(_configured(path).helm_limits),
    )
    wanted = RenderValues(
        _split(values), tuple(set_json), tuple(set), tuple(set_string), tuple(set_file), tuple(set_literal)
    )
    given = user_values(wanted, traced=show_origins, standard_input=True)
    rendered = render(load_chart(path, LoadOptions(traced=show_origins)), given, options, say)
    output = print_manifests(
        rendered, include_crds=include_crds, skip_tests=skip_tests, show_only=show_only, traced=show_origins
    )
    if show_origins:
        from scanner.helm.line_origins import with_origins

        output = with_origins(output, rendered.chart.path)
    write_bytes(output_bytes(output))
    return 0


def _configured(chart: Path) -> Config:
    """The configuration that a scan of the chart has."""
    from scanner.config import find_root, load_config

    folder = (chart if chart.is_dir() else chart.parent).resolve()
    return load_config(folder, find_root([folder]))


def _split(texts: Sequence[str]) -> tuple[str, ...]:
    """The words of options that take several at once, as a line of comma-separated values."""
    import csv

    return tuple(word for text in texts for line in csv.reader([text]) for word in line)
