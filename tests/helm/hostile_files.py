"""Folders and archives that are no honest charts: links, circles, sizes, numbers, odd files; and what is said of each."""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.conftest import write_files
from tests.helm.archives import CHART, END, content, header, packed, raw, tar, tgz

DECLARED = "apiVersion: v2\nname: c\nversion: 1.0.0\n"
TEMPLATE = "a: {{ .Values.x | toJson }}\n"
SECRET = "never-to-be-read"


class Hostile(NamedTuple):
    """What lies in a folder, which chart in it is meant, what `render` takes besides, and what both commands say: ''
    where the chart renders, None where all that counts is that it ends well. `only` names the one command to try."""

    build: Callable[[Path], object]
    error: str | None = ""
    scan_error: str | None = "same"
    chart: str = "c"
    options: tuple[str, ...] = ()
    only: str = ""


def chart(folder: Path, files: dict[str, str | bytes] | None = None, name: str = "c") -> Path:
    """A chart with these files besides or in place of the usual ones."""
    usual: dict[str, str | bytes] = {"Chart.yaml": DECLARED, "values.yaml": "x: 1\n", "templates/a.yaml": TEMPLATE}
    return write_files(folder / name, usual | (files or {}))


def with_files(files: dict[str, str | bytes]) -> Callable[[Path], object]:
    return lambda folder: chart(folder, files)


def linked(name: str, target: str) -> Callable[[Path], object]:
    """A chart with a link; beside it lies a file that is none of its business."""

    def build(folder: Path) -> None:
        write_files(folder, {"outside/secret.txt": SECRET, "outside/deep/values.yaml": f"x: {SECRET}\n"})
        (folder / "c" / ".git").mkdir(parents=True)
        place = chart(folder) / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        place.symlink_to(target)

    return build


def values(text: str | bytes) -> Callable[[Path], object]:
    return with_files({"values.yaml": text})


def schema(document: object, given: str = "x: 1\n") -> Callable[[Path], object]:
    return with_files({"values.yaml": given, "values.schema.json": json.dumps(document)})


def dependency(name: str, repository: str) -> str:
    return f"- {{name: {name}, version: '*', repository: '{repository}'}}\n"


def circle(folder: Path) -> None:
    """Charts that ask for each other."""
    for name, other in (("c", "d"), ("d", "e"), ("e", "c")):
        declared = f"apiVersion: v2\nname: {name}\nversion: 1.0.0\ndependencies:\n" + dependency(
            other, f"file://../{other}"
        )
        chart(folder, {"Chart.yaml": declared}, name)


def lattice(folder: Path) -> None:
    """Two charts at each level, each of which asks for both of the next level."""
    (folder / ".git").mkdir()
    for level in range(40):
        for side in "lr" if level else "l":
            name = f"{side}{level}" if level else "c"
            wanted = "".join(dependency(f"{other}{level + 1}", f"file://../{other}{level + 1}") for other in "lr")
            chart(
                folder, {"Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: 1.0.0\ndependencies:\n{wanted}"}, name
            )


def outside(folder: Path) -> None:
    """A chart whose dependency lies out of its repository."""
    chart(folder, name="outside")
    (folder / "c" / ".git").mkdir(parents=True)
    chart(folder, {"Chart.yaml": DECLARED + "dependencies:\n" + dependency("c", "file://../outside")})


def chain(depth: int) -> Callable[[Path], object]:
    """Charts within charts."""

    def build(folder: Path) -> None:
        place = folder / "c"
        for number in range(depth):
            name = "c" if not number else "d"
            files = {"Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n", "templates/a.yaml": "a: 1\n"}
            for file, text in files.items():
                (place / file).parent.mkdir(parents=True, exist_ok=True)
                (place / file).write_text(text)
            place = place / "charts" / "d"

    return build


def many_subcharts(folder: Path) -> None:
    chart(folder, {f"charts/s{n}/Chart.yaml": f"apiVersion: v2\nname: s{n}\nversion: 1.0.0\n" for n in range(2000)})


def many_aliases(folder: Path) -> None:
    wanted = "".join(f"- {{name: s, version: '*', alias: s{n}}}\n" for n in range(2000))
    chart(folder, {
        "Chart.yaml": DECLARED + "dependencies:\n" + wanted,
        "charts/s/Chart.yaml": "apiVersion: v2\nname: s\nversion: 1.0.0\n",
        "charts/s/values.yaml": "".join(f"a{n}: 1\n" for n in range(2000)),
        "charts/s/templates/a.yaml": "a: 1\n",
    })  # fmt: skip


def doubled_aliases(folder: Path) -> None:
    """Each level has the next one twice."""
    files: dict[str, str | bytes] = {}
    place = ""
    for level in range(30):
        wanted = "".join(f"- {{name: s{level + 1}, version: '*', alias: {alias}}}\n" for alias in ("a", "b"))
        name = f"s{level}" if level else "c"
        files[f"{place}Chart.yaml"] = f"apiVersion: v2\nname: {name}\nversion: 1.0.0\ndependencies:\n{wanted}"
        files[f"{place}templates/a.yaml"] = "a: 1\n"
        place += f"charts/s{level + 1}/"
    files[f"{place}Chart.yaml"] = "apiVersion: v2\nname: s30\nversion: 1.0.0\n"
    chart(folder, files)


def many_files(folder: Path) -> None:
    place = chart(folder) / "data"
    place.mkdir()
    for number in range(20_000):
        (place / f"{number}.txt").write_bytes(b"x")


def deep_folders(folder: Path) -> None:
    place = chart(folder)
    for _ in range(300):
        place = place / "d"
        place.mkdir()
    (place / "a.txt").write_text("x")


def pipe(name: str) -> Callable[[Path], object]:
    def build(folder: Path) -> None:
        place = chart(folder) / name
        place.unlink(missing_ok=True)
        os.mkfifo(place)

    return build


def as_folder(name: str) -> Callable[[Path], object]:
    def build(folder: Path) -> None:
        place = chart(folder) / name
        place.unlink(missing_ok=True)
        place.mkdir()

    return build


def odd_names(folder: Path) -> None:
    place = os.fsencode(chart(folder, {"templates/b.yaml": "{{ range $n, $_ := .Files }}# {{ $n }}\n{{ end }}"}))
    for name in (b"\xff\xfe.txt", b"new\nline.txt", b"tab\t.txt", b"templates/\xe9.yaml", b"{{.txt", b"*.txt"):
        with open(place + b"/" + name, "wb") as file:  # noqa: PTH123 - bytes as a name
            file.write(b"a: \xff\n")


def archive(data: bytes | Callable[[], bytes]) -> Callable[[Path], object]:
    def build(folder: Path) -> None:
        (folder / "c.tgz").write_bytes(data if isinstance(data, bytes) else data())

    return build


def entry(name: str, kind: bytes, target: str = "") -> Callable[[], bytes]:
    """An archive with one entry that is no file."""
    return lambda: tgz((name, b"", {"type": kind, "linkname": target}))


def same_name_twice() -> bytes:
    return tgz(
        ("top/values.yaml", b"x: 1\n"), ("top/values.yaml", b"x: 2\n"), ("top/templates/a.yaml", TEMPLATE.encode())
    )


def sparse() -> bytes:
    """A file of GNU tar that claims a hole of a terabyte."""
    block = bytearray(header(b"top/x", b"\x80" + (1 << 40).to_bytes(11, "big"), kind=b"S", magic=b"ustar  \0"))
    block[386:398] = b"00000000000\0"
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return packed(tar(("top/Chart.yaml", CHART))[:1024] + bytes(block) + content(b"x") + END)


def long_name() -> bytes:
    return tgz(("top/" + "x" * 1_000_000, b"y"), form=tarfile.PAX_FORMAT)


def many_entries() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tarred:
        for name in ("top/Chart.yaml", *(f"top/f{number}" for number in range(120_000))):
            info = tarfile.TarInfo(name)
            info.size = len(CHART) if name.endswith("yaml") else 0
            tarred.addfile(info, io.BytesIO(CHART))
    return packed(buffer.getvalue())


def bomb_of_zeros() -> bytes:
    return packed(tar(("top/Chart.yaml", CHART), ("top/x", b"\0" * (120 << 20))))


def aliased(levels: int) -> str:
    return "a0: &a0 [x, x]\n" + "".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]\n" for n in range(levels))


def merged(levels: int) -> str:
    return "a0: &a0 {x: 1}\n" + "".join(
        f"a{n + 1}: &a{n + 1} {{<<: [*a{n}, *a{n}], k{n}: *a{n}}}\n" for n in range(levels)
    )


def nested(depth: int) -> str:
    return "x: " + "{a: " * depth + "1" + "}" * depth + "\n"


LINKS: dict[str, Hostile] = {
    "a link to a file outside": Hostile(linked("files/a.txt", "../../outside/secret.txt"), "", "leads out of"),
    "values that are a link outside": Hostile(linked("values.yaml", "../outside/deep/values.yaml"), "", "leads out of"),
    "a template that is a link outside": Hostile(linked("templates/a.yaml", "../../outside/secret.txt"), None, "leads out of"),
    "Chart.yaml that is a link outside": Hostile(linked("Chart.yaml", "../outside/secret.txt"), "cannot", None),
    "a link to the passwords": Hostile(linked("templates/a.yaml", "/etc/passwd"), None, "leads out of"),
    "a link to a folder outside": Hostile(linked("files", "../outside"), "", "leads out of"),
    "a link to the root": Hostile(linked("files", "/proc/self"), None, "leads out of"),
    "a link to itself": Hostile(linked("files/a", "a"), "too many links"),
    "a link to the chart": Hostile(linked("files/a", ".."), "too many links"),
    "a link to the folder above": Hostile(linked("files/a", "../.."), "too many links", "leads out of"),
    "a link to a folder that holds it": Hostile(linked("templates/a", "."), "too many links"),
    "a link to nothing": Hostile(linked("files/a", "nothing"), "no such file"),
    "an ignore file that is a link outside": Hostile(linked(".helmignore", "../outside/secret.txt"), "", "leads out of"),
    "a pipe": Hostile(pipe("templates/a.yaml"), "irregular file"),
    "a pipe as Chart.yaml": Hostile(pipe("Chart.yaml"), "irregular file", None),
    "a pipe as values": Hostile(pipe("values.yaml"), "irregular file"),
    "a pipe as ignore file": Hostile(pipe(".helmignore"), None),
    "a device": Hostile(linked("templates/a.yaml", "/dev/zero"), "irregular file", "leads out of"),
    "an ignore file that is a device": Hostile(linked(".helmignore", "/dev/zero"), None, "leads out of"),
    "Chart.yaml that is a device": Hostile(linked("Chart.yaml", "/dev/zero"), "irregular file", None),
    "Chart.yaml is a folder": Hostile(as_folder("Chart.yaml"), "Chart.yaml file is missing", None),
    "values.yaml is a folder": Hostile(as_folder("values.yaml"), ""),
    "the ignore file is a folder": Hostile(as_folder(".helmignore"), "is a directory"),
    "a template is a folder": Hostile(as_folder("templates/a.yaml"), ""),
    "charts is a file": Hostile(with_files({"charts": "x"}), ""),
    "odd names": Hostile(odd_names, None),
}  # fmt: skip

FILES: dict[str, Hostile] = {
    "charts that ask for each other": Hostile(circle, "missing in charts/ directory"),
    "two charts at each level": Hostile(lattice, "missing in charts/ directory", "charts from beside itself"),
    "a dependency outside": Hostile(outside, "missing in charts/ directory"),
    "charts within charts": Hostile(chain(100), "levels deep"),
    "charts within charts, as many as may be": Hostile(chain(31), ""),
    "2,000 subcharts": Hostile(many_subcharts, ""),
    "a subchart under 2,000 names": Hostile(many_aliases, None),
    "each subchart twice": Hostile(doubled_aliases, None),
    "20,000 files": Hostile(many_files, ""),
    "deep folders": Hostile(deep_folders, "levels deep", None),
    "values 100 levels deep": Hostile(values(nested(100)), ""),
    "values 9,000 levels deep": Hostile(values(nested(9_000)), None),
    "values 100,000 levels deep": Hostile(values(nested(100_000)), "exceeded max depth"),
    "values of brackets": Hostile(values("x: " + "[" * 1_000_000), "exceeded max depth"),
    "values of dashes": Hostile(values("- " * 100_000), None),
    "values of indentations": Hostile(values("".join(" " * n + "a:\n" for n in range(2_000))), None),
    "values with aliases": Hostile(values(aliased(60)), "excessive aliasing"),
    "values with aliases of mappings": Hostile(values(merged(60)), None),
    "values with an alias of itself": Hostile(values("x: &a [*a]\n"), "contains itself"),
    "Chart.yaml with aliases": Hostile(with_files({"Chart.yaml": DECLARED + aliased(60)}), None),
    "Chart.yaml with much": Hostile(with_files({"Chart.yaml": DECLARED + "keywords: [" + "a," * 1_000_000 + "]"}), None),
    "Chart.yaml with many dependencies": Hostile(
        with_files({"Chart.yaml": DECLARED + "dependencies:\n" + "".join(dependency(f"d{n}", "file://x") for n in range(20_000))}),
        "missing in charts/ directory",
    ),
    "many long constraints": Hostile(
        with_files({"Chart.yaml": DECLARED + f"kubeVersion: '{'>1 || ' * 100_000}>1'\n"}), None
    ),
    "a constraint that backtracks": Hostile(
        with_files({"Chart.yaml": DECLARED + f"kubeVersion: '{'1 ' * 100_000}!'\n"}), None
    ),
    "a constraint that is none": Hostile(
        with_files({"Chart.yaml": DECLARED + "kubeVersion: what\n"}), "requires kubeVersion: what which is incompatible"
    ),
    "a version that backtracks": Hostile(
        with_files({"Chart.yaml": f"apiVersion: v2\nname: c\nversion: '1.0.0-{'a-' * 100_000}!'\n"}), "invalid"
    ),
    "a million lines of values": Hostile(values("x: 1\n" + "# c\n" * 1_000_000), ""),
    "a million values": Hostile(values("".join(f"a{n}: b\n" for n in range(330_000))), None),
    "more values than may be": Hostile(values("x: [" + "a," * 1_000_000 + "]\n"), "values and marks"),
    "a long line of values": Hostile(values("x: " + "y" * 5_000_000 + "\n"), ""),
    "a long line of quotes": Hostile(values('x: "' + "\\n" * 2_400_000 + '"\n'), None),
    "values that are no text": Hostile(values(b"x: \xff\xfe\0\n"), None),
    "values with NUL": Hostile(values(b"x: a\0b\n"), "control characters"),
    "an ignore file with much": Hostile(with_files({".helmignore": "*" * 2_000 + "x\n" + "a*b*c*d*e\n" * 20_000}), None),
    "an ignore pattern that explodes": Hostile(
        with_files({".helmignore": "a*" * 40 + "b\n", "a" * 200: "x"}), ""
    ),
    "a schema that refers to itself": Hostile(schema({"$ref": "#"}), None),
    "a schema that refers in a circle": Hostile(
        schema({"$ref": "#/definitions/a", "definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}}}), None
    ),
    "a schema that multiplies": Hostile(
        schema({
            "$ref": "#/definitions/a0",
            "definitions": {f"a{n}": {"allOf": [{"$ref": f"#/definitions/a{n + 1}"}] * 2} for n in range(60)} | {"a60": {}},
        }),
        None,
    ),
    "a schema that multiplies by any": Hostile(
        schema({
            "$ref": "#/definitions/a0",
            "definitions": {f"a{n}": {"anyOf": [{"$ref": f"#/definitions/a{n + 1}"}] * 2} for n in range(60)} | {"a60": False},
        }),
        None,
    ),
    "a deep schema": Hostile(with_files({"values.schema.json": '{"not":' * 5_000 + "{}" + "}" * 5_000}), "levels deep"),
    "a very deep schema": Hostile(with_files({"values.schema.json": '{"not":' * 400_000 + "{}" + "}" * 400_000}), None),
    "a large schema": Hostile(schema({"properties": {f"a{n}": {"type": "string"} for n in range(100_000)}}), "more than 50,000 values"),
    "a schema with a long number": Hostile(
        with_files({"values.schema.json": '{"maximum": ' + "9" * 10_000 + "}"}), "too many digits"
    ),
    "names of properties that multiply": Hostile(
        schema(
            {
                "propertyNames": {"$ref": "#/definitions/a0"},
                "definitions": {f"a{n}": {"allOf": [{"$ref": f"#/definitions/a{n + 1}"}] * 2} for n in range(12)}
                | {"a12": {}},
            },
            "".join(f"a{n}: 1\n" for n in range(1_000)),
        ),
        "checks",
    ),
    "a schema of brackets": Hostile(with_files({"values.schema.json": "[" * 1_000_000}), None),
    "a pattern that explodes": Hostile(
        schema({"properties": {"x": {"pattern": "^(a+)+$"}}}, f"x: {'a' * 100_000}b\n"), "does not match pattern"
    ),
    "patterns of many properties": Hostile(
        schema({"patternProperties": {f"^(a|b)*{n}$": {} for n in range(3_000)}}, "".join(f"{'ab' * 50}{n}: 1\n" for n in range(3_000))), None
    ),
    "a long pattern": Hostile(schema({"properties": {"x": {"pattern": "(a|b)?" * 50_000}}}), "is not valid regex"),
    "a pattern with large counts": Hostile(schema({"properties": {"x": {"pattern": "((a{1,1000}){1,1000}){1,1000}"}}}, "x: a\n"), None),
    "unique items": Hostile(schema({"properties": {"x": {"uniqueItems": True}}}, "x: [" + ",".join(f"{{a: {n}}}" for n in range(30_000)) + "]\n"), None),
    "a remote schema": Hostile(schema({"$ref": "http://127.0.0.1:9/schema.json"}), ""),
    "a schema in a file": Hostile(schema({"$ref": "file:///etc/passwd"}), ""),
    "a schema beside": Hostile(schema({"$ref": "../../outside/secret.json"}), ""),
    "a large number against a multiple": Hostile(schema({"properties": {"x": {"multipleOf": 1e-300}}}, "x: 1e300\n"), None),
    "a number with a large exponent": Hostile(with_files({"values.schema.json": '{"properties": {"x": {"maximum": 1e999999999}}}'}), None),
    "imports in a circle": Hostile(
        with_files({
            "Chart.yaml": DECLARED + "dependencies:\n- {name: s, version: '*', import-values: [{child: ., parent: s}, {child: a, parent: .}]}\n",
            "charts/s/Chart.yaml": "apiVersion: v2\nname: s\nversion: 1.0.0\n",
            "charts/s/values.yaml": "a: {b: {c: 1}}\n",
        }),
        None,
    ),
    "many imports": Hostile(
        with_files({
            "Chart.yaml": DECLARED + "dependencies:\n- {name: s, version: '*', import-values: ["
            + ",".join(f"{{child: a, parent: p{n}}}" for n in range(1_000)) + "]}\n",
            "charts/s/Chart.yaml": "apiVersion: v2\nname: s\nversion: 1.0.0\n",
            "charts/s/values.yaml": "a:\n" + "".join(f"  k{n}: 1\n" for n in range(3_000)),
        }),
        None,
    ),
    "a long condition": Hostile(
        with_files({
            "Chart.yaml": DECLARED + "dependencies:\n- {name: s, version: '*', condition: '" + "a.b," * 200_000 + "'}\n",
            "charts/s/Chart.yaml": "apiVersion: v2\nname: s\nversion: 1.0.0\n",
        }),
        None,
    ),
    "many CRDs": Hostile(with_files({f"crds/{n}.yaml": "a: b\n---\n" * 1_000 for n in range(100)}), "", options=("--include-crds",)),
}  # fmt: skip

SETTINGS: dict[str, Hostile] = {
    "a large index": Hostile(chart, "index of 100000000", options=("--set", "a[100000000]=x")),
    "the largest index": Hostile(chart, "", options=("--set", "a[65535]=x")),
    "large indexes within each other": Hostile(chart, None, options=("--set", ",".join(f"a[{n}][65535][65535]=x" for n in range(30)))),
    "a deep name": Hostile(chart, "nested level", options=("--set", ".".join("a" * 20_000) + "=x")),
    "deep indexes": Hostile(chart, None, options=("--set", "a" + "[0]" * 30_000 + "=x")),
    "a long list": Hostile(chart, "", options=("--set", "a={" + "b," * 50_000 + "}")),
    "deep JSON": Hostile(chart, "--set-json", options=("--set-json", "a=" + "[" * 100_000)),
    "values that do not end": Hostile(chart, "larger than", options=("-f", "/dev/zero"), only="render"),
    "a file that does not end": Hostile(chart, "larger than", options=("--set-file", "a=/dev/zero"), only="render"),
    "values from elsewhere": Hostile(chart, "not fetched", options=("-f", "http://127.0.0.1:9/x"), only="render"),
}  # fmt: skip

ARCHIVES: dict[str, Hostile] = {
    "a bomb": Hostile(archive(bomb_of_zeros), "larger than"),
    "a bomb without end": Hostile(archive(lambda: raw(header(b"top/x", b"\x80" + (4 << 30).to_bytes(11, "big")))), None),
    "an absolute name": Hostile(archive(lambda: tgz(("/etc/passwd", b"x"))), None),
    "a name that leads out": Hostile(archive(lambda: tgz(("top/../../x", b"x"))), "illegally references parent directory"),
    "a drive": Hostile(archive(lambda: tgz(("c:/x", b"x"))), None),
    "a symbolic link": Hostile(archive(entry("top/templates/b.yaml", tarfile.SYMTYPE, "/etc/passwd")), None),
    "a hard link": Hostile(archive(entry("top/templates/b.yaml", tarfile.LNKTYPE, "/etc/passwd")), None),
    "a device in an archive": Hostile(archive(entry("top/templates/b.yaml", tarfile.CHRTYPE)), None),
    "a pipe in an archive": Hostile(archive(entry("top/templates/b.yaml", tarfile.FIFOTYPE)), None),
    "the same name twice": Hostile(archive(same_name_twice), None),
    "an archive that is cut off": Hostile(archive(lambda: tgz(("top/x", b"y" * 10_000))[:-30]), "EOF"),
    "a hole of a terabyte": Hostile(archive(sparse), None),
    "a long name": Hostile(archive(long_name), None),
    "many entries": Hostile(archive(many_entries), "more than", None),
    "no archive": Hostile(archive(b"\x1f\x8b" + b"\xff" * 1_000), None),
    "nothing": Hostile(archive(b""), None),
    "an archive in an archive": Hostile(archive(lambda: tgz(("top/charts/x-1.tgz", tgz(("top/charts/y-1.tgz", b"\x1f\x8b"))))), "error unpacking"),
}  # fmt: skip
ARCHIVES = {name: case._replace(chart="c.tgz") for name, case in ARCHIVES.items()}
