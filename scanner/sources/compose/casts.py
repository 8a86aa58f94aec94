"""The types that Compose gives to strings at certain paths, quoted or interpolated: `privileged: "true"` is a bool."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scanner.sources.compose.go_values import float32, parse_float, parse_int, parse_unsigned

Path = tuple[str | int, ...]

_TRUE = frozenset({"true", "y", "yes", "on"})
_FALSE = frozenset({"false", "n", "no", "off"})


def boolean(text: str) -> bool:
    """`true` or `false`, and with a warning in Compose the words of YAML 1.1, in any case. Raises ValueError."""
    word = text.lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(f"invalid boolean: {text}")


def _int(text: str) -> int:
    return parse_int(text, "Atoi")


def _float32(text: str) -> float:
    return float32(parse_float(text, 32))


# Attributes of whatever runs a container: services, jobs, and the init containers of `pre_start`.
_CONTAINER: dict[str, Callable[[str], object]] = {
    "cpu_count": parse_int,
    "cpu_percent": parse_float,
    "cpu_period": parse_int,
    "cpu_quota": parse_int,
    "cpu_rt_period": parse_int,
    "cpu_rt_runtime": parse_int,
    "cpus": _float32,
    "cpu_shares": parse_int,
    "init": boolean,
    "networks.*.use_service_name_alias": boolean,
    "oom_kill_disable": boolean,
    "oom_score_adj": parse_int,
    "pids_limit": parse_int,
    "privileged": boolean,
    "read_only": boolean,
    "umask": parse_unsigned,
    "ulimits.*": _int,
    "ulimits.*.hard": _int,
    "ulimits.*.soft": _int,
    "volumes.[].read_only": boolean,
    "volumes.[].volume.nocopy": boolean,
}
# Attributes of services and jobs.
_WORKLOAD: dict[str, Callable[[str], object]] = {
    "depends_on.*.required": boolean,
    "depends_on.*.restart": boolean,
    "healthcheck.retries": _int,
    "healthcheck.disable": boolean,
    "ports.[].target": _int,
    "stdin_open": boolean,
    "tty": boolean,
}
_SERVICE: dict[str, Callable[[str], object]] = {
    "deploy.replicas": _int,
    "deploy.update_config.parallelism": _int,
    "deploy.update_config.max_failure_ratio": parse_float,
    "deploy.rollback_config.parallelism": _int,
    "deploy.rollback_config.max_failure_ratio": parse_float,
    "deploy.restart_policy.max_attempts": _int,
    "deploy.placement.max_replicas_per_node": _int,
    "scale": _int,
}
_TOP: dict[str, Callable[[str], object]] = {
    "networks.*.external": boolean,
    "networks.*.internal": boolean,
    "networks.*.attachable": boolean,
    "networks.*.enable_ipv4": boolean,
    "networks.*.enable_ipv6": boolean,
    "volumes.*.external": boolean,
    "secrets.*.external": boolean,
    "configs.*.external": boolean,
}


def _patterns() -> Iterator[tuple[tuple[str, ...], Callable[[str], object]]]:
    tables = (
        (("services.*.", "jobs.*.", "services.*.pre_start.*."), _CONTAINER),
        (("services.*.", "jobs.*."), _WORKLOAD),
        (("services.*.",), _SERVICE),
        (("",), _TOP),
    )
    for prefixes, table in tables:
        for prefix in prefixes:
            for pattern, kind in table.items():
                yield tuple((prefix + pattern).split(".")), kind


_BY_END: dict[tuple[int, str], list[tuple[tuple[str, ...], Callable[[str], object]]]] = {}
for _pattern, _kind in _patterns():
    _BY_END.setdefault((len(_pattern), _pattern[-1]), []).append((_pattern, _kind))


def cast(path: Path, text: str) -> str | int | float | bool:
    """`text` as the type that compose-go casts strings at `path` to; most paths have none, and keep the text.

    `path` holds list indexes as ints. It applies to every string there, whether or not a variable stood in it.
    Raises ValueError in compose-go's words.
    """
    last = path[-1]
    for key in ((len(path), "[]" if isinstance(last, int) else last), (len(path), "*")):
        for pattern, kind in _BY_END.get(key, ()):
            if all(_matches(want, step) for want, step in zip(pattern, path, strict=True)):
                try:
                    return kind(text)  # type: ignore[return-value]
                except ValueError as error:
                    raise ValueError(f"failed to cast to expected type: {error}") from None
    return text


def _matches(want: str, step: str | int) -> bool:
    return want == "*" or want == ("[]" if isinstance(step, int) else step)
