"""A configuration that was read in one folder, for the same files in another one."""

from collections.abc import Callable
from pathlib import Path

from scanner.config import ChartEntry, Config, Layer, Paths, Project, WaiverEntry


def relocate(config: Config, old: Path, new: Path) -> Config:
    """`config` for the files below `new` in the place of those below `old`.

    Rules and the baseline stay where they are: they are read, not judged.
    """

    def file(path: Path) -> Path:
        return moved(path, old, new)

    def paths(given: Paths | None) -> Paths | None:
        return given and given._replace(folder=file(Path(given.folder)).as_posix())

    return config._replace(
        layers=tuple(Layer(paths(layer.paths), layer.rules, layer.ignore) for layer in config.layers),
        exclude=tuple(each for given in config.exclude if (each := paths(given)) is not None),
        waivers=tuple(_waiver(entry, paths, file) for entry in config.waivers),
        projects=tuple(_project(project, file) for project in config.projects),
        charts=tuple(_chart(entry, file) for entry in config.charts),
    )


def moved(path: Path, old: Path, new: Path) -> Path:
    """`path` below `new`, if it lies below `old`; a path elsewhere stays."""
    return new / path.relative_to(old) if path.is_relative_to(old) else path


def _waiver(
    entry: WaiverEntry, paths: Callable[[Paths | None], Paths | None], file: Callable[[Path], Path]
) -> WaiverEntry:
    return entry._replace(paths=paths(entry.paths), folder=file(Path(entry.folder)).as_posix())


def _project(project: Project, file: Callable[[Path], Path]) -> Project:
    return project._replace(files=tuple(map(file, project.files)), env_files=tuple(map(file, project.env_files)))


def _chart(entry: ChartEntry, file: Callable[[Path], Path]) -> ChartEntry:
    sets = tuple(each._replace(files=tuple(map(file, each.files))) for each in entry.values_sets)
    return entry._replace(path=file(entry.path), values_sets=sets)
