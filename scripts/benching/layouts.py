"""A corpus as a peer wants it: the same texts, the same 24 photos, the terms that its lists are made from.

A command of its own: who has read ten thousand stories is large, and on Linux a child counts the memory of its parent at the
moment it starts as its own peak. So the bench itself reads none.
"""

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

KITS = Path(__file__).resolve().parent / "kits"
MARK = "layout.json"
LOCKS = ("requirements.in", "requirements.txt", "package.json", "package-lock.json")
ALSO = "package.json"  # tells Node that the settings are a module
TO_CAMPAIGN = re.compile(r"\]\((?:\.\./)+campaigns/([\w-]+)\.md\)")
TO_STORY = re.compile(r"\]\((?:\.\./)+(\d{4})/([\w-]+)/index\.md\)")
LISTS = {"unit": "don-vi", "field": "linh-vuc", "kind": "loai", "campaign": "phong-trao"}
"""Kind of list → its folder on the site; the years have lists too."""


@dataclass(frozen=True, slots=True)
class Story:
    """What a peer shows of a story. `terms`: ids by kind of list; `photo`: the name of one of the shared pictures."""

    year: int
    slug: str
    title: str
    summary: str
    date: str
    terms: Mapping[str, tuple[str, ...]]
    photo: str
    alt: str
    body: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """`names`: what a term is called, by kind of list and id; `campaigns`: the text of each campaign's page."""

    stories: tuple[Story, ...]
    names: Mapping[str, Mapping[str, str]]
    campaigns: Mapping[str, str]


# --- reading --------------------------------------------------------------------------------------------------------------


def read(folder: Path) -> Corpus:
    pictures = {hashlib.sha256(path.read_bytes()).digest(): path.name for path in (folder / "pictures").iterdir()}
    campaigns = {path.stem: _split(path) for path in sorted(folder.glob("campaigns/*.md"))}
    names = {kind: _names(folder / f"content/data/{kind}s.yml") for kind in ("unit", "field", "kind")}
    names["campaign"] = {id_: str(head["title"]) for id_, (head, _) in campaigns.items()}
    stories = tuple(_story(path, pictures) for path in sorted(folder.glob("stories/*/*/index.md")))
    return Corpus(stories, names, {id_: body for id_, (_, body) in campaigns.items()})


def _split(path: Path) -> tuple[dict[str, object], str]:
    head, body = path.read_text(encoding="utf-8").removeprefix("---\n").split("\n---\n", 1)
    return yaml.load(head, yaml.CSafeLoader), body.lstrip("\n")


def _names(path: Path) -> dict[str, str]:
    return {one["id"]: one.get("name") or one["title"] for one in yaml.safe_load(path.read_text(encoding="utf-8"))}


def _story(path: Path, pictures: Mapping[bytes, str]) -> Story:
    head, body = _split(path)
    told: dict[str, str] = {name: str(head[name]) for name in ("title", "summary", "date", "unit", "field", "kind")}
    campaigns, photos = head["campaigns"], head["photos"]
    assert isinstance(campaigns, list)  # noqa: S101 - as `corpus.py` writes them
    assert isinstance(photos, list)  # noqa: S101
    picture = pictures[hashlib.sha256((path.parent / photos[0]["file"]).read_bytes()).digest()]
    return Story(
        int(path.parts[-3]), path.parts[-2], told["title"], told["summary"], told["date"],
        {**{kind: (told[kind],) for kind in ("unit", "field", "kind")}, "campaign": tuple(campaigns)}, picture, photos[0]["alt"], body,
    )  # fmt: skip


# --- writing --------------------------------------------------------------------------------------------------------------

File = tuple[str, str]
"""The path of a file under the layout, and its text."""


def _linked(body: str, story: str, campaign: str) -> str:
    """A body with its links led to where this peer has the page: templates with {year}, {slug} and {id}."""
    body = TO_STORY.sub(lambda found: f"]({story.format(year=found[1], slug=found[2])})", body)
    return TO_CAMPAIGN.sub(lambda found: f"]({campaign.format(id=found[1])})", body)


def _headed(head: Mapping[str, object], body: str) -> str:
    """Front matter in JSON, which is YAML too, a key a line."""
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    return "\n".join(["---", *lines, "---", "", body])


def hugo(corpus: Corpus) -> Iterator[File]:
    """A taxonomy a kind of list and one of the years; a campaign's text is the page of its term."""
    for story in corpus.stories:
        head = {
            "title": story.title, "summary": story.summary, "date": story.date, "photo": f"photos/{story.photo}", "alt": story.alt,
            **{LISTS[kind]: ids for kind, ids in story.terms.items()}, "nam": [str(story.year)],
        }  # fmt: skip
        body = _linked(story.body, "../../{year}/{slug}/", "../../../phong-trao/{id}/")
        yield f"content/guong/{story.year}/{story.slug}.md", _headed(head, body)
    for kind, names in corpus.names.items():
        for id_, name in names.items():
            yield f"content/{LISTS[kind]}/{id_}/_index.md", _headed({"title": name}, corpus.campaigns.get(id_, ""))


def eleventy(corpus: Corpus) -> Iterator[File]:
    """A folder of stories; names of terms as data; `eleventy.config.js` makes the lists."""
    for story in corpus.stories:
        head = {
            "title": story.title, "summary": story.summary, "date": story.date, "photo": f"photos/{story.photo}", "alt": story.alt,
            "terms": {**{LISTS[kind]: ids for kind, ids in story.terms.items()}, "nam": [str(story.year)]},
        }  # fmt: skip
        body = _linked(story.body, "../../{year}/{slug}/", "../../../campaigns/{id}/")
        yield f"content/guong/{story.year}/{story.slug}.md", _headed(head, body)
    for id_, text in corpus.campaigns.items():
        yield f"content/campaigns/{id_}.md", _headed({"title": corpus.names["campaign"][id_], "layout": "page.11ty.js"}, text)
    named = {LISTS[kind]: names for kind, names in corpus.names.items()}
    yield "content/_data/names.json", json.dumps(named, ensure_ascii=False)


def pelican(corpus: Corpus) -> Iterator[File]:
    """The kind is Pelican's category; unit, field and campaigns are tags; the years are its archives."""
    for story in corpus.stories:
        tags = [corpus.names[kind][id_].replace(",", " ") for kind in ("unit", "field", "campaign") for id_ in story.terms[kind]]
        head = {
            "Title": story.title, "Slug": story.slug, "Date": story.date, "Summary": story.summary,
            "Category": corpus.names["kind"][story.terms["kind"][0]], "Tags": ", ".join(tags), "Photo": f"photos/{story.photo}", "Alt": story.alt,
        }  # fmt: skip
        body = _linked(story.body, "{{filename}}/guong/{year}/{slug}.md", "{{filename}}/campaigns/{id}.md")
        yield f"content/guong/{story.year}/{story.slug}.md", "\n".join([*(f"{key}: {value}" for key, value in head.items()), "", body])
    for id_, text in corpus.campaigns.items():
        yield f"content/campaigns/{id_}.md", f"Title: {corpus.names['campaign'][id_]}\nSlug: {id_}\n\n{text}"


def material(corpus: Corpus) -> Iterator[File]:
    """The kind is the blog's category; unit, field and campaigns are tags of the tags plugin; the years are the blog's archive."""
    for story in corpus.stories:
        tags = [corpus.names[kind][id_] for kind in ("unit", "field", "campaign") for id_ in story.terms[kind]]
        head = {
            "title": story.title, "description": story.summary, "slug": story.slug, "categories": [corpus.names["kind"][story.terms["kind"][0]]],
            "tags": tags,
        }  # fmt: skip
        lead = f"# {story.title}\n\n{story.summary}\n\n<!-- more -->\n\n![{story.alt}](../../photos/{story.photo})\n\n"
        body = lead + _linked(story.body, "../{year}/{slug}.md", "../../campaigns/{id}.md")
        # the blog wants a date, and no text
        text = _headed(head, body).replace("---\n", f"---\ndate: {story.date}\n", 1)
        yield f"docs/posts/{story.year}/{story.slug}.md", text
    for id_, text in corpus.campaigns.items():
        yield f"docs/campaigns/{id_}.md", f"# {corpus.names['campaign'][id_]}\n\n{text}"
    yield "docs/index.md", "# Gương sáng\n"
    yield "docs/tags.md", "# Danh sách\n\n<!-- material/tags -->\n"


FORMS: Mapping[str, tuple[Callable[[Corpus], Iterator[File]], str, str]] = {
    "hugo": (hugo, "static/photos", "content/guong"), "eleventy": (eleventy, "content/photos", "content/guong"),
    "pelican": (pelican, "content/photos", "content/guong"), "material": (material, "docs/photos", "docs/posts"),
}  # fmt: skip
"""Kit → its files, where it has the photos, where the stories."""


def made_from(kit: str, corpus: Path) -> str:
    """The hash of all that a layout follows from."""
    files = [Path(__file__), corpus / "corpus.json", *sorted(path for path in (KITS / kit).rglob("*") if path.is_file())]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def lay_out(kit: str, corpus: Path, folder: Path) -> None:
    """A fresh folder with the corpus, the kit's settings and templates, and `layout.json`, which tells how many and of what."""
    form, photos, stories = FORMS[kit]
    shutil.copytree(KITS / kit, folder, ignore=shutil.ignore_patterns(*(set(LOCKS) - {ALSO}), "__pycache__"))
    for name, text in form(read(corpus)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    shutil.copytree(corpus / "pictures", folder / photos)
    found = sorted(path.relative_to(folder).as_posix() for path in (folder / stories).glob("*/*.md"))
    mark = {"made_from": made_from(kit, corpus), "stories": len(found), "edit": found[len(found) // 2]}
    (folder / MARK).write_text(json.dumps(mark, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    lay_out(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
