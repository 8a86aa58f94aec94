"""Compose projects: read, merged and resolved as Docker Compose does, with the place that each value came from."""

from __future__ import annotations

from scanner.sources.compose.discover import ProjectFiles, discover, looks_like_compose
from scanner.sources.compose.project import ComposeProject, load_project
from scanner.sources.compose.render import render_project

__all__ = ["ComposeProject", "ProjectFiles", "discover", "load_project", "looks_like_compose", "render_project"]
