"""Every attribute of a project that Compose knows; those of its services are in `service_schema`."""

from __future__ import annotations

from scanner.sources.compose.service_schema import CONTAINER, LABELS, SERVICE, WORKLOAD
from scanner.sources.compose.spec import (
    FLAG,
    MAYBE_FLAG,
    NOT_EMPTY,
    ONE_OR_MORE,
    OPTIONS,
    PAIRS,
    REPEATED_TEXTS,
    TEXT,
    TEXTS,
    Spec,
    listing,
    record,
    table,
)

_EXTERNAL = Spec("bso", {"name": TEXT}, out="flag")
JOB = record(
    {
        **CONTAINER,
        **WORKLOAD,
        "depends_on": WORKLOAD["depends_on"]._replace(out="table"),
        "profiles": TEXTS,
        "triggers": record(
            {
                "manual": MAYBE_FLAG,
                "schedule": listing(
                    Spec(
                        "so",
                        {
                            "cron": TEXT,
                            "timezone": TEXT,
                            "concurrency": TEXT._replace(choices=("forbid", "queue")),
                            "missed_fires": TEXT._replace(choices=("one", "skip")),
                        },
                        required=("cron",),
                        short="schedule",
                        out="record",
                    )
                ),
            },
            any_of=("manual", "schedule"),
        ),
    },
    required=("triggers",),
    out="container",
)
_NETWORK = record(
    {
        "name": TEXT,
        "driver": TEXT,
        "driver_opts": OPTIONS,
        "ipam": record(
            {
                "driver": TEXT,
                "config": listing(
                    record(
                        {
                            "subnet": TEXT,
                            "ip_range": TEXT,
                            "gateway": TEXT,
                            "aux_addresses": Spec("o", entries=TEXT, keys=NOT_EMPTY, extensions=False, out="pairs"),
                        }
                    ),
                    merge="ipam",
                ),
                "options": Spec("o", entries=TEXT, keys=NOT_EMPTY, extensions=False, unique="key", out="options"),
            }
        ),
        "external": _EXTERNAL,
        "internal": FLAG,
        "enable_ipv4": MAYBE_FLAG,
        "enable_ipv6": MAYBE_FLAG,
        "attachable": FLAG,
        "labels": LABELS,
    },
    types="o0",
    short="external",
    out="network",
)
_RESOURCE_LABELS = PAIRS._replace(merge="key_values")
_NAMED_VOLUME = record(
    {
        "name": TEXT,
        "driver": TEXT,
        "driver_opts": OPTIONS,
        "external": _EXTERNAL,
        "labels": _RESOURCE_LABELS,
    },
    types="o0",
    short="external",
    path="driver",
)
_OPEN_EXTERNAL = _EXTERNAL._replace(open=True)
_SECRET = record(
    {
        "name": TEXT,
        "environment": TEXT,
        "file": TEXT._replace(path="unix"),
        "external": _OPEN_EXTERNAL,
        "labels": _RESOURCE_LABELS,
        "driver": TEXT,
        "driver_opts": OPTIONS._replace(out="plain_options"),
        "template_driver": TEXT,
    },
    short="external",
)
_CONFIG = record(
    {
        "name": TEXT,
        "content": TEXT,
        "environment": TEXT,
        "file": TEXT._replace(path="unix"),
        "external": _OPEN_EXTERNAL,
        "labels": _RESOURCE_LABELS,
        "template_driver": TEXT,
    },
    short="external",
)
_MODEL = record(
    {"name": TEXT, "model": TEXT, "context_size": Spec("i", out="integer"), "runtime_flags": REPEATED_TEXTS},
    required=("model",),
)
INCLUDE = Spec(
    "so",
    {"path": ONE_OR_MORE, "env_file": ONE_OR_MORE, "project_directory": TEXT},
    extensions=False,
    short="include",
)
PROJECT = record(
    {
        "version": TEXT,
        "name": TEXT,
        "include": listing(INCLUDE),
        "services": table(SERVICE),
        "models": table(_MODEL),
        "networks": table(_NETWORK),
        "volumes": table(_NAMED_VOLUME),
        "secrets": table(_SECRET),
        "configs": table(_CONFIG),
        "jobs": table(JOB),
    }
)
SECTIONS = ("services", "jobs", "volumes", "networks", "secrets", "configs", "models")
"""The sections that an included file brings with it."""
