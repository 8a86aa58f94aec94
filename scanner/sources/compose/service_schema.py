"""Every attribute of a service that Compose knows: its types, and how it is merged, shortened, defaulted and printed.

One table for all steps, written from what Compose accepts and does. The names in it are explained in `spec`; what
stands beside services is in `schema`.
"""

from __future__ import annotations

import re

from scanner.sources.compose.spec import (
    ANY,
    BYTES,
    COMMAND,
    COUNT,
    DURATION,
    FLAG,
    LETTERS,
    MAYBE_FLAG,
    NAME,
    NOT_EMPTY,
    NUMBER,
    ONE_OR_MORE,
    OPTIONS,
    PAIRS,
    REPEATED_TEXTS,
    TEXT,
    TEXTS,
    WHOLE,
    Spec,
    listing,
    record,
)

LABELS = PAIRS._replace(merge="key_values", unique="key")
_ENVIRONMENT = PAIRS._replace(out="environment")
_LIMITED = 4294967295

_ULIMITS = Spec(
    "o",
    entries=Spec(
        "iso",
        {"hard": WHOLE, "soft": WHOLE},
        required=("soft", "hard"),
        merge="ulimit",
        short="ulimit",
        out="ulimit",
    ),
    keys=LETTERS,
    open=True,
    out="table",
)
_FILE_MOUNT = Spec(
    "so",
    {"source": TEXT, "target": TEXT, "uid": TEXT, "gid": TEXT, "mode": Spec("ns", out="mode")},
    short="file_mount",
    out="record",
)
_HOSTS = Spec(
    "ol",
    entries=Spec("sl", items=TEXT),
    items=TEXT,
    keys=NOT_EMPTY,
    extensions=False,
    distinct=True,
    merge="sequence",
    out="hosts",
)
_DEVICE_REQUEST = {
    "capabilities": TEXTS,
    "count": Spec("si", out="device_count"),
    "device_ids": TEXTS,
    "driver": TEXT,
    "options": PAIRS,
}
_HEALTHCHECK = record(
    {
        "disable": FLAG,
        "interval": DURATION,
        "retries": Spec("ns", out="maybe_count"),
        "test": Spec("sl", items=TEXT, merge="replace", out="health_test"),
        "timeout": DURATION,
        "start_period": DURATION,
        "start_interval": DURATION,
    }
)
_HOOK = {
    "command": COMMAND,
    "user": TEXT,
    "privileged": FLAG,
    "working_dir": TEXT,
    "environment": _ENVIRONMENT,
}

_VOLUME = Spec(
    "so",
    {
        "type": TEXT._replace(choices=("bind", "volume", "tmpfs", "cluster", "npipe", "image")),
        "source": TEXT,
        "target": TEXT,
        "read_only": FLAG,
        "consistency": TEXT,
        "bind": record(
            {
                "propagation": TEXT,
                "create_host_path": Spec("bs", out="opt_out"),
                "recursive": TEXT._replace(choices=("enabled", "disabled", "writable", "readonly")),
                "selinux": TEXT._replace(choices=("z", "Z")),
            },
            default="bind",
            out="bind",
        ),
        "volume": record({"labels": PAIRS, "nocopy": FLAG, "subpath": TEXT}),
        "tmpfs": record(
            {"size": Spec("is", bounds=(0, 1 << 63), out="bytes"), "mode": Spec("ns", out="unsigned_32")},
        ),
        "image": record({"subpath": TEXT}),
    },
    required=("type",),
    short="volume",
    path="mount",
    out="record",
)

_LIMIT_LIST = listing(record({"path": TEXT, "rate": BYTES._replace(types="is")}, extensions=False, out="throttle"))

CONTAINER: dict[str, Spec] = {
    "annotations": LABELS,
    "blkio_config": record(
        {
            "device_read_bps": _LIMIT_LIST,
            "device_read_iops": _LIMIT_LIST,
            "device_write_bps": _LIMIT_LIST,
            "device_write_iops": _LIMIT_LIST,
            "weight": Spec("is", out="unsigned_16"),
            "weight_device": listing(
                record({"path": TEXT, "weight": Spec("is", out="unsigned_16")}, extensions=False, out="weight")
            ),
        },
        extensions=False,
    ),
    "cap_add": TEXTS._replace(unique="key"),
    "cap_drop": TEXTS._replace(unique="key"),
    "cgroup": TEXT._replace(choices=("host", "private")),
    "cgroup_parent": TEXT,
    "command": COMMAND._replace(merge="replace"),
    "configs": listing(_FILE_MOUNT, unique="config"),
    "cpu_count": Spec("si", bounds=(0, 1 << 63), out="integer"),
    "cpu_percent": Spec("si", bounds=(0, 100), out="float_32"),
    "cpu_shares": NUMBER,
    "cpu_quota": NUMBER,
    "cpu_period": NUMBER,
    "cpu_rt_period": NUMBER,
    "cpu_rt_runtime": NUMBER,
    "cpus": Spec("ns", out="float_32"),
    "cpuset": TEXT,
    "credential_spec": record({"config": TEXT, "file": TEXT, "registry": TEXT}),
    "device_cgroup_rules": TEXTS,
    "devices": listing(
        Spec(
            "so",
            {"source": TEXT, "target": TEXT, "permissions": TEXT},
            required=("source",),
            short="device",
            out="record",
        ),
        unique="device",
    ),
    "dns": ONE_OR_MORE._replace(merge="sequence", unique="key", short="one_or_more"),
    "dns_opt": TEXTS._replace(merge="sequence", unique="key"),
    "dns_search": ONE_OR_MORE._replace(merge="sequence", unique="key"),
    "domainname": TEXT,
    "entrypoint": COMMAND._replace(merge="replace"),
    "env_file": Spec(
        "sl",
        items=Spec(
            "so",
            {"path": TEXT._replace(path="path"), "format": TEXT, "required": Spec("bs", out="opt_out")},
            required=("path",),
            extensions=False,
            out="env_file",
        ),
        merge="sequence",
        unique="env_file",
        short="env_file",
        out="listing",
    ),
    "label_file": Spec("sl", items=TEXT._replace(path="path"), merge="sequence", short="one_or_more", out="texts"),
    "environment": _ENVIRONMENT._replace(merge="key_values", unique="key"),
    "extra_hosts": _HOSTS,
    "gpus": Spec(
        "sl",
        items=Spec("o", _DEVICE_REQUEST, open=True, default="device_request", out="record"),
        choices=("all",),
        short="gpus",
        out="listing",
    ),
    "group_add": Spec("l", items=Spec("sn", out="text"), distinct=True, out="texts"),
    "hostname": TEXT,
    "image": TEXT,
    "init": MAYBE_FLAG,
    "ipc": TEXT,
    "isolation": TEXT,
    "labels": LABELS,
    "logging": record(
        {"driver": TEXT, "options": Spec("o", entries=Spec("sn0"), open=True, out="options")}, merge="logging"
    ),
    "mac_address": TEXT,
    "mem_limit": BYTES,
    "mem_reservation": BYTES._replace(types="si"),
    "mem_swappiness": BYTES._replace(types="si"),
    "memswap_limit": BYTES,
    "network_mode": TEXT,
    "models": Spec(
        "lo",
        items=TEXT,
        distinct=True,
        entries=record({"endpoint_var": TEXT, "model_var": TEXT}, types="o0"),
        keys=NAME,
        open=True,
        merge="names",
        short="names",
        out="table",
    ),
    "networks": Spec(
        "lo",
        items=TEXT,
        distinct=True,
        entries=record(
            {
                "aliases": TEXTS._replace(unique="key"),
                "interface_name": TEXT,
                "ipv4_address": TEXT,
                "ipv6_address": TEXT,
                "link_local_ips": TEXTS._replace(unique="key"),
                "mac_address": TEXT,
                "driver_opts": OPTIONS,
                "priority": Spec("n", out="integer"),
                "gw_priority": Spec("n", out="integer"),
                "use_service_name_alias": MAYBE_FLAG,
            },
            types="o0",
        ),
        keys=NAME,
        extensions=False,
        merge="names",
        short="names",
        out="table",
    ),
    "oom_kill_disable": FLAG,
    "oom_score_adj": Spec("si", bounds=(-1000, 1000), out="integer"),
    "pid": TEXT._replace(types="s0"),
    "pids_limit": NUMBER,
    "platform": TEXT,
    "privileged": FLAG,
    "pull_policy": TEXT._replace(
        pattern=re.compile(r"(always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+)\Z")
    ),
    "pull_refresh_after": TEXT,
    "read_only": FLAG,
    "runtime": TEXT,
    "security_opt": TEXTS,
    "shm_size": BYTES,
    "secrets": listing(_FILE_MOUNT._replace(default="secret"), unique="secret"),
    "sysctls": LABELS,
    "stop_grace_period": DURATION,
    "stop_signal": TEXT,
    "storage_opt": Spec("o", entries=ANY, out="plain_options"),
    "tmpfs": ONE_OR_MORE._replace(merge="sequence", unique="key"),
    "ulimits": _ULIMITS,
    "umask": Spec("is0", bounds=(0, _LIMITED), out="umask"),
    "use_api_socket": Spec("b", out="flag"),
    "user": TEXT,
    "uts": TEXT,
    "userns_mode": TEXT,
    "volumes": listing(_VOLUME, distinct=True, unique="target"),
    "volumes_from": TEXTS,
    "working_dir": TEXT,
}

_BUILD = Spec(
    "so",
    {
        "context": TEXT._replace(path="context"),
        "dockerfile": TEXT,
        "dockerfile_inline": TEXT,
        "entitlements": REPEATED_TEXTS,
        "args": _ENVIRONMENT._replace(merge="key_values", unique="key"),
        "ssh": PAIRS._replace(short="ssh", path="unix_values", out="ssh"),
        "labels": LABELS,
        "cache_from": REPEATED_TEXTS,
        "cache_to": REPEATED_TEXTS,
        "no_cache": FLAG,
        "no_cache_filter": ONE_OR_MORE,
        "additional_contexts": PAIRS._replace(
            merge="key_values", unique="key", short="key_values", path="context_values"
        ),
        "network": TEXT,
        "provenance": TEXT._replace(types="sb", short="text"),
        "sbom": TEXT._replace(types="sb", short="text"),
        "pull": FLAG,
        "target": TEXT,
        "shm_size": BYTES._replace(types="is"),
        "extra_hosts": _HOSTS,
        "isolation": TEXT,
        "privileged": FLAG,
        "secrets": listing(_FILE_MOUNT),
        "tags": REPEATED_TEXTS._replace(unique="key"),
        "ulimits": _ULIMITS,
        "platforms": REPEATED_TEXTS,
    },
    merge="build",
    short="build",
    default="build",
    out="record",
)

WORKLOAD: dict[str, Spec] = {
    "build": _BUILD,
    "depends_on": Spec(
        "lo",
        items=TEXT,
        distinct=True,
        entries=record(
            {
                "restart": FLAG,
                "required": Spec("b", out="required"),
                "condition": TEXT._replace(
                    choices=("service_started", "service_healthy", "service_completed_successfully")
                ),
            },
            required=("condition",),
            out="dependency",
        ),
        keys=NAME,
        extensions=False,
        merge="depends_on",
        short="depends_on",
        out="dependencies",
    ),
    "healthcheck": _HEALTHCHECK,
    "ports": listing(
        Spec(
            "nso",
            {
                "name": TEXT,
                "mode": TEXT,
                "host_ip": TEXT,
                "target": Spec("is", out="unsigned_32"),
                "published": TEXT._replace(types="si"),
                "protocol": TEXT,
                "app_protocol": TEXT,
            },
            default="port",
            out="record",
        ),
        distinct=True,
        unique="port",
        short="ports",
    ),
    "expose": Spec("l", items=Spec("sn"), distinct=True, unique="expose", out="numbers_as_texts"),
    "stdin_open": FLAG,
    "tty": FLAG,
}

_UPDATE = record(
    {
        "parallelism": COUNT,
        "delay": DURATION._replace(out="set_duration"),
        "failure_action": TEXT,
        "monitor": DURATION._replace(out="set_duration"),
        "max_failure_ratio": Spec("ns", out="float_32"),
        "order": TEXT._replace(choices=("start-first", "stop-first")),
    }
)
_CPUS = Spec("ns", out="cpus")
_DEPLOY = record(
    {
        "mode": TEXT,
        "endpoint_mode": TEXT,
        "replicas": Spec("is", out="maybe_integer"),
        "labels": LABELS,
        "rollback_config": _UPDATE,
        "update_config": _UPDATE,
        "resources": record(
            {
                "limits": record({"cpus": _CPUS, "memory": BYTES._replace(types="s"), "pids": WHOLE}),
                "reservations": record(
                    {
                        "cpus": _CPUS,
                        "memory": BYTES._replace(types="s"),
                        "generic_resources": listing(
                            record(
                                {
                                    "discrete_resource_spec": record(
                                        {"kind": TEXT, "value": NUMBER}, out="discrete_resource"
                                    )
                                }
                            )
                        ),
                        "devices": listing(
                            record(_DEVICE_REQUEST, required=("capabilities",), default="device_request")
                        ),
                    }
                ),
            }
        ),
        "restart_policy": record({"condition": TEXT, "delay": DURATION, "max_attempts": COUNT, "window": DURATION}),
        "placement": record(
            {
                "constraints": REPEATED_TEXTS,
                "preferences": listing(record({"spread": TEXT})),
                "max_replicas_per_node": Spec("is", out="count"),
            }
        ),
    },
    types="o0",
    out="deploy",
)
_WATCH = record(
    {
        "ignore": ONE_OR_MORE._replace(short="one_or_more"),
        "include": ONE_OR_MORE._replace(short="one_or_more"),
        "path": TEXT._replace(path="link"),
        "action": TEXT._replace(choices=("rebuild", "sync", "restart", "sync+restart", "sync+exec")),
        "target": TEXT,
        "exec": record(_HOOK, required=("command",), out="hook"),
        "initial_sync": Spec("b", out="flag"),
    },
    required=("path", "action"),
    out="watch",
)
_HOOKS = listing(record(_HOOK, required=("command",), out="hook"))

PRE_START = record({**CONTAINER, "per_replica": FLAG}, out="container")
"""The container of a `pre_start` hook: the same attributes, but no defaults and no merging of their own."""

SERVICE = record(
    {
        **CONTAINER,
        **WORKLOAD,
        "deploy": _DEPLOY,
        "develop": record({"watch": listing(_WATCH)}, types="o0"),
        "profiles": TEXTS._replace(unique="key"),
        "restart": TEXT,
        "scale": Spec("is", out="maybe_integer"),
        "attach": MAYBE_FLAG,
        "container_name": TEXT._replace(pattern=re.compile(r".*?[a-zA-Z0-9][a-zA-Z0-9_.-]+", re.DOTALL)),
        "provider": record(
            {
                "type": TEXT,
                "options": Spec("o", entries=Spec("snbl", items=Spec("snb")), open=True, out="multi_options"),
            },
            required=("type",),
        ),
        "extends": Spec(
            "so",
            {"service": TEXT, "file": TEXT._replace(path="path")},
            required=("service",),
            extensions=False,
            short="extends",
            out="record",
        ),
        "links": TEXTS._replace(unique="key"),
        "external_links": TEXTS,
        "pre_start": listing(PRE_START),
        "post_start": _HOOKS,
        "pre_stop": _HOOKS,
    },
    out="container",
)
