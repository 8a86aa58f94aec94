"""What loading an expression says: every problem with its place, and the facts about a right one."""

from __future__ import annotations

import random

import pytest

from scanner.core.views import VIEWS
from scanner.policy.cel.check import LONGEST, compile_expression
from scanner.policy.cel.environment import Language, Scope
from scanner.policy.cel.errors import ExpressionErrors
from scanner.policy.cel.tree import Tree
from scanner.policy.function import Function
from tests.policy.cel.generate import VIEWS as GENERATED
from tests.policy.cel.generate import Generator, shape

REFERENCE = shape("image_reference", "registry string\ntag string\ndigest string")
LANGUAGE = Language(
    (
        Function("parse_image", ("string",), "image_reference", lambda text: {"tag": text}),
        Function("glob_any", ("list(string)", "string"), "bool", lambda globs, text: text in globs),
        Function("anything", ("dyn",), "dyn", lambda value: value),
    ),
    (REFERENCE,),
)
SCOPE = Scope(
    "container",
    {"tags": "list", "least": "int", "strict": "bool", "names": "map", "word": "string"},
    {"reference": "image_reference", "parts": "list(string)", "port": "string", "loose": "dyn", "real": "double"},
)


def check(source: str, scope: Scope = SCOPE) -> Tree:
    return compile_expression(source, scope, LANGUAGE)


PROBLEMS: list[tuple[str, list[str]]] = [
    ("container.imge == ''", ["1:10: container has no attribute 'imge' (did you mean 'image'?)"]),
    (
        "container.imge == '' ||\n  container.nme == ''",
        [
            "1:10: container has no attribute 'imge' (did you mean 'image'?)",
            "2:12: container has no attribute 'nme' (did you mean 'name'?)",
        ],
    ),
    ("container.zzz", ["1:10: container has no attribute 'zzz'"]),
    ("has(container.imge)", ["1:4: container has no attribute 'imge' (did you mean 'image'?)"]),
    ("present(container.imge)", ["1:18: container has no attribute 'imge' (did you mean 'image'?)"]),
    ("container.ports.all(p, p.publshed)", ["1:25: port has no attribute 'publshed' (did you mean 'published'?)"]),
    ("container.liveness_probe.pth", ["1:25: probe has no attribute 'pth' (did you mean 'path'?)"]),
    ("'é😀' + container.imge", ["1:17: container has no attribute 'imge' (did you mean 'image'?)"]),
    ("reference.tga", ["1:10: image_reference has no attribute 'tga' (did you mean 'tag'?)"]),
    ("parse_image(container.image).tga", ["1:29: image_reference has no attribute 'tga' (did you mean 'tag'?)"]),
    ("parameters.tgs", ["1:11: parameters has no parameter 'tgs' (did you mean 'tags'?)"]),
    ("paramters.tags", ["1:10: 'paramters' is not defined here (did you mean 'parameters'?)"]),
    ("referense.tag", ["1:10: 'referense' is not defined here (did you mean 'reference'?)"]),
    ("workload.name", ["1:9: 'workload' is not defined here"]),
    ("resource.name", ["1:9: 'resource' is not defined here"]),
    ("parse_imge('a')", ["1:11: 'parse_imge' is not defined here (did you mean 'parse_image'?)"]),
    ("parse_image(container.privileged)", ["1:12: the function parse_image does not take (bool)"]),
    ("parse_image('a', 'b')", ["1:12: parse_image is not called so (parse_image(string))"]),
    ("container.image.parse_image()", ["1:28: parse_image is not called so (parse_image(string))"]),
    ("glob_any(parameters.least, 'a')", ["1:9: the function glob_any does not take (int, string)"]),
    ("container.image == 1", ["1:17: == does not take (string, int)"]),
    ("container.memory_limit > 1.5", ["1:24: > does not take (int, double) (double() and int() convert)"]),
    ("container.image == null", ["1:17: == does not take (string, null_type)"]),
    (
        "container.liveness_probe != null",
        ["1:26: the attribute liveness_probe is never null (present() tells whether an attribute is there)"],
    ),
    ("null == reference", ["1:6: a value of type image_reference is never null"]),
    ("container.image in [1, 2]", ["1:17: in does not take (string, list(int))"]),
    ("container.image.size(1)", ["1:21: size is not called so"]),
    ("container.image ==", ["1:19: the expression ends too early"]),
    ("", ["1:1: the expression ends too early"]),
    ("size(container.image", ["1:21: ')' is missing"]),
    ("container.labels['a'", ["1:21: ']' is missing"]),
    ("container.image == 'a", ["1:20: ''a' is not expected here", "1:22: the expression ends too early"]),
    ("container.image.a", ["1:16: a value of type string has no attributes"]),
    (
        "(container.imge + 1) + 'a'",
        ["1:11: container has no attribute 'imge' (did you mean 'image'?)", "1:22: + does not take (int, string)"],
    ),
    (
        "container.imge && container.image",
        [
            "1:10: container has no attribute 'imge' (did you mean 'image'?)",
        ],
    ),
    ("container.privileged[0]", ["1:21: [] does not take (bool, int)"]),
    ("container.image == )", ["1:20: ')' is not expected here"]),
    ("true) || (true", ["1:5: ')' is not expected here"]),
    ("parameters.strict) || (true", ["1:18: ')' is not expected here"]),
    ("parameters.strict), (true", ["1:18: ')' is not expected here"]),
    ("true // comment", []),
    ("true\n// comment", []),
    ("'a\0b'", ["1:3: a character that cannot stand in an expression"]),
    ("1 +\n'\ud800'", ["2:2: a character that cannot stand in an expression"]),
    ("true" + " " * LONGEST, [f"1:1: the expression is longer than {LONGEST} characters"]),
    ("(" * 100 + "1" + ")" * 100, ["1:1: the expression is nested too deeply (a variable can hold a part of it)"]),
    ("1" + " + 1" * 100, ["1:1: the expression is nested too deeply (a variable can hold a part of it)"]),
    ("'a'.matches('(')", ["1:13: the regular expression is wrong: missing ): ( (the syntax is RE2's)"]),
    ("'a'.matches('[z-a]')", ["1:13: the regular expression is wrong: invalid character class range: z-a"]),
    ("true && 'a'.matches('+')", ["1:21: the regular expression is wrong: no argument for repetition operator: +"]),
    ("'a'.matches('" + "a" * 2001 + "')", ["1:13: the regular expression is wrong: longer than 2000 characters"]),
    ("1u", ["1:1: unsigned integers are not supported"]),
    ("container.image == '' || b'a' == b'b'", ["1:26: bytes are not supported", "1:34: bytes are not supported"]),
    ("duration('1s') == duration('1s')", ["1:9: durations of CEL are not", "1:27: durations of CEL are not"]),
    ("dyn(container)", ["1:4: a value of type container cannot be mixed with values of another type"]),
    ("[container.liveness_probe, dyn(1)]", ["1:1: the attribute liveness_probe cannot be mixed"]),
    ("present(container.image + 'a')", ["1:8: present() takes an attribute, not a computed value"]),
    ("present()", ["1:8: present is not called so (present(an attribute))"]),
    ("groundrule.port{name: 'a'}", ["1:1: messages cannot be written in rules"]),
    ("{true: 1}", ["1:2: a map's key is a string or an int, not bool"]),
    ("strings.quote(container.image)", ["1:14: the function strings.quote is not supported"]),
]


@pytest.mark.parametrize(("source", "expected"), PROBLEMS)
def test_problems_are_found_at_their_place(source: str, expected: list[str]) -> None:
    try:
        check(source)
    except ExpressionErrors as errors:
        found = [str(problem) for problem in errors.problems]
        assert found, "an error without a problem"
        assert expected, found
        for line in expected:
            assert any(each.startswith(line) for each in found), found
        assert len(found) == len(expected), found
    else:
        assert not expected


FACTS: list[tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = [
    ("container.image", "string", ("image",), (), ()),
    ("container.image != '' && container.image.size() < 9", "bool", ("image",), (), ()),
    ("container.liveness_probe.path", "string", ("liveness_probe.path",), (), ()),
    ("has(container.liveness_probe.path)", "bool", ("liveness_probe.path",), (), ()),
    ("present(container.liveness_probe)", "bool", ("liveness_probe",), (), ()),
    ("container.labels.a + container.labels['b']", "string", ("labels",), (), ()),
    ("container.ports[0].host_ip", "string", ("ports",), (), ()),
    ("container.ports[parameters.least].host_ip", "string", ("ports",), (), ("least",)),
    ("container.ports.exists(p, p.host_ip == container.user)", "bool", ("ports", "user"), (), ()),
    ("container.ports.filter(p, p.published).map(p, p.host_ip)", "list(string)", ("ports",), (), ()),
    ("container.ports.filter(p, p.published)", "list(port)", ("ports",), (), ()),
    ("cel.bind(p, container.liveness_probe, p.path + p.kind)", "string", ("liveness_probe.kind", "liveness_probe.path"), (), ()),
    ("cel.bind(p, container.image, 1)", "int", (), (), ()),
    ("cel.bind(i, container.image + container.name, i)", "string", ("image", "name"), (), ()),
    ("reference.tag in parameters.tags", "bool", (), ("reference",), ("tags",)),
    ("parse_image(container.image)", "image_reference", ("image",), (), ()),
    ("parse_image(container.image).tag", "string", ("image",), (), ()),
    ("anything(container.image)", "dyn", ("image",), (), ()),
    ("anything(container.ports)", "dyn", ("ports",), (), ()),
    ("loose == 1 && loose.a == port", "bool", (), ("loose", "port"), ()),
    ("real * 2.0", "double", (), ("real",), ()),
    ("parts[0] + parameters.names.a + parameters.word", "string", (), ("parts",), ("names", "word")),
    ("parameters.strict ? 1 : parameters.least", "int", (), (), ("least", "strict")),
    ("1 + 1", "int", (), (), ()),
    ("[dyn(1), 'a'][0]", "dyn", (), (), ()),
    ("{'a': [1]}", "map(string,list(int))", (), (), ()),
    ("null", "null", (), (), ()),
    ("container.ports.exists(container, container.published)", "bool", ("ports",), (), ()),
]  # fmt: skip


@pytest.mark.parametrize(("source", "kind", "reads", "variables", "parameters"), FACTS)
def test_facts_of_an_expression(
    source: str, kind: str, reads: tuple[str, ...], variables: tuple[str, ...], parameters: tuple[str, ...]
) -> None:
    tree = check(source)
    assert (tree.type, tree.reads, tree.variables, tree.parameters) == (kind, reads, variables, parameters)


RESOURCE_READS = [
    ("resource.spec.name == 'a'", ("spec.name",)),
    ("resource.spec['a-b'].c", ("spec.a-b.c",)),
    ("resource.items.exists(item, item.name == 'a')", ("items",)),
    ("present(resource.spec.x)", ("spec.x",)),
    ("resource", ("",)),
    ("anything(resource)", ("",)),
]


@pytest.mark.parametrize(("source", "reads"), RESOURCE_READS)
def test_reads_of_a_resource_of_any_type(source: str, reads: tuple[str, ...]) -> None:
    assert check(source, Scope("")).reads == reads


def test_the_whole_subject_is_read_where_it_is_passed_on() -> None:
    assert check("anything(container.liveness_probe)").reads == ("liveness_probe",)
    assert check("container == container").reads == ("",)


@pytest.mark.parametrize("view", [view.name for view in VIEWS.values() if view.subject])
def test_every_view_can_be_a_subject(view: str) -> None:
    for attribute in VIEWS[view].attributes.values():
        tree = check(f"present({view}.{attribute.name})", Scope(view))
        assert tree.reads == (attribute.name,)
        kind = check(f"{view}.{attribute.name}", Scope(view)).type
        assert kind == attribute.type.replace("map(string)", "map(string,string)")


def test_a_variable_may_have_the_name_of_a_view() -> None:
    assert check("port + 'a'").variables == ("port",)
    assert check("service.tag", Scope("container", {}, {"service": "image_reference"})).variables == ("service",)


def test_names_of_parameters_are_plain() -> None:
    names = {"a_1": "int", "a1": "int", "namespace": "int", "if": "int"}
    source = "parameters.a_1 + parameters.a1 + parameters.namespace + parameters.if"
    assert check(source, Scope("container", names)).parameters == ("a1", "a_1", "if", "namespace")
    for scope in (Scope("container", {"a-b": "int"}), Scope("container", {}, {"a b": "int"})):
        with pytest.raises(ExpressionErrors, match="cannot be a name"):
            check("true", scope)
    for names in ({"foo_bar": "map", "fooBar": "map"}, {"a": "nothing"}):
        with pytest.raises(ExpressionErrors, match="the parameters cannot be declared so"):
            check("parameters.a == 1", Scope("container", names))


def test_declarations_are_checked() -> None:
    with pytest.raises(ValueError, match="the function f has the type list\\(nothing\\), which is not declared"):
        Language((Function("f", ("list(nothing)",), "bool", len),))
    with pytest.raises(ValueError, match=r"a\.b has the type nothing, which is not declared"):
        Language((), (shape("a", "b nothing"),))
    with pytest.raises(ValueError, match="a function is declared twice"):
        Language((Function("f", (), "bool", len), Function("f", (), "int", len)))
    circle = Language((), (shape("a", "b b"), shape("b", "a list(a)")))
    with pytest.raises(ValueError, match="hold each other in a circle"):
        compile_expression("true", Scope("container"), circle)


def test_the_fingerprint_follows_every_declaration() -> None:
    function = Function("f", ("string",), "bool", len)
    languages = [
        Language(),
        Language((function,)),
        Language((Function("f", ("int",), "bool", len),)),
        Language((Function("f", ("string",), "int", len),)),
        Language((), (REFERENCE,)),
        Language((), (shape("image_reference", "registry string\ntag int\ndigest string"),)),
        Language(views={"port": VIEWS["port"]}),
    ]
    assert len({language.fingerprint() for language in languages}) == len(languages)
    assert Language((function,)).fingerprint() == languages[1].fingerprint()


def test_damaged_expressions_are_right_or_have_problems_at_a_place() -> None:
    chance, generator = random.Random(7), Generator(7)
    language = Language(views=GENERATED)
    alphabet = "()[]{}.,?:!&|+-*/%<>='\"\\ \n\tabtxthing0123456789éu😀\u2028\r"
    problems = 0
    for _ in range(1_500):
        source = list(generator.expression()[1])
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(source) + 1)
            source[place : place + chance.randint(0, 3)] = chance.choices(alphabet, k=chance.randint(0, 2))
        text = "".join(source)
        try:
            tree = compile_expression(text, Scope("thing"), language)
        except ExpressionErrors as errors:
            problems += 1
            lines = text.split("\n")
            for problem in errors.problems:
                assert 1 <= problem.line <= len(lines), (text, problem)
                assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1, (text, problem)
                assert problem.message, text
        else:
            assert tree.source == text
    assert 500 < problems < 1_500
