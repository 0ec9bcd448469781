"""Settings of Pelican's site in the bench: lists by kind (its categories), by unit, field and campaign (its tags), by year."""

import os

SITENAME = "Gương sáng"
SITEURL = "https://portal.example/guong-sang"
TIMEZONE = "Asia/Ho_Chi_Minh"
DEFAULT_LANG = "vi"
PATH = "content"
OUTPUT_PATH = "out"
THEME = "theme"
ARTICLE_PATHS = ["guong"]
PAGE_PATHS = ["campaigns"]
STATIC_PATHS = ["photos"]
ARTICLE_URL = "guong/{date:%Y}/{slug}/"
ARTICLE_SAVE_AS = "guong/{date:%Y}/{slug}/index.html"
PAGE_URL = "phong-trao/{slug}/"
PAGE_SAVE_AS = "phong-trao/{slug}/index.html"
CATEGORY_URL = "loai/{slug}/"
CATEGORY_SAVE_AS = "loai/{slug}/index.html"
TAG_URL = "danh-sach/{slug}/"
TAG_SAVE_AS = "danh-sach/{slug}/index.html"
YEAR_ARCHIVE_URL = "nam/{date:%Y}/"
YEAR_ARCHIVE_SAVE_AS = "nam/{date:%Y}/index.html"
AUTHOR_SAVE_AS = AUTHORS_SAVE_AS = CATEGORIES_SAVE_AS = TAGS_SAVE_AS = ARCHIVES_SAVE_AS = DRAFT_SAVE_AS = ""
DEFAULT_PAGINATION = 20
PAGINATED_TEMPLATES = {"index": None, "tag": None, "category": None}
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
FEED_ALL_RSS = "feed.xml"
CATEGORY_FEED_RSS = "loai/{slug}/feed.xml"
TAG_FEED_RSS = "danh-sach/{slug}/feed.xml"
FEED_MAX_ITEMS = 50
MARKDOWN = {"extensions": ["tables", "sane_lists", "meta"], "output_format": "html5"}
CACHE_CONTENT = LOAD_CONTENT_CACHE = "CACHED" in os.environ  # Pelican's own way to build again after an edit
