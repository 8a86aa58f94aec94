"""The options of `scan` that say how charts are rendered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from scanner.core.errors import UsageError

_OPTIONS = (
    click.option(
        "--values",
        "values_files",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Judge charts with these values instead of their sets; repeatable.",
    ),
    click.option("--set", "set_values", multiple=True, metavar="K=V", help="A single value of charts; repeatable."),
    click.option("--ci-values", is_flag=True, help="Judge charts with each ci/*-values.yaml of theirs too."),
    click.option("--kube-version", metavar="VERSION", help="The Kubernetes version that charts are rendered for."),
    click.option("--release-name", metavar="NAME", help="The release name of charts.  [default: release-name]"),
    click.option("--namespace", metavar="NAME", help="The namespace of charts.  [default: default]"),
    click.option(
        "--helm-binary",
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="Render charts with this Helm; lines of values are not known then.",
    ),
)
_PROFILE = ("kube_version", "release_name", "namespace")


def helm_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options to a command, which gets them as `helm_flags` takes them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def helm_flags(
    *,
    values_files: tuple[Path, ...],
    set_values: tuple[str, ...],
    ci_values: bool,
    helm_binary: Path | None,
    **profile: str | None,
) -> Any:
    """The HelmFlags that the options mean. Raises UsageError for what cannot be."""
    from scanner.config import ValuesSet
    from scanner.loading import HelmFlags

    for file in values_files:
        if not file.is_file():
            raise UsageError(f"the file of values {file} does not exist", hint="correct --values")
    if helm_binary is not None and not helm_binary.is_file():
        raise UsageError(f"there is no Helm at {helm_binary}", hint="correct --helm-binary")
    given = {name: value for name in _PROFILE if (value := profile[name])}
    if "kube_version" in given:
        from scanner.helm.capabilities import parse_kube_version
        from scanner.helm.errors import HelmError

        try:
            parse_kube_version(given["kube_version"])
        except HelmError as error:
            raise UsageError(error.message, hint=error.hint) from error
    values = None
    if values_files or set_values:
        values = ValuesSet("default", values_files, set_values)._replace(**given)  # type: ignore[arg-type]
    return HelmFlags(values, given, ci_values, helm_binary)
