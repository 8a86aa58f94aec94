"""Places in files: spans inside one file, and locations that name the file too."""

from typing import NamedTuple


class Span(NamedTuple):
    """A region of a file: 1-based lines and columns in Unicode code points, the end column exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Location(NamedTuple):
    """A region of a named file. `path` uses `/`, and is relative to the repository (else to the scanned folder)."""

    path: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{self.column}" if self.column else f"{self.path}:{self.line}"


class Related(NamedTuple):
    """Another place that belongs to a finding; `role` is values, template, rendered or declaration."""

    location: Location
    role: str


class Place(NamedTuple):
    """Where a route leads: the location to edit, whether the route itself exists there, and the places beside it."""

    location: Location
    exists: bool
    related: tuple[Related, ...] = ()


def at(path: str, span: Span) -> Location:
    """The location of `span` in the file `path`."""
    return Location(path, *span)
