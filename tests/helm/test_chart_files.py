"""Loading charts from folders: what Helm shows of each case, its errors, and the safety of a scan."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from scanner.core.location import Location
from scanner.helm.chart import dependency_location
from scanner.helm.chart_files import LoadOptions, load_chart
from scanner.helm.errors import HelmError
from scanner.helm.origin import ValueOrigin
from scanner.template.text import first_origin
from tests.conftest import is_long
from tests.helm.loading import all_charts, by_helm, by_us, write_chart

DATA = Path(__file__).with_name("loading_cases.jsonl")
CASES: list[dict[str, Any]] = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
SUBCHART = "apiVersion: v2\nname: a\nversion: 1.0.0\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_chart_loads_as_in_helm(case: dict[str, Any], tmp_path: Path) -> None:
    assert by_us(write_chart(tmp_path / "top-chart", case["files"])) == case["seen"]


@pytest.mark.go
def test_the_recorded_results_are_helms(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    update = request.config.getoption("--update-goldens")
    step = 1 if update or is_long(request.config) else 8
    differing = []
    for number, case in enumerate(CASES[::step]):
        seen = by_helm(write_chart(tmp_path / str(number) / "top-chart", case["files"]))
        if seen != case["seen"]:
            differing.append(case["name"])
            case["seen"] = seen
    if update:
        DATA.write_text("".join(json.dumps(case) + "\n" for case in CASES), encoding="utf-8")
    else:
        assert differing == []


def chart(folder: Path, **files: str) -> Path:
    return write_chart(folder / "top-chart", files)


def test_every_file_has_the_path_that_people_see(tmp_path: Path) -> None:
    files = {"charts/a/Chart.yaml": SUBCHART, "charts/a/templates/x.yaml": "a: b\n", "values.yaml": "a: 1\n"}
    folder = write_chart(tmp_path / "deploy/top-chart", files)
    loaded = load_chart(folder, LoadOptions(display=lambda path: path.relative_to(tmp_path).as_posix()))
    assert [file.path for each in all_charts(loaded) for file in each.templates] == [
        "deploy/top-chart/templates/zz-probe.yaml",
        "deploy/top-chart/charts/a/templates/x.yaml",
    ]
    assert loaded.path == "deploy/top-chart"
    assert loaded.dependencies[0].path == "deploy/top-chart/charts/a"
    assert loaded.dependencies[0].folder == folder / "charts/a"
    assert loaded.dependencies[0].full_path == "top/charts/a"
    origin = loaded.values.origins["a"]
    assert isinstance(origin, ValueOrigin)
    assert origin.location() == Location("deploy/top-chart/values.yaml", 1, 4, 1, 5)


def test_metadata_knows_its_places(tmp_path: Path) -> None:
    metadata = "apiVersion: v2\nname: top\nversion: 1.0.0\nappVersion: 1.10\nannotations:\n  a: yes\nkeywords: [k, 2]\n"
    loaded = load_chart(chart(tmp_path, **{"Chart.yaml": metadata}), LoadOptions(display=lambda path: path.name))

    def place(value: object) -> tuple[int, int]:
        return first_origin(value)[1].location()[1:3]

    shown = loaded.metadata
    assert (shown.app_version, place(shown.app_version)) == ("1.1", (4, 13))
    assert shown.annotations is not None
    assert (shown.annotations["a"], place(shown.annotations["a"])) == ("true", (6, 6))
    assert shown.keywords is not None
    assert [(word, place(word)) for word in shown.keywords] == [("k", (7, 12)), ("2", (7, 15))]
    plain = load_chart(tmp_path / "top-chart", LoadOptions(traced=False))
    assert type(plain.metadata.app_version) is str


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"Chart.yaml": "apiVersion: v2\nname: top\nversion: x\n"}, ("Chart.yaml", 3, 10)),
        ({"Chart.yaml": "apiVersion: v2\nname: top\nversion: 1.0.0\nkeywords: [a, {}]\n"}, ("Chart.yaml", 4, 15)),
        ({"Chart.yaml": "a: b\nc: d: e\n"}, ("Chart.yaml", 2, 5)),
        ({"values.yaml": "a: b\nc: [\n"}, ("values.yaml", 3, 1)),
        ({"charts/a/Chart.yaml": "name: a\nversion: 1.0.0\ntype: [a]\n"}, ("charts/a/Chart.yaml", 3, 1)),
        ({".helmignore": "a\n\n**\n"}, (".helmignore", 3, 0)),
        ({"requirements.yaml": "dependencies:\n- name: a\n- name: a\n"}, ("requirements.yaml", 3, 3)),
        ({"charts/a/values.yaml": "a: 1\n"}, ("charts/a", 0, 0)),
    ],
)
def test_an_error_has_its_place(files: dict[str, str], place: tuple[str, int, int], tmp_path: Path) -> None:
    folder = chart(tmp_path, **files)
    with pytest.raises(HelmError) as caught:
        load_chart(folder, LoadOptions(display=lambda path: path.relative_to(folder).as_posix()))
    assert caught.value.location is not None
    assert caught.value.location[:3] == place


def test_the_entry_of_a_dependency_is_found(tmp_path: Path) -> None:
    entries = "dependencies:\n  - name: a\n    version: 1.0.0\n  - name: b\n    alias: c\n"
    files = {"Chart.yaml": "apiVersion: v2\nname: top\nversion: 1.0.0\n" + entries}
    loaded = load_chart(chart(tmp_path, **files), LoadOptions(display=lambda path: path.name))
    assert str(dependency_location(loaded, "a")) == "top-chart/Chart.yaml:5:5"
    assert str(dependency_location(loaded, "c")) == "top-chart/Chart.yaml:7:5"
    assert str(dependency_location(loaded, "z")) == "top-chart/Chart.yaml"


def test_nothing_is_there(tmp_path: Path) -> None:
    with pytest.raises(HelmError, match=r'^path ".*nothing" not found$'):
        load_chart(tmp_path / "nothing")


def test_a_file_over_the_limit(tmp_path: Path) -> None:
    folder = chart(tmp_path)
    (folder / "data.bin").write_bytes(b"\0" * (5 * 1024 * 1024))
    assert "error" not in by_us(folder)
    (folder / "data.bin").write_bytes(b"\0" * (5 * 1024 * 1024 + 1))
    assert by_us(folder) == {"error": 'chart file "data.bin" is larger than the maximum file size 5242880'}


def test_what_is_no_file(tmp_path: Path) -> None:
    folder = chart(tmp_path)
    os.mkfifo(folder / "pipe")
    message = "cannot load irregular file <folder>/pipe as it has file mode type bits set"
    assert by_us(folder) == {"error": message}


class TestLinks:
    """Links in a scan stay inside of its root; `render` follows them as Helm does."""

    def test_a_link_out_of_the_root(self, tmp_path: Path) -> None:
        (tmp_path / "secret.txt").write_text("x")
        folder = chart(tmp_path / "repo", **{"a.txt->../../secret.txt": ""})
        assert by_us(folder)["files"] == ["a.txt"]
        with pytest.raises(HelmError, match="the link leads out of what is scanned") as caught:
            load_chart(folder, LoadOptions(root=tmp_path / "repo", display=lambda path: path.name))
        assert caught.value.location == Location("a.txt")

    def test_a_link_within_the_root(self, tmp_path: Path) -> None:
        (tmp_path / "repo").mkdir()
        (tmp_path / "repo/shared.txt").write_text("x")
        folder = chart(tmp_path / "repo", **{"a.txt->../shared.txt": ""})
        assert by_us(folder, LoadOptions(root=tmp_path / "repo"))["files"] == ["a.txt"]
        with pytest.raises(HelmError):
            load_chart(folder, LoadOptions(root=folder))

    def test_a_folder_beside_the_root_with_the_same_beginning(self, tmp_path: Path) -> None:
        (tmp_path / "repo-secret").mkdir()
        (tmp_path / "repo-secret/x").write_text("x")
        folder = chart(tmp_path / "repo", **{"d->../../repo-secret": ""})
        with pytest.raises(HelmError):
            load_chart(folder, LoadOptions(root=tmp_path / "repo"))

    def test_a_link_behind_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "secret.txt").write_text("x")
        folder = chart(tmp_path / "repo", **{"d/b.txt->../../../secret.txt": "", "e->d": ""})
        with pytest.raises(HelmError):
            load_chart(folder, LoadOptions(root=tmp_path / "repo"))

    def test_the_file_of_rules_is_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "rules").write_text("a\n")
        folder = chart(tmp_path / "repo", **{".helmignore->../../rules": ""})
        with pytest.raises(HelmError):
            load_chart(folder, LoadOptions(root=tmp_path / "repo"))

    @pytest.mark.parametrize("target", [".", "..", "../..", "/"])
    def test_a_circle_ends(self, target: str, tmp_path: Path) -> None:
        folder = chart(tmp_path, **{f"a/b->{target}": ""})
        if target == "/":
            with pytest.raises(HelmError):
                load_chart(folder, LoadOptions(root=tmp_path))
            return
        assert by_us(folder)["error"].endswith("EvalSymlinks: too many links")

    def test_two_folders_that_link_to_each_other(self, tmp_path: Path) -> None:
        folder = chart(tmp_path, **{"a/x->../b": "", "b/y->../a": ""})
        assert by_us(folder)["error"].endswith("EvalSymlinks: too many links")

    def test_links_that_multiply_end(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("scanner.helm.chart_folder.MAX_FILES", 500)
        links = {f"d{level}/{side}->../d{level + 1}": "" for level in range(30) for side in "lr"}
        folder = chart(tmp_path, **links, **{"d30/x": ""})
        assert by_us(folder)["error"] == "the chart has more than 500 files"


def test_folders_that_go_too_deep(tmp_path: Path) -> None:
    folder = chart(tmp_path, **{"a/" * 150 + "x": ""})
    assert by_us(folder)["error"] == "folders within folders go more than 100 levels deep"


def test_charts_that_go_too_deep(tmp_path: Path) -> None:
    names = ["charts/a/" * depth + "Chart.yaml" for depth in range(1, 45)]
    folder = chart(tmp_path, **dict.fromkeys(names, SUBCHART))
    assert "charts within charts go more than 32 levels deep" in by_us(folder)["error"]


def test_more_bytes_than_a_chart_may_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.helm.chart_files.MAX_TOTAL_BYTES", 1000)
    assert by_us(chart(tmp_path, a="x" * 1000))["error"] == "the chart and its subcharts have more than 1,000 bytes"


class TestSiblings:
    """Dependencies that are missing in charts/ and lie beside the chart."""

    ENTRY = "apiVersion: v2\nname: top\nversion: 1.0.0\ndependencies:\n"

    def names(self, folder: Path, **options: Any) -> list[str]:
        loaded = load_chart(folder, LoadOptions(follow_siblings=True, **options))
        return [f"{each.full_path}{'*' if each.sibling else ''}" for each in all_charts(loaded)[1:]]

    def repository(self, root: Path, entry: str, **files: str) -> Path:
        write_chart(root / "a", {"Chart.yaml": SUBCHART, **files})
        return write_chart(root / "top-chart", {"Chart.yaml": self.ENTRY + entry})

    @pytest.mark.parametrize(
        ("entry", "names"),
        [
            ("- {name: a, version: 1.x.x, repository: 'file://../a'}", ["top/charts/a*"]),
            ("- {name: a, version: '>=0', repository: 'file://../a', alias: b}", ["top/charts/a*"]),
            ("- {name: a, version: 2.0.0, repository: 'file://../a'}", []),
            ("- {name: b, version: 1.0.0, repository: 'file://../a'}", []),
            ("- {name: a, version: nonsense, repository: 'file://../a'}", []),
            ("- {name: a, version: 1.0.0, repository: 'https://x/a'}", []),
            ("- {name: a, version: 1.0.0, repository: 'file://../nothing'}", []),
            ('- {name: a, version: 1.0.0, repository: "file://../a\\0b"}', []),
            ("- {name: top, version: 1.0.0, repository: 'file://.'}", []),
        ],
    )
    def test_what_is_taken(self, entry: str, names: list[str], tmp_path: Path) -> None:
        assert self.names(self.repository(tmp_path, entry)) == names

    def test_charts_comes_first(self, tmp_path: Path) -> None:
        folder = self.repository(tmp_path, "- {name: a, version: 1.0.0, repository: 'file://../a'}")
        write_chart(folder / "charts/a", {"Chart.yaml": SUBCHART})
        assert self.names(folder) == ["top/charts/a"]

    def test_siblings_of_siblings_and_circles(self, tmp_path: Path) -> None:
        more = "dependencies:\n- {name: b, version: 1.0.0, repository: 'file://../b'}\n"
        folder = self.repository(tmp_path, "- {name: a, version: 1.0.0, repository: 'file://../a'}")
        (tmp_path / "a/Chart.yaml").write_text(SUBCHART + more)
        back = "- {name: a, version: 1.0.0, repository: 'file://../a'}\n- {name: top, version: 1.0.0, repository: 'file://../top-chart'}\n"
        write_chart(tmp_path / "b", {"Chart.yaml": SUBCHART.replace("name: a", "name: b") + "dependencies:\n" + back})
        assert self.names(folder) == ["top/charts/a*", "top/charts/a/charts/b*"]

    def test_outside_of_the_root(self, tmp_path: Path) -> None:
        folder = self.repository(tmp_path, "- {name: a, version: 1.0.0, repository: 'file://../a'}")
        assert self.names(folder, root=folder) == []

    def test_a_sibling_that_does_not_load(self, tmp_path: Path) -> None:
        folder = self.repository(tmp_path, "- {name: a, version: 1.0.0, repository: 'file://../a'}")
        (tmp_path / "a/values.yaml").write_text("a: [\n")
        with pytest.raises(
            HelmError, match=r": error loading subchart a of top from file://\.\./a: cannot load values"
        ):
            self.names(folder)

    def test_not_without_being_asked(self, tmp_path: Path) -> None:
        folder = self.repository(tmp_path, "- {name: a, version: 1.0.0, repository: 'file://../a'}")
        assert load_chart(folder).dependencies == []
        shutil.rmtree(tmp_path / "a")
        assert self.names(folder) == []


def test_warnings_are_kept(tmp_path: Path) -> None:
    files = {"requirements.yaml": "", "requirements.lock": "", "a.txt": "", "b->a.txt": ""}
    folder = chart(tmp_path, **files)
    warnings = load_chart(folder, LoadOptions(display=lambda path: path.name)).warnings
    assert [warning.replace(str(tmp_path), "…") for warning in warnings] == [
        "found symbolic link in path: b resolves to …/top-chart/a.txt. Contents of linked file included and used",
        'Warning: Dependency locking is handled in Chart.lock since apiVersion "v2". We recommend migrating to '
        "Chart.lock.",
        'Warning: Dependencies are handled in Chart.yaml since apiVersion "v2". We recommend migrating dependencies to '
        "Chart.yaml.",
    ]
