"""Chart archives, the hostile ones too: what Helm shows of each, and limits that hold."""

from __future__ import annotations

import json
import random
import tarfile
import tracemalloc
from pathlib import Path

import pytest

from scanner.helm.archive import unpack
from scanner.helm.chart_files import LoadOptions, load_chart
from scanner.helm.errors import HelmError
from tests.conftest import is_long
from tests.helm.archives import ARCHIVES, CHART, END, PROBE, header, packed, raw, tar, tgz
from tests.helm.loading import all_charts, by_helm, by_us

DATA = Path(__file__).with_name("archive_results.json")
SEEN = json.loads(DATA.read_text(encoding="utf-8")) if DATA.is_file() else {}
OFFSET = "flate: corrupt input "
"""Go names the byte where compressed data is wrong, which zlib does not know."""


def placed(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "top-1.0.0.tgz"
    path.write_bytes(ARCHIVES[name]())
    return path


@pytest.mark.parametrize("name", [name for name in ARCHIVES if name != "many large files"])
def test_an_archive_loads_as_in_helm(name: str, tmp_path: Path) -> None:
    seen, expected = by_us(placed(tmp_path, name)), SEEN[name]
    if expected.get("error", "").startswith(OFFSET):
        assert seen["error"].startswith(OFFSET)
    else:
        assert seen == expected


@pytest.mark.go
def test_the_recorded_results_are_helms(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    update = request.config.getoption("--update-goldens")
    step = 1 if update or is_long(request.config) else 6
    seen = {name: by_helm(placed(tmp_path, name)) for name in list(ARCHIVES)[::step]}
    if update:
        DATA.write_text(json.dumps(seen, indent=1) + "\n", encoding="utf-8")
    else:
        assert seen == {name: SEEN[name] for name in seen}


def test_paths_lead_into_the_archive(tmp_path: Path) -> None:
    inner = packed(tar(("b/Chart.yaml", CHART.replace(b"top", b"b")), ("b/templates/x.yaml", b"a: b")))
    outer = packed(tar(("a/Chart.yaml", CHART.replace(b"top", b"a")), ("a/charts/b-1.tgz", inner)))
    path = tmp_path / "top.tgz"
    path.write_bytes(tgz(("top/charts/a-1.tgz", outer)))
    charts = all_charts(load_chart(path, LoadOptions(display=lambda path: path.name)))
    assert [(each.path, each.archive, each.folder) for each in charts] == [
        ("top.tgz!/top", "top.tgz", None),
        ("top.tgz!/top/charts/a-1.tgz!/a", "top.tgz!/top/charts/a-1.tgz", None),
        (
            "top.tgz!/top/charts/a-1.tgz!/a/charts/b-1.tgz!/b",
            "top.tgz!/top/charts/a-1.tgz!/a/charts/b-1.tgz",
            None,
        ),
    ]
    assert charts[2].templates[0].path == "top.tgz!/top/charts/a-1.tgz!/a/charts/b-1.tgz!/b/templates/x.yaml"


def test_the_same_archive_is_unpacked_once() -> None:
    data = tgz(("top/README.md", b"once"))
    assert unpack(data) is unpack(bytes(bytearray(data)))


def test_a_bomb_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of 4 GiB that says so, one that lies about it, and headers without end."""
    size = 4 << 30
    say = b"\x80" + size.to_bytes(11, "big")
    zeros = packed(b"\0" * (1 << 20))
    bombs = [
        raw(header(b"top/x", say)),
        raw(header(b"top/x", say, kind=b"9"), end=b"") + zeros * 4096,
        packed(header(b"top/d/", kind=b"5") * 6_000),
        packed(header(b"top/d/", say, kind=b"g")),
    ]
    monkeypatch.setattr("scanner.helm.archive.MAX_FILES", 5_000)
    tracemalloc.start()
    for bomb in bombs:
        with pytest.raises(HelmError):
            unpack(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100 << 20


def test_archives_within_archives_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed(tar(("a/Chart.yaml", CHART)))
    for _ in range(40):
        data = packed(tar(("a/Chart.yaml", CHART), ("a/charts/a.tgz", data)))
    path = tmp_path / "a.tgz"
    path.write_bytes(data)
    assert "charts within charts go more than 32 levels deep" in by_us(path)["error"]
    monkeypatch.setattr("scanner.helm.chart_files.MAX_TOTAL_BYTES", 100_000)
    wide = packed(tar(("a/Chart.yaml", CHART), ("a/x", b"\0" * 10_000)))
    path.write_bytes(tgz(*[(f"top/charts/a{number}.tgz", wide) for number in range(20)]))
    assert "more than 100,000 bytes" in by_us(path)["error"]


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_changed_bytes_end_in_an_error_or_a_chart(form: int, tmp_path: Path) -> None:
    chosen = random.Random(form)
    good = tar(("top/Chart.yaml", CHART), PROBE, ("top/" + "x" * 90, b"y"), form=form) + END
    path = tmp_path / "top.tgz"
    for _ in range(150):
        data = bytearray(good)
        for _ in range(chosen.randint(1, 4)):
            data[chosen.randrange(len(data))] = chosen.choice((0, 0x2E, 0x2F, 0x5C, 0x80, 0xFF, chosen.randrange(256)))
        compressed = bytearray(packed(bytes(data[: chosen.choice((len(data), chosen.randrange(len(data))))])))
        if chosen.random() < 0.3:
            compressed[chosen.randrange(len(compressed))] ^= 1 << chosen.randrange(8)
        path.write_bytes(compressed)
        by_us(path)  # raises nothing but HelmError
