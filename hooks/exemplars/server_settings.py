"""Ready settings for web servers, made of what `serving` says of each file: nginx, Apache, IIS.

They touch nothing outside the path of the site: the rest of the host is the portal's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from exemplars.packing import ENDINGS, FORMS
from exemplars.serving import TYPES, groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from exemplars.serving import Group


class Ways(NamedTuple):
    """What a server may answer better than a page can: addresses that are gone (410), and those that moved (301), with their heirs."""

    gone: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()


def settings_for(base: str, portals: str = "*", ways: Ways = Ways()) -> Mapping[str, str]:  # noqa: B008 - immutable
    """Ready settings by file name; `base` is the path of the site on its host, `/guong-sang/`."""
    return {
        "nginx.conf": nginx(base, portals, ways),
        "nginx-brotli.conf": BROTLI,
        "apache.conf": apache(base, portals, ways),
        "web.config": iis(base, portals, ways),
    }


SAID = "Do `make site` viết; đừng sửa tại đây. Cổng nào được nhúng trang nhung/: mục `portals` trong mkdocs.yml."
BROTLI = """# Chỉ dùng khi nginx có mô-đun brotli (Debian, Ubuntu: libnginx-mod-http-brotli-static).
# Đặt trong khối server { … } ấy, trước nginx.conf: include /…/server/nginx-brotli.conf;
brotli_static on;
"""
PACKED = (
    "text/css text/javascript application/javascript application/rss+xml application/atom+xml application/feed+json "
    "application/json text/xml application/xml image/svg+xml"
)

PICTURE = "([a-z0-9-]+[.](?:webp|jpg))"  # of a story that has moved: whoever has copied it shows its pictures still


def _pattern(base: str, group: Group) -> str:
    return f"^{_literal(base)}{group.path}"


def _literal(path: str) -> str:
    return path.replace(".", "[.]")


# --- nginx --------------------------------------------------------------------------------------------------------------

NGINX = """# {said}
# Đặt trong khối server {{ … }} đã có root: include /…/server/nginx.conf;
# Gói nén sẵn (.gz) được gửi nguyên; gói brotli (.br) cần thêm nginx-brotli.conf. Bật HSTS khi mọi trang của máy chủ đã dùng https.

location ^~ {base} {{
    server_tokens off;
    autoindex off;
    absolute_redirect off;
    charset utf-8;
    charset_types text/css text/javascript application/javascript text/calendar text/plain text/xml;
    etag on;
    if_modified_since exact;
    gzip on;
    gzip_static on;
    gzip_vary on;
    gzip_proxied any;
    gzip_types {packed};
    error_page 404 {base}404.html;
    error_page 410 @exemplars_gone;
{inside}
}}
# lời báo đứng nguyên ở địa chỉ cũ; chỉ mã trả lời nói với máy là đã gỡ
location @exemplars_gone {{
    server_tokens off;
    charset utf-8;
    gzip_static on;
    gzip_vary on;
    gzip_proxied any;
{gone}
    try_files $uri ${{uri}}index.html =404;
}}
"""


def nginx(base: str, portals: str, ways: Ways) -> str:
    """For a `server { … }` block that has `root` set; nginx takes the first regular expression that fits.

    `add_header` in a location drops those around it, so each location has them all.
    """
    page = _added(groups(portals)[0])
    inside = []
    for at in ways.gone:
        inside += [f"location = {base}{at}{name} {{ return 410; }}" for name in ("", "index.html")]
    for old, new in ways.moved:
        for at, to in ((f"= {base}{old}", new), (f"= {base}{old}index.html", new), (f'~ "^{_literal(base + old)}{PICTURE}$"', f"{new}$1")):
            inside += [f"location {at} {{", *page, f"    return 301 {base}{to};", "}"]
    inside += [f'location ~ "[.](?:{"|".join(form[1:] for form in FORMS)})$" {{', *page, "    return 404;", "}"]
    for one in reversed(groups(portals)):
        inside += [f'location ~ "{_pattern(base, one)}" {{']
        inside += [f'    types {{ }} default_type "{one.media_type}";'] if one.media_type else []
        inside += [*_added(one), "}"]
    indented = "\n".join(f"    {line}" for line in inside)
    return NGINX.format(said=SAID, base=base, packed=PACKED, inside=indented, gone="\n".join(page))


def _added(one: Group) -> list[str]:
    return [f'    add_header {name} "{value}" always;' for name, value in one.headers.items()]


# --- Apache -------------------------------------------------------------------------------------------------------------

APACHE = """# {said}
# Đặt trong <VirtualHost>: Include /…/server/apache.conf
# Cần mod_headers, mod_alias; gửi gói nén sẵn (.br, .gz) cần mod_rewrite. Đặt thêm `ServerTokens Prod` trong cấu hình chung.

<LocationMatch "^{literal}">
    Options -Indexes
    FileETag MTime Size
    # Apache so ngày «không mới hơn», nên sau khi quay về bản trước, chỉ ETag mới nói đúng
    RequestHeader unset If-Modified-Since
    ErrorDocument 404 {base}404.html
    AddDefaultCharset utf-8
    AddCharset utf-8 .css .js .ics .txt
    AddType application/xml .xml
</LocationMatch>
"""


def apache(base: str, portals: str, ways: Ways) -> str:
    """For a virtual host with mod_headers, mod_alias; later sections win."""
    lines = [APACHE.format(said=SAID, base=base, literal=_literal(base))]
    for one in groups(portals):
        lines += [
            f'<LocationMatch "{_pattern(base, one)}">',
            *([f'    ForceType "{one.media_type}"'] if one.media_type else []),
            *(f'    Header always set {name} "{value}"' for name, value in one.headers.items()),
            "</LocationMatch>",
        ]
    for at in ways.gone:
        says = f"    ErrorDocument 410 {base}{at}index.html"
        lines += [f'<LocationMatch "^{_literal(base + at)}$">', says, "</LocationMatch>", f'RedirectMatch 410 "^{_literal(base + at)}$"']
    for old, new in ways.moved:
        for name, to in (("(?:index[.]html)?", new), (PICTURE, f"{new}$1")):
            lines.append(f'RedirectMatch 301 "^{_literal(base + old)}{name}$" "{base}{to}"')
    return "\n".join([*lines, *_apache_packed(base)]) + "\n"


def _apache_packed(base: str) -> Iterator[str]:
    """Rules that send `x.br` or `x.gz` in place of `x`, under the type of `x`."""
    literal = _literal(base)
    # the most particular first, as the first rule that fits ends it
    types = {_pattern(base, one): one.media_type for one in reversed(groups()) if one.media_type}
    types |= {f"^{literal}.*{_literal(ending)}$": APACHE_TYPES[ending] for ending in ENDINGS}
    yield "<IfModule mod_rewrite.c>"
    yield "    RewriteEngine On"
    yield f'    RewriteRule "^{literal}.*[.](?:{"|".join(form[1:] for form in FORMS)})$" - [R=404,L]'
    for form, name in ((".br", "br"), (".gz", "gzip")):
        for pattern, media_type in types.items():
            yield f'    RewriteCond %{{HTTP:Accept-Encoding}} "(?:^|[, ]){name}(?:$|[ ,]|;(?!q=0(?:[.]0*)?(?:$|[ ,])))"'
            yield f"    RewriteCond %{{LA-U:REQUEST_FILENAME}}{form} -s"
            yield f'    RewriteRule "{pattern}" "%{{LA-U:REQUEST_FILENAME}}{form}" "[E=packed:{name},E=no-gzip:1,T={media_type},L]"'
    yield "</IfModule>"
    text = "|".join(map(_literal, ENDINGS))
    yield 'Header always set Content-Encoding "%{packed}e" env=packed'
    yield f'Header always merge Vary Accept-Encoding "expr=%{{REQUEST_URI}} =~ m#^{literal}.*(?:/|{text})$#"'
    yield f"<IfModule mod_deflate.c>\n    AddOutputFilterByType DEFLATE text/html {PACKED}\n</IfModule>"


APACHE_TYPES = {**TYPES, ".html": "text/html", ".opml": "text/x-opml"}  # AddDefaultCharset does the rest


# --- IIS ----------------------------------------------------------------------------------------------------------------

IIS_TYPES = {  # those that it does not know, or knows otherwise
    ".json": "application/json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".opml": "text/x-opml",
    ".ics": "text/calendar;charset=utf-8",
}


def iis(base: str, portals: str, ways: Ways) -> str:
    """`web.config` in the folder of the site, for IIS with URL Rewrite, which alone can tell one .xml from another.

    An outbound rule sets a header of the response through the server variable RESPONSE_<name>.
    """
    root = ET.Element("configuration")
    root.append(ET.Comment(f" {SAID} Chép vào thư mục của trang; máy chủ cần URL Rewrite 2. "))
    server = ET.SubElement(root, "system.webServer")
    static = ET.SubElement(server, "staticContent")
    for ending, media_type in IIS_TYPES.items():
        ET.SubElement(static, "remove", fileExtension=ending)
        ET.SubElement(static, "mimeMap", fileExtension=ending, mimeType=media_type)
    rewrite = ET.SubElement(server, "rewrite")
    rules = ET.SubElement(rewrite, "rules")
    for at in ways.gone:
        rule = _rule(rules, f"410 {at}", f"^{at}(?:index[.]html)?$")
        ET.SubElement(rule, "action", type="CustomResponse", statusCode="410", statusReason="Gone", statusDescription="Bài đã gỡ")
    for old, new in ways.moved:
        for name, to in (("(?:index[.]html)?", new), (PICTURE, f"{new}{{R:1}}")):
            rule = _rule(rules, f"301 {old}{name}", f"^{old}{name}$")
            ET.SubElement(rule, "action", type="Redirect", url=base + to, redirectType="Permanent")
    outbound = ET.SubElement(rewrite, "outboundRules")
    for number, one in enumerate(groups(portals)):
        told = {**one.headers, **({"Content-Type": one.media_type} if one.media_type else {})}
        for name, value in told.items():
            rule = ET.SubElement(outbound, "rule", name=f"{number} {name}")
            ET.SubElement(rule, "match", serverVariable=f"RESPONSE_{name.replace('-', '_')}", pattern=".*")
            ET.SubElement(ET.SubElement(rule, "conditions"), "add", input="{URL}", pattern=_pattern(base, one))
            ET.SubElement(rule, "action", type="Rewrite", value=value)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _rule(rules: ET.Element, name: str, pattern: str) -> ET.Element:
    rule = ET.SubElement(rules, "rule", name=name, stopProcessing="true")
    ET.SubElement(rule, "match", url=pattern)
    return rule
