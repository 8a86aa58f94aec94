"""`groundrule render`: a Compose project as Compose resolves it, or a chart as `helm template` renders it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

ARCHIVES = (".tgz", ".tar.gz")


Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def _repeatable(name: str, text: str, *names: str) -> Callable[[Decorated], Decorated]:
    return click.option(*names, f"--{name}", metavar="TEXT", multiple=True, help=f"{text}; repeatable.")


@click.command("render")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--profile", "profiles", multiple=True, help="Compose: an active profile; repeatable.")
@_repeatable("values", "Chart: a YAML file of values, - for standard input", "-f")
@_repeatable("set", "Chart: values as name.inner[0]=value,other={a,b}")
@_repeatable("set-string", "Chart: the same, where every value is a text")
@_repeatable("set-file", "Chart: the same, where every value is a file whose content is meant")
@_repeatable("set-json", "Chart: the same, where every value is JSON")
@_repeatable("set-literal", "Chart: one name and its text, in which nothing is special")
@click.option("--release-name", metavar="NAME", help="Chart: the name of the release.  [default: release-name]")
@click.option("-n", "--namespace", metavar="NAME", help="Chart: its namespace.  [default: default]")
@click.option("--kube-version", metavar="VERSION", help="Chart: the Kubernetes version to render for.")
@_repeatable("api-versions", "Chart: API versions that the cluster has besides", "-a")
@click.option("--include-crds", is_flag=True, help="Chart: print what lies in crds/ too.")
@click.option("--skip-tests", is_flag=True, help="Chart: print no tests.")
@_repeatable("show-only", "Chart: print only what this template renders, as templates/x.yaml", "-s")
@click.option("--skip-schema-validation", "skip_schema", is_flag=True, help="Chart: do not check values.schema.json.")
@click.option("--deterministic", is_flag=True, help="Chart: fixed values instead of random ones and of the time.")
@click.option("--show-origins", is_flag=True, help="Chart: print behind each line where it comes from.")
def command(files: Sequence[Path], profiles: Sequence[str], **chart_options: Any) -> int:
    """Print the Compose project of FILE... as JSON, or the manifests of one chart, a folder or a .tgz.

    A Compose project is exactly these files, later ones merged over earlier ones. `.env` is read, env_file is not, and
    variables without a value are empty. A chart comes out byte for byte as `helm template` prints it.

    Values are printed as they are, secrets too. Fails where Compose or Helm fails, with exit status 3.
    """
    from scanner.core.errors import UsageError

    given = [name for name, value in chart_options.items() if value]
    if len(files) == 1 and _is_chart(files[0], bool(given)):
        from scanner.cli.render_chart import render_chart

        if profiles:
            raise UsageError("--profile is for Compose projects", hint="a chart takes --set and -f")
        return render_chart(files[0], **chart_options)
    if given:
        option = "--" + given[0].replace("_", "-")
        raise UsageError(f"{option} is for charts, and {files[0]} is none", hint="name the chart's folder or .tgz")
    return _render_compose(files, profiles)


def _is_chart(path: Path, wanted: bool) -> bool:
    """Whether a path is a chart; a folder that is none is one that is broken, where a chart is `wanted`."""
    if path.is_dir():
        return wanted or (path / "Chart.yaml").exists()
    return path.name.endswith(ARCHIVES) or (wanted and not path.exists())


def _render_compose(files: Sequence[Path], profiles: Sequence[str]) -> int:
    import json
    import os

    from scanner.cli.output import write_document
    from scanner.sources.compose.render import render_project

    project = render_project(list(files), list(profiles), dict(os.environ))
    write_document(json.dumps(project, indent=2, ensure_ascii=False) + "\n")
    return 0
