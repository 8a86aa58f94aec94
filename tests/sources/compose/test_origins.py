"""Where each resolved attribute was written: through overrides, extends, include, anchors and short forms."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.core.location import Location, Place, Related
from scanner.core.resource import Resource
from scanner.core.route import parse_route
from scanner.sources.compose.project import ComposeProject, load_project
from tests.conftest import write_files

FILES: dict[str, str | bytes] = {
    "compose.yaml": """\
name: shop
include:
  - path: inc/compose.yaml
x-common: &common
  restart: always
  labels:
    shared: "yes"
services:
  web:
    <<: *common
    image: nginx
    environment:
      - PLAIN=1
      - "QUOTED=two words"
    ports:
      - "127.0.0.1:8080-8081:80-81"
      - target: 443
        published: "8443"
    volumes: [./a:/a, {type: bind, source: ./b, target: /b}]
    command: run --flag value
    healthcheck:
      test: curl localhost
    depends_on: [db]
    links:
      - inner:alias
    deploy:
      resources:
        limits:
          memory: 64m
  db:
    build: ./db
    environment:
      TEXT: |
        several
        lines
      EMPTY:
  api:
    extends:
      file: base.yaml
      service: base
    image: api
    cap_add: [NET_ADMIN]
    deploy:
      replicas: 2
  copy:
    extends: web
networks:
  default:
    internal: true
""",
    "prod.yaml": """\
services:
  web:
    image: nginx:1.27
    environment:
      PLAIN: 2
      MORE: 3
    ports:
      - "9000:9000"
    deploy:
      resources:
        limits:
          cpus: "1"
    logging: {driver: syslog}
""",
    "base.yaml": """\
services:
  base:
    extends: {service: root}
    environment:
      INHERITED: x
    cap_add: [SYS_ADMIN]
    deploy:
      mode: global
  root:
    user: nobody
""",
    "inc/compose.yaml": """\
services:
  inner:
    image: inner
    volumes:
      - ./data:/data
""",
}

CASES = [
    # service, route, place, whether it exists there, the service that it came to by extends
    ("web", "image", "prod.yaml:3:12", True, None),
    ("web", "restart", "compose.yaml:5:12", True, None),
    ("web", "labels.shared", "compose.yaml:7:13", True, None),
    ("web", "labels", "compose.yaml:6:3", True, None),
    ("web", "environment.PLAIN", "prod.yaml:5:14", True, None),
    ("web", "environment.QUOTED", "compose.yaml:14:9", True, None),
    ("web", "environment.MORE", "prod.yaml:6:13", True, None),
    ("web", "environment", "compose.yaml:12:5", True, None),
    ("web", "environment.ABSENT", "compose.yaml:12:5", False, None),
    ("web", "ports", "compose.yaml:15:5", True, None),
    ("web", "ports[0].published", "compose.yaml:16:9", True, None),
    ("web", "ports[1].target", "compose.yaml:16:9", True, None),
    ("web", "ports[2].target", "compose.yaml:17:17", True, None),
    ("web", "ports[2].published", "compose.yaml:18:20", True, None),
    ("web", "ports[2].protocol", "compose.yaml:17:9", False, None),
    ("web", "ports[3]", "prod.yaml:8:9", True, None),
    ("web", "volumes[0].source", "compose.yaml:19:15", True, None),
    ("web", "volumes[1].source", "compose.yaml:19:44", True, None),
    ("web", "volumes[1].read_only", "compose.yaml:19:24", False, None),
    ("web", "command[1]", "compose.yaml:20:14", True, None),
    ("web", "healthcheck.test[1]", "compose.yaml:22:13", True, None),
    ("web", "healthcheck.retries", "compose.yaml:21:5", False, None),
    ("web", "depends_on.db.condition", "compose.yaml:23:18", False, None),
    ("web", "depends_on.inner", "compose.yaml:25:9", True, None),
    ("web", "deploy.resources.limits.memory", "compose.yaml:29:19", True, None),
    ("web", "deploy.resources.limits.cpus", "prod.yaml:12:17", True, None),
    ("web", "deploy.resources.reservations", "compose.yaml:27:7", False, None),
    ("web", "logging.driver", "prod.yaml:13:23", True, None),
    ("web", "logging.options", "prod.yaml:13:5", False, None),
    ("web", "user", "compose.yaml:9:3", False, None),
    ("web", "networks.default", "compose.yaml:9:3", False, None),
    ("web", "", "compose.yaml:9:3", True, None),
    ("db", "build.context", "compose.yaml:31:12", True, None),
    ("db", "build.dockerfile", "compose.yaml:31:5", False, None),
    ("db", "environment.TEXT", "compose.yaml:33:7", True, None),
    ("db", "environment.EMPTY", "compose.yaml:36:7", True, None),
    ("api", "image", "compose.yaml:41:12", True, None),
    ("api", "environment.INHERITED", "base.yaml:5:18", True, "compose.yaml:37:3"),
    ("api", "user", "base.yaml:10:11", True, "compose.yaml:37:3"),
    ("api", "cap_add[0]", "base.yaml:6:15", True, "compose.yaml:37:3"),
    ("api", "cap_add[1]", "compose.yaml:42:15", True, None),
    ("api", "deploy.mode", "base.yaml:8:13", True, "compose.yaml:37:3"),
    ("api", "deploy.replicas", "compose.yaml:44:17", True, None),
    ("api", "deploy.labels", "compose.yaml:43:5", False, None),
    ("api", "healthcheck", "compose.yaml:37:3", False, None),
    ("copy", "command[0]", "compose.yaml:20:14", True, "compose.yaml:45:3"),
    ("copy", "labels.shared", "compose.yaml:7:13", True, "compose.yaml:45:3"),
    ("copy", "user", "compose.yaml:45:3", False, None),
    ("inner", "image", "inc/compose.yaml:3:12", True, None),
    ("inner", "volumes[0].source", "inc/compose.yaml:5:9", True, None),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> ComposeProject:
    folder = write_files(tmp_path_factory.mktemp("origins"), FILES)
    return load_project([folder / "compose.yaml", folder / "prod.yaml"], root=folder)


def resource(project: ComposeProject, name: str) -> Resource:
    return next(one for one in project.resources if (one.type, one.name) == ("compose/service", name))


def test_nothing_is_left_out(project: ComposeProject) -> None:
    assert (project.not_scanned, project.notices) == ([], [])
    assert project.files == ("compose.yaml", "prod.yaml", "inc/compose.yaml", "base.yaml")


@pytest.mark.parametrize(("service", "route", "place", "exists", "declaration"), CASES)
def test_place(
    project: ComposeProject, service: str, route: str, place: str, exists: bool, declaration: str | None
) -> None:
    found = resource(project, service).origin.locate(parse_route(route))
    related = [(str(one.location), one.role) for one in found.related]
    assert (str(found.location), found.exists) == (place, exists)
    assert related == ([(declaration, "declaration")] if declaration else [])


def test_whole_spans(project: ComposeProject) -> None:
    web = resource(project, "web")
    assert web.origin.locate(("environment", "QUOTED")) == Place(Location("compose.yaml", 14, 9, 14, 27), True)
    inherited = resource(project, "api").origin.locate(("user",))
    declaration = Related(Location("compose.yaml", 37, 3, 37, 6), "declaration")
    assert inherited == Place(Location("base.yaml", 10, 11, 10, 17), True, (declaration,))


@pytest.mark.parametrize(
    ("route", "place", "exists"),
    [
        ("name", "compose.yaml:1:7", True),
        ("networks.default.internal", "compose.yaml:49:15", True),
        ("networks.default.driver", "compose.yaml:48:3", False),
        ("volumes", "compose.yaml:1:1", False),
        ("services.api.user", "base.yaml:10:11", True),
    ],
)
def test_places_in_the_project(project: ComposeProject, route: str, place: str, exists: bool) -> None:
    found = project.resources[0].origin.locate(parse_route(route))
    assert (str(found.location), found.exists) == (place, exists)


def routes(value: Any, route: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The routes of all leaves."""
    if isinstance(value, dict):
        return [inner for key, child in value.items() for inner in routes(child, (*route, key))]
    if isinstance(value, list):
        return [inner for index, child in enumerate(value) for inner in routes(child, (*route, index))]
    return [route]


def test_every_text_of_the_files_is_found_where_it_stands(project: ComposeProject) -> None:
    """A leaf whose text stands in its file as it is must be found at a region that holds that text."""
    checked = 0
    for one in project.resources[1:]:
        for route in routes(one.attributes):
            value: Any = one.attributes
            for step in route:
                value = value[step]
            place = one.origin.locate(route)
            text = str(FILES[place.location.path]).splitlines()[place.location.line - 1]
            region = text[place.location.column - 1 : place.location.end_column - 1]
            if place.exists and isinstance(value, str) and "\n" not in value and route[-1] not in ("mode", "protocol"):
                known = value in region or value in ("67108864", "CMD-SHELL", "volume", "bind", "inc/data")
                assert known or value.startswith(("8080", "8081")), (one.name, route, region)
                checked += 1
    assert checked > 50
