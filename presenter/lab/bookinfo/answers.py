"""What the services answer: `SERVICES` has a function for each, by name, given its version."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, unquote

from presenter.lab.bookinfo.page import page
from presenter.lab.bookinfo.service import Answer, Answers, Request

COLOURS = {"v2": "black", "v3": "red"}
"""Of the stars, by version of reviews; version 1 shows none and asks for none."""
DETAILS = {
    "id": 0,
    "title": "The Comedy of Errors",
    "author": "William Shakespeare",
    "year": 1594,
    "kind": "comedy",
    "language": "English",
    "pages": 96,
}
REVIEWS = (
    ("Ana", "Two pairs of twins, one town, one day. I was lost by noon, and happy about it."),
    ("Ben", "Everybody meets the wrong brother. It is short, and it still takes the long way."),
)
RATINGS = {"Ana": 5, "Ben": 4}


def details(_version: str) -> Answers:
    return lambda asked: _json(DETAILS) if asked.path.startswith("/details/") else _none(asked)


def ratings(_version: str) -> Answers:
    told = {"id": 0, "ratings": RATINGS}
    return lambda asked: _json(told) if asked.path.startswith("/ratings/") else _none(asked)


def reviews(version: str) -> Answers:
    """Versions 2 and 3 ask ratings; where it does not answer, they say so in place of stars."""

    def answers(asked: Request) -> Answer:
        if not asked.path.startswith("/reviews/"):
            return _none(asked)
        told: list[dict[str, object]] = [{"reviewer": who, "text": text} for who, text in REVIEWS]
        if version in COLOURS:
            stars = _stars(asked)
            for one in told:
                given = stars.get(str(one["reviewer"]))
                one["rating"] = (
                    {"stars": given, "color": COLOURS[version]}
                    if given
                    else {"error": "ratings does not answer"}
                )
        served = {"id": 0, "podname": f"reviews-{version}", "version": version, "reviews": told}
        return _json(served)

    return answers


def _stars(asked: Request) -> Mapping[str, object]:
    found = asked.ask("ratings", "/ratings/0")
    given = _read(found).get("ratings") if found.status == 200 else None
    return given if isinstance(given, dict) else {}


def productpage(_version: str) -> Answers:
    """The page, the same as JSON, and who is signed in (without a password: it is a stage)."""

    def answers(asked: Request) -> Answer:
        match asked.method, asked.path:
            case "GET", "/productpage":
                return _page(asked)
            case "POST", "/login":
                name = quote(asked.form.get("username", "")[:40], safe="")
                return _back(f"user={name}; Path=/; HttpOnly; SameSite=Lax")
            case "GET" | "POST", "/logout":
                return _back("user=; Path=/; Max-Age=0")
            case "GET", "/api/v1/products/0":
                return asked.ask("details", "/details/0")
            case "GET", "/api/v1/products/0/reviews":
                return asked.ask("reviews", "/reviews/0")
            case "GET", "/api/v1/products/0/ratings":
                return asked.ask("ratings", "/ratings/0")
        return _none(asked)

    return answers


def _page(asked: Request) -> Answer:
    about, said = asked.ask("details", "/details/0"), asked.ask("reviews", "/reviews/0")
    text = page(
        user_of(asked.headers.get("cookie", "")),
        _read(about) if about.status == 200 else None,
        _read(said) if said.status == 200 else None,
    )
    told = {"x-reviews-version": said.headers.get("x-version", "")}
    return Answer(text, "text/html; charset=utf-8", headers=told)


def user_of(cookie: str) -> str:
    """Who is signed in, by the header's text; empty where nobody is."""
    try:
        found = SimpleCookie(cookie).get("user")
    except CookieError:
        return ""
    return unquote(found.value) if found else ""


def _back(cookie: str) -> Answer:
    return Answer("", status=303, headers={"location": "/productpage", "set-cookie": cookie})


def _json(value: object) -> Answer:
    return Answer(json.dumps(value))


def _none(asked: Request) -> Answer:
    return Answer(json.dumps({"error": f"no {asked.path} here"}), status=404)


def _read(answer: Answer) -> dict[str, object]:
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


SERVICES: dict[str, Callable[[str], Answers]] = {
    "details": details,
    "ratings": ratings,
    "reviews": reviews,
    "productpage": productpage,
}
