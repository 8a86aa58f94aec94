"""What a scan sees of a project beyond what Compose would run: profiles, env files, unknown values, what was left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scanner.core.errors import SourceError
from scanner.core.result import Notice, NotScanned
from scanner.core.unknown import PartialText, Unknown
from scanner.sources.compose.project import ComposeProject, load_project
from tests.conftest import write_files


def load(folder: Path, files: dict[str, str | bytes], *names: str, **options: Any) -> ComposeProject:
    write_files(folder, files)
    return load_project([folder / name for name in names or ("compose.yaml",)], root=folder, **options)


def services(project: ComposeProject) -> dict[str, Any]:
    return {one.name: one.attributes for one in project.resources if one.type == "compose/service"}


def left_out(project: ComposeProject) -> list[tuple[str, int, int, str]]:
    return [(entry.path, entry.line, entry.column, entry.reason) for entry in project.not_scanned]


def said(notices: list[Notice]) -> list[tuple[str, str, str]]:
    return [(str(notice.location), notice.message, notice.hint) for notice in notices]


def unset(name: str) -> Unknown:
    return Unknown(f"the variable {name} has no value")


def test_resources_of_a_small_project(tmp_path: Path) -> None:
    project = load(
        tmp_path,
        {"compose.yaml": "name: shop\nservices:\n  web:\n    image: nginx:1.27\n    ports: ['8080:80']\n"},
    )
    service = {
        "image": "nginx:1.27",
        "networks": {"default": None},
        "ports": [{"mode": "ingress", "target": 80, "published": "8080", "protocol": "tcp"}],
        "command": None,
        "entrypoint": None,
    }
    assert [(one.type, one.name, one.target, one.attributes) for one in project.resources] == [
        (
            "compose/project",
            "shop",
            "compose",
            {
                "name": "shop",
                "services": {"web": service},
                "networks": {"default": {"name": "shop_default", "ipam": {}}},
            },
        ),
        ("compose/service", "web", "compose", service),
    ]
    assert (project.name, project.files) == ("shop", ("compose.yaml",))
    assert (project.not_scanned, project.notices) == ([], [])
    assert [document.path for document in project.documents] == ["compose.yaml"]


def test_services_behind_every_profile_are_there(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "compose.yaml": """
            services:
              a: {image: x}
              b: {image: x, profiles: [debug], depends_on: [c]}
              c: {image: x, profiles: [other]}
            """
    }
    assert list(services(load(tmp_path, files))) == ["a", "b", "c"]
    chosen = load(tmp_path, files, profiles=["debug"])
    assert list(services(chosen)) == ["a", "b"]
    assert said(chosen.notices) == [
        (
            "compose.yaml:4:61",
            "Compose refuses this project: service b waits for the service c, which does not exist or is not enabled",
            "",
        )
    ]


def test_values_of_variables(tmp_path: Path) -> None:
    project = load(
        tmp_path,
        {
            ".env": "TAG=1.4\nHALF=${OUTSIDE}/x\n",
            "compose.yaml": """
                services:
                  web:
                    image: ${REGISTRY}/api:${TAG}
                    user: ${USER_ID}
                    privileged: ${PRIVILEGED}
                    mem_limit: ${MEMORY:-64m}
                    cpus: ${CPUS}
                    stop_grace_period: ${GRACE}s
                    working_dir: ${HALF}
                    hostname: ${NAME:?set it}
                    command: run --token ${TOKEN} now
                    environment: [FIXED=a$$b, "OPEN=${SECRET}", "${KEY}=v", PASSED]
                    labels: {known: "${TAG}", open: "pre-${SECRET}"}
                    healthcheck: {test: "curl ${HOST}", retries: "${RETRIES}"}
                    dns: ${DNS}
            """,
        },
    )
    web = services(project)["web"]
    assert web["image"] == PartialText((unset("REGISTRY"), "/api:1.4"))
    assert web["user"] == unset("USER_ID")
    assert web["privileged"] == unset("PRIVILEGED")
    assert web["mem_limit"] == "67108864"
    assert web["cpus"] == unset("CPUS")
    assert web["stop_grace_period"] == unset("GRACE")
    assert web["working_dir"] == PartialText((unset("OUTSIDE"), "/x"))
    assert web["hostname"] == Unknown("the required variable NAME has no value")
    assert web["command"] == ["run", "--token", unset("TOKEN"), "now"]
    assert web["environment"] == {"FIXED": "a$b", "OPEN": unset("SECRET"), "PASSED": None}
    assert web["labels"] == {"known": "1.4", "open": PartialText(("pre-", unset("SECRET")))}
    assert web["healthcheck"] == {
        "test": ["CMD-SHELL", PartialText(("curl ", unset("HOST")))],
        "retries": unset("RETRIES"),
    }
    assert web["dns"] == [unset("DNS")]
    assert said(project.notices) == [
        (
            "compose.yaml:13:65",
            "the name in front of = depends on a variable without a value: it is not judged",
            "",
        )
    ]
    assert project.not_scanned == []


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("${PORT}:80", {"mode": "ingress", "target": 80, "published": unset("PORT"), "protocol": "tcp"}),
        (
            "127.0.0.1:${PORT}:80/udp",
            {"mode": "ingress", "host_ip": "127.0.0.1", "target": 80, "published": unset("PORT"), "protocol": "udp"},
        ),
        (
            "${ADDRESS}:8080:80",
            {"mode": "ingress", "host_ip": unset("ADDRESS"), "target": 80, "published": "8080", "protocol": "tcp"},
        ),
        (
            "[::1]:${PORT}:80",
            {"mode": "ingress", "host_ip": "::1", "target": 80, "published": unset("PORT"), "protocol": "tcp"},
        ),
        ("8080:${PORT}", {"mode": "ingress", "target": unset("PORT"), "published": "8080", "protocol": "tcp"}),
        ("${PORTS}", unset("PORTS")),
        ("${PORT:-8080}:80", {"mode": "ingress", "target": 80, "published": "8080", "protocol": "tcp"}),
    ],
)
def test_ports_known_in_part(tmp_path: Path, item: str, expected: object) -> None:
    project = load(tmp_path, {"compose.yaml": f"services: {{web: {{image: x, ports: ['{item}']}}}}"})
    assert services(project)["web"]["ports"] == [expected]
    assert project.not_scanned == []


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            "${DATA}/x:/data:ro",
            {
                "type": "bind",
                "source": PartialText((unset("DATA"), "/x")),
                "target": "/data",
                "read_only": True,
                "bind": {},
            },
        ),
        ("${DATA}:/data", {"type": unset("DATA"), "source": unset("DATA"), "target": "/data"}),
        (
            "./${DATA}:/data",
            {"type": "bind", "source": PartialText(("./", unset("DATA"))), "target": "/data", "bind": {}},
        ),
        (
            "/var/run/docker.sock:${SOCKET}",
            {"type": "bind", "source": "/var/run/docker.sock", "target": unset("SOCKET"), "bind": {}},
        ),
        ("${ALL}", unset("ALL")),
    ],
)
def test_volumes_known_in_part(tmp_path: Path, item: str, expected: object) -> None:
    project = load(tmp_path, {"compose.yaml": f"services: {{web: {{image: x, volumes: ['{item}']}}}}"})
    assert services(project)["web"]["volumes"] == [expected]
    assert project.not_scanned == []


def test_env_files(tmp_path: Path) -> None:
    project = load(
        tmp_path,
        {
            "compose.yaml": """
                services:
                  web:
                    image: x
                    environment: {OWN: here}
                    env_file:
                      - a.env
                      - {path: raw.env, format: raw}
                      - {path: gone.env, required: false}
                      - missing.env
                      - {path: b.env, format: other}
                      - ../outside.env
                """,
            "a.env": "# note\nPASSWORD='se$cret'\nFROM=${OWN}-${NOTHING}\nTWICE=1\nBARE\n",
            "raw.env": "TWICE='2'\n",
        },
    )
    web = services(project)["web"]
    assert web["x_env_file_entries"] == [
        {"name": "PASSWORD", "value": "se$cret", "path": "a.env"},
        {"name": "FROM", "value": PartialText(("here-", unset("NOTHING"))), "path": "a.env"},
        {"name": "TWICE", "value": "'2'", "path": "raw.env"},
    ]
    origin = project.resources[1].origin
    assert [str(origin.locate(("x_env_file_entries", index)).location) for index in range(3)] == [
        "a.env:2:10",
        "a.env:3:6",
        "raw.env:1:7",
    ]
    assert left_out(project) == [
        ("compose.yaml", 10, 25, "the env_file missing.env cannot be read: No such file or directory"),
        ("compose.yaml", 11, 47, "the format of an env_file is raw, or left out"),
        ("compose.yaml", 12, 25, "the env_file ../outside.env lies outside the scanned folder"),
    ]
    assert project.files == ("compose.yaml", "a.env", "raw.env")


def test_configured_env_files_replace_dot_env(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "compose.yaml": "services: {web: {image: 'x:${TAG}'}}",
        ".env": "TAG=dot",
        "prod.env": "TAG=prod",
    }
    assert services(load(tmp_path, files))["web"]["image"] == "x:dot"
    chosen = load(tmp_path, files, env_files=[tmp_path / "prod.env"])
    assert services(chosen)["web"]["image"] == "x:prod"
    given = load(tmp_path, files, environment={"TAG": "given"})
    assert services(given)["web"]["image"] == "x:given"


def test_process_environment_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAG", "leaked")
    project = load(tmp_path, {"compose.yaml": "services: {web: {image: '${TAG}', volumes: ['~/x:/x']}}"})
    web = services(project)["web"]
    assert (web["image"], web["volumes"][0]["source"]) == (unset("TAG"), "~/x")


def test_unknown_keys_are_notices_and_the_rest_is_judged(tmp_path: Path) -> None:
    project = load(
        tmp_path,
        {
            "compose.yaml": (
                "servces: {}\nservices:\n  web:\n    image: x\n    enviroment: {A: b}\n    x-mine: 1\n"
                "    deploy: {resources: {limit: {}}}\n    qqq: 1\n"
            )
        },
    )
    assert services(project)["web"]["image"] == "x"
    assert "enviroment" not in services(project)["web"]
    assert said(project.notices) == [
        (
            "compose.yaml:1:1",
            "the key servces in the top level is not known to Compose: it is not judged",
            "did you mean services?",
        ),
        (
            "compose.yaml:5:5",
            "the key enviroment in services.web is not known to Compose: it is not judged",
            "did you mean environment?",
        ),
        (
            "compose.yaml:7:26",
            "the key limit in services.web.deploy.resources is not known to Compose: it is not judged",
            "did you mean limits?",
        ),
        (
            "compose.yaml:8:5",
            "the key qqq in services.web is not known to Compose: it is not judged",
            "remove it, or begin its name with x-",
        ),
    ]
    assert project.not_scanned == []


def test_one_malformed_part_hides_nothing_else(tmp_path: Path) -> None:
    project = load(
        tmp_path,
        {
            "compose.yaml": """
                services:
                  text: hello
                  list: {image: x, ports: 8080, volumes: ["ab:bc:cc:dd", "./ok:/ok"]}
                  types: {image: 5, privileged: maybe, mem_limit: lots, deploy: {replicas: many}}
                  gone: {extends: {service: none}}
                  fine: {image: y}
                """
        },
    )
    found = services(project)
    assert list(found) == ["list", "types", "fine"]
    assert isinstance(found["list"]["ports"], Unknown)
    assert found["list"]["ports"].kind == "failed"
    assert found["list"]["volumes"][1]["source"] == "./ok"
    assert isinstance(found["types"]["privileged"], Unknown)
    assert {(line, column) for _, line, column, _ in left_out(project)} == {
        (3, 25),
        (4, 43),
        (4, 59),
        (5, 34),
        (5, 49),
        (5, 67),
        (5, 92),
        (6, 26),
    }
    assert project.notices == []


def test_remote_files_are_never_fetched(tmp_path: Path) -> None:
    project = load(
        tmp_path,
        {
            "compose.yaml": """
                include:
                  - https://example.com/compose.yaml
                  - oci://registry.example/x:1
                  - git@github.com:org/repo.git
                  - {path: [./local.yaml]}
                services:
                  web: {image: x, depends_on: [elsewhere], networks: [theirs]}
                  far: {extends: {file: "https://example.com/base.yaml", service: base}}
                """,
            "local.yaml": "services: {near: {image: z}}",
        },
    )
    assert sorted(services(project)) == ["near", "web"]
    assert left_out(project) == [
        ("compose.yaml", 3, 21, "not included: a remote file is never fetched"),
        ("compose.yaml", 4, 21, "not included: a remote file is never fetched"),
        ("compose.yaml", 5, 21, "not included: a remote file is never fetched"),
        ("compose.yaml", 9, 41, "the service far is not judged: a remote file is never fetched"),
    ]
    assert {entry.hint for entry in project.not_scanned} == {"copy the file into the repository"}
    assert project.notices == []  # what they may declare is not said to be missing


def test_overrides_and_a_broken_one(tmp_path: Path) -> None:
    project = load(
        tmp_path,
        {
            "compose.yaml": "services: {web: {image: a, command: [x], ports: ['1:1']}}",
            "compose.override.yaml": "services: {web: {command: [y], ports: ['2:2']}}",
            "broken.yaml": "services: [",
        },
        "compose.yaml",
        "compose.override.yaml",
        "broken.yaml",
    )
    web = services(project)["web"]
    assert (web["command"], [port["target"] for port in web["ports"]]) == (["y"], [1, 2])
    assert left_out(project) == [
        ("broken.yaml", 2, 1, project.not_scanned[0].reason),
    ]
    assert project.not_scanned[0].reason.startswith("not valid YAML: ")


def test_the_first_file_must_be_readable(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read: No such file") as missing:
        load(tmp_path, {})
    assert str(missing.value.location) == "compose.yaml"
    with pytest.raises(SourceError, match="a second time") as twice:
        load(tmp_path, {"compose.yaml": "services:\n  a: {image: x}\n  a: {image: y}\n"})
    assert str(twice.value.location) == "compose.yaml:3:3"
    with pytest.raises(SourceError, match="the Compose file is empty"):
        load(tmp_path, {"compose.yaml": "# nothing\n"})
    # Where nothing is left since nothing could be included, that is what is told.
    with pytest.raises(SourceError, match=r"lies outside the scanned folder \(and 1 more like this\)") as outside:
        load(tmp_path, {"compose.yaml": "include:\n  - ../x.yaml\n  - https://example.com/y.git\n"})
    assert str(outside.value.location) == "compose.yaml:2:5"
    with pytest.raises(SourceError, match="the top level must be a mapping"):
        load(tmp_path, {"compose.yaml": "- a\n"})


def test_broken_dot_env_leaves_its_variables_unknown(tmp_path: Path) -> None:
    project = load(tmp_path, {".env": "A B=1\n", "compose.yaml": "services: {web: {image: 'x:${TAG}'}}"})
    assert services(project)["web"]["image"] == PartialText(("x:", unset("TAG")))
    assert [(entry.path, entry.line) for entry in project.not_scanned] == [(".env", 1)]


def test_contradictions_are_notices(tmp_path: Path) -> None:
    project = load(
        tmp_path,
        {"compose.yaml": "services:\n  a:\n    command: x\n  b:\n    image: x\n    networks: [gone]\n"},
    )
    assert said(project.notices) == [
        ("compose.yaml:2:3", "Compose refuses this project: service a has neither an image nor a build", ""),
        (
            "compose.yaml:6:16",
            "Compose refuses this project: service b joins the network gone, which is not declared",
            "",
        ),
    ]


def test_not_scanned_entries_name_their_source(tmp_path: Path) -> None:
    project = load(tmp_path, {"compose.yaml": "services: {a: 5, b: {image: x}}"})
    assert project.not_scanned == [
        NotScanned("compose.yaml", "the service a is not judged: services.a must be a mapping", "", 1, 15, "compose")
    ]
