"""Renders one template as `helm-probe` does: in a chart named p, version 1.2.3; release rel, namespace ns; two files."""

from __future__ import annotations

from scanner.helm.capabilities import Capabilities, capabilities
from scanner.helm.chart import Chart, ChartFile
from scanner.helm.coalesce import coalesce_values
from scanner.helm.contexts import release, renderables
from scanner.helm.errors import HelmError
from scanner.helm.metadata import Metadata
from scanner.helm.origin import ValuesSource
from scanner.helm.render import RenderOptions, execute_templates
from scanner.helm.yaml_values import read_values
from scanner.template.kinds import Values

NAME = "p/templates/t.yaml"


def render_probe(
    template: str, values: str = "", *, traced: bool = True, profile: Capabilities | None = None
) -> tuple[str, str]:
    """(output, error) of a template, one of them empty."""
    chart = Chart("p")
    chart.metadata = Metadata()
    chart.metadata.name, chart.metadata.version = "p", "1.2.3"
    chart.metadata.app_version, chart.metadata.api_version = "9", "v2"
    chart.templates = [ChartFile("templates/t.yaml", template.encode("utf-8", "surrogateescape"), "p/templates/t.yaml")]
    chart.files = [ChartFile("a.txt", b"x\ny\n", "p/a.txt"), ChartFile("cfg/b.conf", b"k: v\n", "p/cfg/b.conf")]
    try:
        source = ValuesSource("values.yaml", "default", "p")
        chart.values = read_values(values, source, traced=traced, go_type="chartutil.Values")
        coalesced = coalesce_values(chart, Values(), lambda _: None)
        found = renderables(chart, coalesced, release("rel", "ns"), profile or capabilities(), traced=traced)
        return execute_templates(found, RenderOptions(traced=traced))[0][NAME], ""
    except HelmError as error:
        return "", error.message
