"""Which Compose files form which projects, and what looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.sources.compose.discover import discover
from scanner.sources.compose.sniff import is_compose_name, looks_like_compose
from tests.conftest import write_files

FULL = "services: {web: {image: x}}\n"
OVERLAY = "services: {web: {environment: {A: b}}}\n"

PROJECTS: list[tuple[str, dict[str, str], list[tuple[list[str], list[str] | None]]]] = [
    ("one file", {"compose.yaml": FULL}, [(["compose.yaml"], None)]),
    (
        "override",
        {"compose.yaml": FULL, "compose.override.yaml": OVERLAY},
        [(["compose.yaml", "compose.override.yaml"], None)],
    ),
    (
        "override of the other family of names",
        {"compose.yml": FULL, "docker-compose.override.yml": OVERLAY},
        [(["compose.yml", "docker-compose.override.yml"], None)],
    ),
    (
        "two defaults: the preferred one is the project, the other one of its own",
        {"docker-compose.yml": FULL, "compose.yaml": FULL},
        [(["compose.yaml"], None), (["docker-compose.yml"], None)],
    ),
    (
        "overlay",
        {"compose.yaml": FULL, "compose.override.yml": OVERLAY, "compose.prod.yaml": OVERLAY},
        [
            (["compose.yaml", "compose.override.yml"], None),
            (["compose.yaml", "compose.prod.yaml"], ["compose.yaml", "compose.override.yml"]),
        ],
    ),
    (
        "a file with services of its own beside one that it adds to",
        {"docker-compose.yml": FULL, "docker-compose-dev.yml": "services: {web: {tty: true}, more: {image: y}}\n"},
        [
            (["docker-compose.yml"], None),
            (["docker-compose.yml", "docker-compose-dev.yml"], ["docker-compose.yml"]),
        ],
    ),
    (
        "a whole project beside the default one",
        {"compose.yaml": FULL, "monitoring.yaml": "services: {grafana: {image: g}, built: {build: .}}\n"},
        [(["compose.yaml"], None), (["monitoring.yaml"], None)],
    ),
    (
        "an overlay without a default file stands alone",
        {"compose.prod.yaml": OVERLAY},
        [(["compose.prod.yaml"], None)],
    ),
    (
        "COMPOSE_FILE",
        {
            ".env": "COMPOSE_FILE=base.yaml:prod.yaml\n",
            "base.yaml": FULL,
            "prod.yaml": OVERLAY,
            "compose.yaml": FULL,
            "dev.yaml": OVERLAY,
        },
        [
            (["base.yaml", "prod.yaml"], None),
            (["compose.yaml"], None),
            (["base.yaml", "dev.yaml"], ["base.yaml", "prod.yaml"]),
        ],
    ),
    (
        "COMPOSE_FILE with its own separator",
        {
            ".env": "COMPOSE_PATH_SEPARATOR=,\nCOMPOSE_FILE=compose.yaml,extra.yaml\n",
            "compose.yaml": FULL,
            "extra.yaml": FULL,
            "compose.override.yaml": OVERLAY,
        },
        [
            (["compose.yaml", "extra.yaml"], None),
            (["compose.yaml", "compose.override.yaml"], ["compose.yaml", "extra.yaml"]),
        ],
    ),
    (
        "an included file is no project of its own",
        {
            "compose.yaml": "include: [db/compose.yaml, {path: [more.yaml]}]\n",
            "db/compose.yaml": FULL,
            "more.yaml": FULL,
        },
        [(["compose.yaml"], None)],
    ),
    (
        "a file that is extended wholly is none either, nor an overlay",
        {
            "compose.yaml": "services: {a: {image: x, extends: {file: common.yaml, service: base}}}\n",
            "common.yaml": "services: {base: {tty: true}}\n",
        },
        [(["compose.yaml"], None)],
    ),
    (
        "a file of which one service is extended",
        {
            "compose.yaml": "services: {a: {image: x, extends: {file: common.yaml, service: base}}}\n",
            "common.yaml": "services: {base: {image: y}, other: {image: z}}\n",
        },
        [(["compose.yaml"], None), (["common.yaml"], None)],
    ),
    (
        "a default file runs in its folder, whatever is laid over it there",
        {
            "compose.yaml": FULL,
            "fixed.yaml": "include: [{path: [compose.yaml, changes.yaml]}]\n",
            "changes.yaml": FULL,
            "more.yaml": "services: {a: {extends: {file: compose.yaml, service: web}}}\n",
            "sub/prod.yaml": "include: [{path: [../compose.yaml, changes.yaml]}]\n",
            "sub/changes.yaml": FULL,
        },
        [(["compose.yaml"], None), (["fixed.yaml"], None), (["more.yaml"], None), (["sub/prod.yaml"], None)],
    ),
    (
        "a default file in a folder below may be but a part",
        {
            "compose.yaml": "include: [{path: [db/compose.yaml, db.yaml]}]\n",
            "prod.yaml": "services: {a: {extends: {file: app/compose.yaml, service: web}}}\n",
            "db.yaml": FULL,
            "db/compose.yaml": FULL,
            "app/compose.yaml": FULL,
        },
        [(["compose.yaml"], None), (["prod.yaml"], None)],
    ),
    (
        "files that include each other are scanned",
        {"a.yaml": "include: [b.yaml]\n", "b.yaml": "include: [a.yaml]\n"},
        [(["a.yaml"], None), (["b.yaml"], None)],
    ),
    (
        "folders are apart",
        {"compose.yaml": FULL, "sub/compose.yaml": FULL, "sub/prod.yaml": OVERLAY},
        [
            (["compose.yaml"], None),
            (["sub/compose.yaml"], None),
            (["sub/compose.yaml", "sub/prod.yaml"], ["sub/compose.yaml"]),
        ],
    ),
    ("a broken file is a project, so that loading it says why", {"x.yaml": "services: ["}, [(["x.yaml"], None)]),
]


@pytest.mark.parametrize(("files", "expected"), [case[1:] for case in PROJECTS], ids=[case[0] for case in PROJECTS])
def test_projects(tmp_path: Path, files: dict[str, str], expected: list[tuple[list[str], list[str] | None]]) -> None:
    write_files(tmp_path, dict(files))
    paths = [tmp_path / name for name in files if name != ".env"]
    found = discover(paths, root=tmp_path)

    def names(some: tuple[Path, ...]) -> list[str]:
        return [path.relative_to(tmp_path).as_posix() for path in some]

    assert [(names(one.files), names(one.base) if one.base else None) for one in found] == expected
    assert discover(reversed(paths), root=tmp_path) == found


@pytest.mark.parametrize(
    "text",
    [
        "services:\n  web:\n    image: x\n",
        "# note\nversion: '3'\n\nservices:   # all\n\n    web:\n        build: .\n",
        '"services":\n  web: {image: x}\n',
        "services: {web: {image: x}}\n",
        "name: x\r\nservices:\r\n  web:\r\n    image: x\r\n",
        '{"services": {"web": {"image": "x"}}}',
        '{\n  "name": "p",\n  "services": {\n    "web": {"build": "."}\n  }\n}\n',
        "x-a: &a {restart: always}\nservices: &s\n  web:\n    <<: *a\n    image: y\n",
        "include:\n  - other.yaml\n",
        "services:\n  web:\n    environment: {A: b}\n",
        "\ufeffservices:\n  web:\n    image: x\n",
    ],
)
def test_looks_like_compose(text: str) -> None:
    assert looks_like_compose(text.encode())


ODD = [
    "include: [other.yaml]\nx-a:\n  script: make\n",
    "name: all\ninclude:\n  - {path: other.yaml}\nx-a: {b: 1}\n# as in\n  # script: x\n  \nx-b:\n  stage: test\n",
    '"\\x69nclude": [other.yaml]\n',
    "{services: {web: {image: x}}}",
    "--- {services: {web: {image: x}}}",
    "  services:\n    web:\n      image: x\n",
    "? services\n: web:\n    image: x\n",
    "!!str services:\n  web:\n    image: x\n",
    "&a !!str services:\n  web:\n    image: x\n",
    '"\\x73ervices":\n  web:\n    image: x\n',
    '"\\u0073ervices": {web: {image: x}}\n',
    'services:\n  web:\n    "\\x69mage": x\n',
    "x-web: &web\n  web:\n    image: x\nservices: *web\n",
    "x-all: &all\n  services:\n    web:\n      image: x\n<<: *all\n",
    "x-name: &name services\n*name : {web: {image: x}}\n",
    "services:\r  web:\r    image: x\r",
    "services:\n  web:\n    image: x\nx-pod:\n  apiVersion: v1\n  kind: Pod\n",
    "a: b\n---\n{services: {web: {image: x}}}\n",
]


@pytest.mark.parametrize("text", ODD)
def test_what_is_written_oddly_looks_like_compose(text: str) -> None:
    assert looks_like_compose(text.encode())


def test_what_is_too_large_to_be_parsed_may_be_compose() -> None:
    assert looks_like_compose(b"{services: {web: {image: x}}}\n" + b"#" * 10_000_000)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{services: {web: 1}}",
        "include: [x.yml]\ntest:\n  script: [make]\n",
        "include:\n  - {local: x.yml, path: y}\nvariables: {A: b}\n",
        "include:\n  - local: x.yml\n",
        "{apiVersion: v1, kind: Pod, services: {web: {image: x}}}",
        "{services: {web: {image: x}",
        "services: *web\n",
        'text: "\\x41"\n',
        "services:\n",
        "services: []\n",
        "services:\n  - docker\nlanguage: python\n",  # Travis
        "image: ruby\nservices:\n  - postgres\ntest:\n  script: x\n",  # GitLab
        "include:\n  - local: /x.yml\n",
        "include:\n  - x.yml\nstages: [a]\n",
        "services:\n  _defaults:\n    autowire: true\n  App\\:\n    resource: ../src\n",  # Symfony
        "apiVersion: v1\nkind: Service\nservices:\n  web:\n    image: x\n",
        '{"apiVersion": "v1", "kind": "X", "services": {"a": {"image": "x"}}}',
        "jobs:\n  test:\n    services:\n      db:\n        image: x\n",  # GitHub
        "my_services:\n  a:\n    image: x\n",
        "text: |\n  services:\n    a:\n      image: x\n",
    ],
)
def test_does_not_look_like_compose(text: str) -> None:
    assert not looks_like_compose(text.encode())


def test_utf_16_looks_like_compose() -> None:
    assert looks_like_compose("services:\n  web:\n    image: x\n".encode("utf-16"))


def test_looking_is_fast_on_hostile_bytes() -> None:
    for data in (
        b"services:" + b" " * 2_000_000,
        b"services:\n" * 200_000,
        b"{" * 1_000_000,
        b"services: &" + b"a" * 10**6,
        b",&a" * 500_000 + b" services",
        b"services" + b",& ! " * 300_000,
    ):
        assert not looks_like_compose(data)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("compose.yaml", True),
        ("compose.yml", True),
        ("docker-compose.yml", True),
        ("docker-compose.prod.yaml", True),
        ("docker-compose-dev.yml", True),
        ("compose.override.yaml", True),
        ("compose_test.yml", True),
        ("composer.yaml", False),
        ("my-compose.yaml", False),
        ("compose.txt", False),
    ],
)
def test_names(name: str, expected: bool) -> None:
    assert is_compose_name(name) is expected
