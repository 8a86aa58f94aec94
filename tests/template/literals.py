"""Literals of every kind of argument, plausible and odd ones, and what the context of a template has."""

from __future__ import annotations

LITERALS: dict[str, tuple[str, ...]] = {
    "text": (
        '""', '"abc"', '"Hello World"', '"a,b,,c"', '"a b  c"', '" x "', '"\\n"', '"a\\nb\\n\\nc"', '"é中😀"', '"ÄÖÜ straße"', '"\\xff\\x80"', '"%d"',
        '"123"', '"true"', '"-12.5"', '"0x1f"', '"010"', '"FooBar_baz-Qux9"', '"HTTPServer"', '"<a&b>"', '"it\'s \\"q\\""', '"\\u2028\\x00\\t"', "`raw\\n`",
        '"aGVsbG8="', '"a: 1"', '"nil"', '"<no value>"', '"word word word word word"', '"${1}x$2"', '"é"', '"\\xc3"', '"\\xa9"', '"1e3"', '"🇩🇪ﬀ"',
        '"\\u0130ǅ"', '"a\\\\b"', '"a/b/../c"', '"b"', '"a"', '"x"', '"- a\\n- b"', '"1.5h"', '"3"', '"0"', '"1_000"', '"+5"', '"  "', '"no"',
    ),
    "int": (
        "0", "1", "2", "3", "-1", "7", "42", "255", "-17", "0x1F", "0b101", "0o17", "017", "1_000", "'a'", "'\\n'", "'é'", "1e3", "100", "1000000",
        "2147483648", "9223372036854775807", "-9223372036854775808", "9007199254740993", "0x7fffffffffffffff", "+3", "1.0", "0x10", "'\\x41'",
    ),
    "float": ("0.0", "1.5", "-2.25", "0.1", "1e-7", "1.0", "3.14159265358979", "1e20", "1e21", "123456.789", "0x1p-2", "1e300", "2.5", "-0.0", ".5", "1."),
    "bool": ("true", "false"),
    "nil": ("nil",),
    "size": ("0", "1", "2", "3", "5", "10", "20", "-1", "4", "80"),
    "step": ("1", "2", "-1", "3", "0"),
    "count": ("0", "1", "2", "3", "-1", "5", "-2", "100"),
    "real": ("0.5", "1.5", ".5", "0.25"),
    "key": ('"a"', '"b"', '"c"', '"name"', '"tag"', '"zz"', '""', '"x.y"', '"Error"'),
    "path": ('"/a/b/c.yaml"', '"a/../b"', '""', '"/"', '"a//b/"', '"../x.tar.gz"', '"."', '"a.txt"', '"C:\\\\x"', '"/a/./b/.."', '"cfg/*.conf"'),
    "regex": (
        '"a+"', '"^[a-z]+$"', '"(\\\\w+)-(\\\\d+)"', '""', '"x*"', '"(?i)HELLO"', '"[[:alpha:]]+"', '"\\\\pL"', '"(a|ab)(c|bcd)"', '"("', '"[z-a]"', '"a{2,1}"',
        '"(?P<n>[0-9]+)"', '"\\\\b"', '"."', '"(?s).+"', '"(?m)^.*$"', '"a**"', '"\\\\Qa.b\\\\E"', '"(?:a)?(b)?"', '"[^a-z]"', '"é|中"', '"\\\\d{2}"', '"$"',
        '"(?=a)"', '"\\\\1"', '" +"', '","', '"[\\\\d\\\\-.]+"', '"(a*)*b"', '"\\\\z"', '"(?<x>a)"', '"a{1001}"', '"\\\\x{263a}"', '"[\\\\w-]+"',
    ),
    "replacement": ('"x"', '""', '"$1"', '"${1}_"', '"$1x"', '"$n"', '"${n}"', '"$$"', '"\\\\1"', '"$0-$2"', '"$"', '"${"', '"é$1"'),
    "version": ('"1.2.3"', '"v1.25"', '"1"', '"1.2.3-rc.1"', '"1.2.3-beta.11+b.5"', '"x"', '""', '"v1.37.0"', '"01.2.3"', '"1.2.3.4"', '"1.30.1-gke.1"', '"2.0"'),
    "constraint": (
        '">=1.2"', '"^1.2.3"', '"~1.2"', '">1.0 <2.0"', '">=1.2-0"', '"1.x || 2.*"', '"*"', '""', '"!=1.2.3"', '"1.2 - 2"', '"=> 1"', '"~> 1.2.3"', '"^0.1"',
        '">=1.16.0-0, <1.40"', '"foo"', '"1.2.3.4"', '"<=1"', '"^0"', '">1.2"', '"1.2.3-rc.1"', '"~0"', '"v1"', '">= 1.x"', '"~1.x"',
    ),
    "layout": (
        '"2006-01-02"', '"2006-01-02T15:04:05Z07:00"', '"Jan 2, 2006 at 3:04pm (MST)"', '"Mon Jan _2 15:04:05 2006"', '"02/01/06"', '""', '"15h"', '"2006-01-02 15:04:05.000 -0700"',
        '"Monday January __2 002"', '"3:4:5.999 PM"', '"x"', '"20060102"',
    ),
    "date": ('"2024-02-29"', '"2024-02-29T13:04:05Z"', '"2023-02-29"', '"24/12/99"', '""', '"20240131"', '"15h"', '"2021-03-28T02:30:00+01:00"', '"2024-1-1"'),
    "zone": ('"UTC"', '"Europe/Berlin"', '"America/New_York"', '"Nope/Zone"', '""', '"Local"'),
    "duration": ('"1h30m"', '"90s"', '"-2h"', '"100ms"', '"1.5h"', '"x"', '""', '"2562047h47m"', '"8760h"', '"1us2ns"', '"95"'),
    "url": (
        '"https://u:p@h.example:80/a/b?q=1#f"', '"http://[::1]:80/"', '"mailto:x@y"', '"/a?b"', '""', '"://x"', '"http://h/%zz"', '"a b"', '"http://h:port/"', '"//h/p"',
        '"http://ä/ö?ü"', '"x:y:z"',
    ),
    "yaml": (
        '"a: 1\\nb: [x, 2.50, null]"', '"- 1\\n- a: b\\n"', '"a: *x"', '""', '"{"', '"x"', '"a: &q {k: 1}\\nb: *q\\nc: {<<: *q, z: 0o7}"', '"yes: no"', '"a: |\\n  l1\\n  l2\\n"', '"1: 2"',
        '"\\ta: 1"', '"null"', '"a: 1\\na: 2"', '"a: b: c"', '"- - 1\\n  - 2"', '"a: .inf"', '"? [x]\\n: 1"', '"%"', '"a: 2001-01-01\\nb: 12:30:45\\nc: 1e3"', '"---\\na: 1\\n---\\nb: 2"',
        '"[1, 2"', '"a:\\n- 1\\n b: 2"', '"\'"', '"a: \\"\\\\q\\""', '"a: !!binary aGk="', '"~"', '"a: 9007199254740993"', '"a: 123456789012345678901"',
    ),
    "json": (
        '`{"a": 1, "b": [true, null, "x"]}`', '`[1, 2.5, {"c": "d"}]`', '"{"', '""', '"null"', '`"x"`', '"12"', '`{"a": 1,}`', '`[1 2]`', '`{"a": 1e400}`', '`{"a": "\\u00e9\\ud83d"}`', '"nul"',
        '`{"a": {"a": {}}}  `', '`{a: 1}`', '`{"a": 1} x`', '"[1e3, -0, 1.50]"', '`{"a": "\\x"}`', '"tru"', '"-"', '"[1,"', '`{"b":01}`',
    ),
    "toml": (
        '"a = 1"', '"[t]\\nx = [1, 2]\\ny = \'s\'"', '"a = "', '""', '"[[e]]\\nk = 1\\n[[e]]\\nk = 2"', '"a.b.c = true"', '"d = 1979-05-27T07:32:00Z"', '"a = 1\\na = 2"', '"f = 1e3\\ng = inf"', '"a = {b = 1, c = \\"x\\"}"',
        '"a = 0x1F"', '"s = \\"\\"\\"\\nx\\"\\"\\""', '"[a"', '"a = [1, \'x\']"', '"= 1"',
    ),
    "base32": ('"NBSWY3DP"', '"x"', '""', '"nbswy3dp"', '"NBSWY3A="', '"M======="'),
    "base64": ('"aGVsbG8="', '"aGVsbG8"', '"!!"', '""', '"YQ=="', '"/+8="', '"_-8="', '"aGk=\\n"', '"gIH/"'),
    "type": ('"string"', '"int"', '"float64"', '"map[string]interface {}"', '"[]interface {}"', '"bool"', '"int64"', '"[]string"', '"chartutil.Values"', '"*x"', '"nil"'),
    "kind": ('"string"', '"int"', '"float64"', '"map"', '"slice"', '"bool"', '"invalid"', '"struct"', '"ptr"', '"int64"'),
}  # fmt: skip
OBJECTS = (
    ".Release", ".Release.Name", ".Release.Revision", ".Release.IsInstall", ".Release.Nope", ".Chart.Name", ".Chart.Version", ".Chart.AppVersion", ".Chart.Nope",
    ".Chart.Keywords", ".Chart.Annotations", ".Chart.Dependencies", ".Chart.Maintainers", ".Chart.IsRoot", ".Chart", '(.Files.Get "a.txt")', '(.Files.Get "nope")',
    '(.Files.Glob "**")', '(.Files.Glob "cfg/*").AsConfig', '(.Files.Glob "**").AsSecrets', '(.Files.Lines "a.txt")', '(.Files.GetBytes "a.txt")', ".Files",
    ".Capabilities.KubeVersion", ".Capabilities.KubeVersion.Version", ".Capabilities.KubeVersion.Minor", '(.Capabilities.APIVersions.Has "apps/v1")',
    ".Template.Name", ".Template", ".Subcharts", ".Values", ".Values.AsMap", ".Nope", ".Values.zz.yy",
    "(.Values.zz).yy", '(index .Values "a")', ".Release.Name.x", "(.Values.Table \"a\")", '(.Values.PathValue "a.b")', ".Values.YAML", "(.Values).a.b", ".Capabilities.Nope",
)  # fmt: skip
