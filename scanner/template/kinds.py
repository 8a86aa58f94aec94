"""Go's types as Python's: which class stands for which, what they are called, and the traced variants.

| Go | Python |
|---|---|
| nil, bool, int, float64, complex128 | None, bool, int or Int, float or Float, complex |
| int64, uint64, uint8 (a byte) | Int64, Uint64, Uint8 |
| string | str or Text (scanner.template.text) |
| []interface {} | list or Items; NilList where it is nil |
| [][]interface {} | Lists |
| []string, []int | StringList, or NilStrings where it is nil; IntList |
| []byte | bytes; NilBytes where it is nil |
| map[string]interface {} | dict or Map; NilMap where it is nil |
| map[string]string | StringMap |
| chartutil.Values | Values |
| a struct, or a pointer to one | a subclass of Struct |
| a type of its own that is an integer (time.Duration) | a subclass of NamedInt |

The second of two names is the traced class: it holds the origin of what was read from a file of values. Booleans and
nil cannot carry one; theirs lies in the container (`Map.origins`, `Items.origins`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, cast


class Drawn:
    """The origin of what functions of chance drew: it stands in no file."""

    route: ClassVar[tuple[str | int, ...]] = ()

    def location(self) -> None:
        """Nowhere."""

    def __repr__(self) -> str:
        return "CHANCE"


CHANCE = Drawn()


class Int(int):
    """A Go int whose origin is known."""

    origin: Any = None


class Int64(int):
    """A Go int64."""

    origin: Any = None


class Uint64(int):
    """A Go uint64."""

    origin: Any = None


class Uint8(int):
    """A Go uint8, which is what a byte of a string is."""

    origin: Any = None


class Float(float):
    """A Go float64 whose origin is known."""

    __slots__ = ("origin",)
    origin: Any

    def __new__(cls, value: float, origin: Any = None) -> Float:
        """`value`, from `origin`."""
        self = float.__new__(cls, value)
        self.origin = origin
        return self


class StringList(list[str]):
    """A Go []string."""


class NilStrings(StringList):
    """A nil []string: like an empty one, but null in JSON and YAML, and deeply equal to nil lists only."""


class IntList(list[int]):
    """A Go []int."""


class Lists(list[list[Any]]):
    """A Go [][]interface {}."""


class NilBytes(bytes):
    """A nil []byte: like an empty one, but null in JSON and YAML."""


class NilList(list[Any]):
    """A nil []interface {}: like an empty one, but null in JSON and YAML, and deeply equal to nil lists only."""


class NilMap(dict[str, Any]):
    """A nil map[string]interface {}: like an empty one, but null in JSON and YAML, and no entry can be set."""


NILS = (NilBytes, NilList, NilMap, NilStrings)
"""What is a nil slice or map."""


class Items(list[Any]):
    """A list from a file of values: `origin` of the whole, and one of each item."""

    __slots__ = ("origin", "origins")

    def __init__(self, items: Iterable[Any] = (), origin: Any = None, origins: Iterable[Any] = ()) -> None:
        super().__init__(items)
        self.origin = origin
        self.origins: list[Any] = list(origins)


class Map(dict[str, Any]):
    """A mapping from files of values: `origin` of the whole (its first file), and one of each entry.

    Whoever changes an entry keeps `origins` right: `put` and `remove`. `twin` is the same Go map under the other of
    the types map[string]interface {} and chartutil.Values (`as_map`, `as_values`), where both are in use.
    """

    __slots__ = ("origin", "origins", "twin")

    def __init__(self, entries: Any = (), origin: Any = None, origins: dict[str, Any] | None = None) -> None:
        super().__init__(entries)
        self.origin = origin
        self.origins: dict[str, Any] = origins if origins is not None else {}
        self.twin: Map | None = None


class Values(Map):
    """Helm's chartutil.Values: a map[string]interface {} with methods, which Helm's engine adds."""

    methods: ClassVar[dict[str, Any]] = {}


class StringMap(dict[str, str]):
    """A Go map[string]string: a missing key is the empty string."""


def put(mapping: dict[str, Any], key: str, value: Any, origin: Any = None) -> None:
    """Sets an entry and its origin (None: only what the value itself carries)."""
    mapping[key] = value
    if isinstance(mapping, Map):
        if origin is None:
            mapping.origins.pop(key, None)
        else:
            mapping.origins[key] = origin
        if mapping.twin is not None:
            dict.__setitem__(mapping.twin, key, value)


def remove(mapping: dict[str, Any], key: str) -> None:
    """Removes an entry, if it is there."""
    mapping.pop(key, None)
    if isinstance(mapping, Map):
        mapping.origins.pop(key, None)
        if mapping.twin is not None:
            mapping.twin.pop(key, None)


def copied(value: Any) -> Any:
    """A deep copy of values: containers are new, scalars and origins are shared. What is no value of a file stays."""
    kind = value.__class__
    if kind is Map or kind is Values:
        entries = {key: copied(item) if item.__class__ in _CONTAINERS else item for key, item in value.items()}
        return kind(entries, value.origin, value.origins.copy())
    if kind is Items:
        items = [copied(item) if item.__class__ in _CONTAINERS else item for item in value]
        return Items(items, value.origin, value.origins)
    if kind is dict:
        return {key: copied(item) if item.__class__ in _CONTAINERS else item for key, item in value.items()}
    if kind is list:
        return [copied(item) if item.__class__ in _CONTAINERS else item for item in value]
    return value


_CONTAINERS = frozenset((dict, list, Map, Values, Items))


def as_map(values: Values) -> Map:
    """The map of a chartutil.Values as Go's map[string]interface {}: `put` and `remove` on one show in the other."""
    return values.twin if values.twin is not None else _twin(Map, values)


def as_values(mapping: Map) -> Values:
    """A map as chartutil.Values: `put` and `remove` on one show in the other."""
    twin = mapping.twin if mapping.twin is not None else _twin(Values, mapping)
    return cast(Values, twin)


def _twin(kind: type[Map], mapping: Map) -> Map:
    twin = kind(mapping, mapping.origin, mapping.origins)
    twin.twin = mapping
    mapping.twin = twin
    return twin


def entry_origin(container: object, key: Any) -> Any:
    """The origin of one entry of a Map or Items, as its container knows it; None where it does not."""
    if isinstance(container, Map):
        return container.origins.get(key)
    if isinstance(container, Items) and isinstance(key, int) and 0 <= key < len(container.origins):
        return container.origins[key]
    return None


MISSING: Any = type("Missing", (), {"__repr__": lambda _: "MISSING"})()
"""What `Struct.field` returns for a name that the struct does not have."""


class Struct:
    """A Go struct (or a pointer to one). Subclasses name their type and fields; `methods` maps a Go method name to a
    Function whose first argument is the struct.

    `fields` maps Go's field name to the attribute that holds it, in Go's order. `unexported` are names that exist
    but that templates must not use, which is an error with a text of its own; `embedded` those of `fields` whose own
    fields are reached without them.
    """

    go_type: ClassVar[str] = "struct {}"
    is_pointer: ClassVar[bool] = False
    fields: ClassVar[dict[str, str]] = {}
    methods: ClassVar[dict[str, Any]] = {}
    unexported: ClassVar[frozenset[str]] = frozenset()
    embedded: ClassVar[frozenset[str]] = frozenset()

    def field(self, name: str) -> Any:
        """The value of a field, or MISSING."""
        attribute = self.fields.get(name)
        return MISSING if attribute is None else getattr(self, attribute)

    def boxed(self) -> Struct:
        """What a function is given for a field of a struct: a copy, without the methods of pointers to it."""
        return self

    def copied(self) -> Struct:
        """A deep copy as templates make it, which leaves out what is unexported."""
        return self

    def shown_fields(self) -> Iterable[tuple[str, Any]]:
        """Go's names and values of the fields as fmt prints them: also those that are unexported or embedded, which a
        subclass that has such adds."""
        return [(name, getattr(self, attribute)) for name, attribute in self.fields.items()]


class NilPointer(Struct):
    """A nil pointer in a field of a struct, of the type that is given (`*time.Location`)."""

    def __init__(self, go_type: str) -> None:
        self.pointer_type = go_type


class NamedInt(int):
    """A value of a Go type whose kind is an integer, but which has its own name and methods, as Struct has them."""

    go_type: ClassVar[str] = "int"
    kind: ClassVar[str] = "int"
    methods: ClassVar[dict[str, Any]] = {}
    origin: Any = None


_TYPE_NAMES: dict[type, str] = {
    bool: "bool",
    int: "int",
    Int: "int",
    Int64: "int64",
    Uint64: "uint64",
    Uint8: "uint8",
    float: "float64",
    Float: "float64",
    complex: "complex128",
    bytes: "[]uint8",
    NilBytes: "[]uint8",
    list: "[]interface {}",
    Items: "[]interface {}",
    NilList: "[]interface {}",
    Lists: "[][]interface {}",
    StringList: "[]string",
    NilStrings: "[]string",
    IntList: "[]int",
    dict: "map[string]interface {}",
    Map: "map[string]interface {}",
    NilMap: "map[string]interface {}",
    Values: "chartutil.Values",
    StringMap: "map[string]string",
}
_KIND_NAMES = {
    kind: "map" if issubclass(kind, dict) else "slice" if issubclass(kind, (list, bytes)) else name
    for kind, name in _TYPE_NAMES.items()
}


def declare(python: type, name: str, kind: str) -> None:
    """Lets a subclass of list or dict stand for a Go type of its own: `[]*chart.Dependency`, `engine.files`.

    A `methods` mapping of the class (as in Struct) holds the methods of the type.
    """
    _TYPE_NAMES[python] = name
    _KIND_NAMES[python] = kind


def go_type(value: object) -> str:
    """The name of a value's type as Go's %T prints it; `<nil>` for nil."""
    if value is None:
        return "<nil>"
    name = _TYPE_NAMES.get(type(value))
    if name is not None:
        return name
    if isinstance(value, str):
        return "string"
    if isinstance(value, NilPointer):
        return value.pointer_type
    if isinstance(value, Struct):
        return ("*" if value.is_pointer else "") + value.go_type
    if isinstance(value, NamedInt):
        return value.go_type
    if callable(value):
        return "func()"
    raise TypeError(f"no Go type is {type(value).__name__}")


def go_kind(value: object) -> str:
    """The name of a value's reflect.Kind: slice, map, struct, ptr, int, ...; `invalid` for nil."""
    if value is None:
        return "invalid"
    name = _KIND_NAMES.get(type(value))
    if name is not None:
        return name
    if isinstance(value, str):
        return "string"
    if isinstance(value, Struct):
        return "ptr" if value.is_pointer else "struct"
    if isinstance(value, NamedInt):
        return value.kind
    return "func"


Call = Callable[..., Any]
