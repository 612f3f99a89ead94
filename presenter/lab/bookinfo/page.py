"""The product page as HTML: one file, no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

MOST_STARS = 5
_FRAME = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 18px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto }}
header, footer {{ display: flex; justify-content: space-between; color: #444 }}
dl {{ display: grid; grid-template-columns: 8rem 1fr; gap: .2rem }}
dt {{ font-weight: 600 }} dd {{ margin: 0 }}
blockquote {{ margin: 1rem 0; padding-left: 1rem; border-left: .3rem solid #ccc }}
.black {{ color: #000 }} .red {{ color: #c00 }} .stars {{ font-size: 1.6rem }}
.error {{ color: #a40000 }}
</style>
</head>
<body>
<header><strong>BookInfo</strong>{who}</header>
<h1>{title}</h1>
<section id="details"><h2>The book</h2>
{details}
</section>
<section id="reviews"><h2>What readers say</h2>
{reviews}
</section>
</body>
</html>
"""
_SIGN_IN = """\
<form method="post" action="/login">
<label>Name <input name="username" required maxlength="40"></label> <button>Sign in</button>
</form>"""
_SIGN_OUT = """\
<form method="post" action="/logout">{user} <button>Sign out</button></form>"""


def page(
    user: str, details: Mapping[str, object] | None, reviews: Mapping[str, object] | None
) -> str:
    """The page; None says that a service did not answer."""
    title = str((details or {}).get("title", "A book"))
    return _FRAME.format(
        title=escape(title),
        who=_SIGN_OUT.format(user=escape(user)) if user else _SIGN_IN,
        details=_error("details") if details is None else _details(details),
        reviews=_error("reviews") if reviews is None else _reviews(reviews),
    )


def _details(details: Mapping[str, object]) -> str:
    rows = (
        f"<dt>{escape(str(name))}</dt><dd>{escape(str(value))}</dd>"
        for name, value in details.items()
        if name not in {"id", "title"}
    )
    return "<dl>\n{}\n</dl>".format("\n".join(rows))


def _reviews(reviews: Mapping[str, object]) -> str:
    told = reviews.get("reviews")
    quotes = (
        [_review(one) for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    )
    served = escape(str(reviews.get("podname", "")))
    return "\n".join([*quotes, f"<footer>reviews served by: {served}</footer>"])


def _review(one: Mapping[str, object]) -> str:
    text, who = escape(str(one.get("text", ""))), escape(str(one.get("reviewer", "")))
    return f"<blockquote>{text} <cite>{who}</cite>{_rating(one.get('rating'))}</blockquote>"


def _rating(rating: object) -> str:
    if not isinstance(rating, dict):
        return ""
    stars = rating.get("stars")
    if not isinstance(stars, int):
        return f'<div class="error">{escape(str(rating.get("error", "")))}</div>'
    full = min(max(stars, 0), MOST_STARS)
    colour = escape(str(rating.get("color", "")), quote=True)
    drawn = "\N{BLACK STAR}" * full + "\N{WHITE STAR}" * (MOST_STARS - full)
    return f'<div class="stars {colour}" title="{full} of {MOST_STARS}">{drawn}</div>'


def _error(service: str) -> str:
    return f'<p class="error">{service} does not answer.</p>'
