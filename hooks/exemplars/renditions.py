"""What photos are published as; how they are made is in `photos`, which few builds need to load."""

from __future__ import annotations

from exemplars import versions

WIDTHS = (400, 1000)
QUALITY = 80
SHARE = (1200, 630)  # what pages that show links ask for (ogp.me; 1.91 : 1)
VERSION = f"4 {versions.of('pillow')} {WIDTHS} {QUALITY} {SHARE}"
