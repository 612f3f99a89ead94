"""A page of HTML that is made of a report: one file, nothing fetched, nothing run."""

from __future__ import annotations

import base64
import re
from hashlib import sha256
from html import escape

from markdown_it import MarkdownIt

SCHEMES = ("http://", "https://", "mailto:")
STYLE = """\
:root { color-scheme: light dark; }
body { font: 1.05rem/1.6 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto;
  padding: 0 1.2rem; color: #1b1f24; background: #fff; overflow-wrap: break-word; }
h1, h2, h3 { line-height: 1.25; }
h2 { margin-top: 2.2rem; border-bottom: 1px solid #c9cfd6; padding-bottom: .2rem; }
h3 { font-size: 1.08rem; margin: 1.6rem 0 .3rem; }
table { border-collapse: collapse; }
th, td { padding: .25rem .8rem; border-bottom: 1px solid #c9cfd6; text-align: left; }
td:not(:first-child), th:not(:first-child) { text-align: right;
  font-variant-numeric: tabular-nums; }
blockquote { margin: .5rem 0; padding: .1rem 1rem; border-left: .25rem solid #4a7fb5; }
code { font-family: ui-monospace, monospace; }
a { color: #0b57a4; }
@media (prefers-color-scheme: dark) { body { color: #e4e8ec; background: #14181c; }
  a { color: #8ec2f5; } h2, th, td { border-color: #434b54; } }
"""


def page_of(markdown: str) -> str:
    """The page; tags in the Markdown are text in it, and so are links to what is no page."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    parser.validateLink = _may_be_followed  # type: ignore[method-assign]
    tokens = parser.parse(markdown)
    headings = (tokens[n + 1].content for n, one in enumerate(tokens) if one.type == "heading_open")
    title = parser.renderInline(next(headings, "Report"))
    body = parser.renderer.render(tokens, parser.options, {})
    checksum = base64.b64encode(sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{checksum}'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{_words(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n{body}</body>\n</html>\n"
    )


def _may_be_followed(url: str) -> bool:
    return url.lower().startswith(SCHEMES)


def _words(html: str) -> str:
    """A heading's text, without what makes it stand out."""
    return re.sub(r"<[^>]*>", "", html)
