"""A row of publish.yml → the target it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exemplars.publishing.places import CLOUD
from exemplars.publishing.targets.cloud import Cloud
from exemplars.publishing.targets.folder import Folder
from exemplars.publishing.targets.ssh import Remote

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from exemplars.publishing.places import Place
    from exemplars.publishing.targets import Target


def made(place: Place, root: Path, environment: Mapping[str, str]) -> Target:
    """The target of a place; paths are told from `root`. `environment` is the process's own."""
    if place.kind == "ssh":
        return Remote(place.where, root / place.ssh_config if place.ssh_config else None, environment)
    if place.kind in CLOUD:
        config = root / place.rclone_config if place.rclone_config else None
        return Cloud(place.where, place.store, config, environment, headers=place.kind == "s3")
    return Folder((root / place.where).resolve())
