"""What a load shows of a chart: by our loader, and by `helm template` with a template that prints it all."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from scanner.helm.chart import Chart
from scanner.helm.chart_files import LoadOptions, load_chart
from scanner.helm.dependencies import check_dependencies
from scanner.helm.errors import HelmError
from scanner.template.kinds import Struct
from tests.conftest import tool

PROBE = "templates/zz-probe.yaml"
PROBE_TEXT = '{{ dict "chart" .Chart "files" .Files "subcharts" .Subcharts | toJson }}\n'
FOLDER = "<folder>"


def helm() -> str:
    """The path of the real Helm; the test is skipped where it was not built, and fails in CI."""
    return str(tool("helm"))


def by_helm(path: Path) -> dict[str, Any]:
    """`{"error": text}`, or the chart's JSON, the names of its `.Files`, its templates and its subcharts."""
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(path.parent)}
    ran = subprocess.run(
        [helm(), "template", str(path)], capture_output=True, cwd=path.parent, env=environment, timeout=60
    )
    if ran.returncode:
        errors = [
            line for line in ran.stderr.decode().splitlines() if not re.match(r"\d{4}/|\w+\.go:\d+: |WARNING: ", line)
        ]
        text = "\n".join(errors).removeprefix("Error: ").removesuffix("\n\nUse --debug flag to render out invalid YAML")
        return {"error": text.replace(str(path), FOLDER)}
    output = ran.stdout.decode()
    probed = re.search(r"^\{.*\}$", output, re.MULTILINE)
    templates = {name for name in re.findall(r"^# Source: (.*)$", output, re.MULTILINE) if not name.endswith(PROBE)}
    seen = _seen(json.loads(probed[0])) if probed else {}
    return {**seen, "templates": sorted(templates)}


def _seen(context: dict[str, Any]) -> dict[str, Any]:
    for wanted in (context.get("chart") or context.get("Chart") or {}).get("dependencies", ()):
        wanted.pop("enabled", None)
    seen = {
        "chart": context.get("chart") or context.get("Chart"),
        "files": sorted(context.get("files") or context.get("Files") or {}),
    }
    subcharts = context.get("subcharts") or context.get("Subcharts") or {}
    if subcharts:
        seen["subcharts"] = {name: _seen(below) for name, below in sorted(subcharts.items())}
    return seen


def by_us(path: Path, options: LoadOptions | None = None) -> dict[str, Any]:
    """The same, from the loaded record."""
    try:
        chart = load_chart(path, options)
        check_dependencies(chart)
    except HelmError as error:
        return {"error": error.message.replace(str(path), FOLDER)}
    names = [
        f"{each.full_path}/{file.name}"
        for each in all_charts(chart)
        if not each.is_library
        for file in each.templates
        if file.data
    ]
    printed = [name for name in names if not name.rpartition("/")[2].startswith("_")]
    probe = f"{chart.name}/{PROBE}"
    seen = _record(chart) if probe in printed else {}
    return {**seen, "templates": sorted(set(printed) - {probe})}


def all_charts(chart: Chart) -> list[Chart]:
    """A chart and all below it."""
    return [chart, *(below for subchart in chart.dependencies for below in all_charts(subchart))]


def _record(chart: Chart) -> dict[str, Any]:
    metadata = {**json_of(chart.metadata), "IsRoot": chart.is_root}
    seen: dict[str, Any] = {"chart": metadata, "files": sorted({_json_text(file.name) for file in chart.files})}
    if chart.dependencies:
        seen["subcharts"] = {
            below.name: _record(below) for below in sorted(chart.dependencies, key=lambda each: each.name)
        }
    return seen


def _json_text(text: str) -> str:
    return re.sub("[\udc80-\udcff]", "\ufffd", text)


def json_of(value: Any) -> Any:
    """A struct as the JSON that Go writes."""
    if isinstance(value, Struct):
        return {name: json_of(item) for name, item in value.json_fields()}  # type: ignore[attr-defined]
    if isinstance(value, list):
        return [json_of(item) for item in value]
    return value


def write_chart(folder: Path, files: dict[str, str]) -> Path:
    """Writes a chart's files; Chart.yaml and the probe are added where there are none. A name with `->` is a link, and
    a text of `base64:...` holds bytes."""
    import base64

    defaults = {"Chart.yaml": "apiVersion: v2\nname: top\nversion: 1.0.0\n", PROBE: PROBE_TEXT}
    for name, text in {**defaults, **files}.items():
        if "->" in name:
            name, _, target = name.partition("->")
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(target)
            continue
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            continue
        data = base64.b64decode(text[7:]) if text.startswith("base64:") else text.encode("utf-8", "surrogateescape")
        place.write_bytes(data)
    return folder
