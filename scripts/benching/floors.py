"""What nobody can go below: the bare rendering of the corpus, and MkDocs with Material for a site of one page.

As a command it is that bare pass: every story's front matter through PyYAML's loader in C, its body through python-markdown.
"""

import sys
from pathlib import Path

SETTINGS = """\
site_name: Gương sáng
site_dir: out
theme:
  name: material
  language: vi
  font: false
plugins: []
"""


def one_page(folder: Path) -> Path:
    """A site of one page for MkDocs and Material, with neither plugin nor hook."""
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    (folder / "mkdocs.yml").write_text(SETTINGS, encoding="utf-8", newline="\n")
    (folder / "docs" / "index.md").write_text("# Gương sáng\n", encoding="utf-8", newline="\n")
    return folder


def bare_pass(folder: Path) -> int:
    """Reads and renders every story, keeps nothing; gives how many."""
    import markdown  # noqa: PLC0415 - not where only the one page is asked for
    import yaml  # noqa: PLC0415

    renderer, count = markdown.Markdown(extensions=["tables", "sane_lists"], output_format="html"), 0
    for path in sorted(folder.glob("stories/*/*/index.md")):
        head, body = path.read_text(encoding="utf-8").removeprefix("---\n").split("\n---\n", 1)
        yaml.load(head, yaml.CSafeLoader)
        renderer.reset().convert(body)
        count += 1
    return count


if __name__ == "__main__":
    print(bare_pass(Path(sys.argv[1])))
