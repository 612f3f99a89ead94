"""BookInfo's services: what they answer, and how they pass a trace on."""

from __future__ import annotations

import json
import string
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.lab.bookinfo.answers import SERVICES, user_of
from presenter.lab.bookinfo.page import page
from presenter.lab.bookinfo.service import Answer, Request
from presenter.lab.bookinfo.tracing import passed_on, span_of

TRACE, PARENT = "463ac35c9f6413ad48485a3953bb6124", "a2fb4a1d1a96d312"


def asked(
    path: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    others: Mapping[str, Answer] | None = None,
) -> Request:
    """A request; `others` are what other services answer, those that are not in it fail."""

    def ask(service: str, _path: str) -> Answer:
        return (others or {}).get(service, Answer("no", "text/plain", 503))

    return Request(method, path, headers or {}, form or {}, ask)


def answer(service: str, version: str, request: Request) -> Answer:
    return SERVICES[service](version)(request)


RATINGS = answer("ratings", "v1", asked("/ratings/0"))
DETAILS = answer("details", "v1", asked("/details/0"))


@pytest.mark.parametrize(("version", "colour"), [("v1", None), ("v2", "black"), ("v3", "red")])
def test_versions_of_reviews_differ_in_their_stars(version: str, colour: str | None) -> None:
    told = answer("reviews", version, asked("/reviews/0", others={"ratings": RATINGS}))
    found = json.loads(told.body)
    assert (found["version"], found["podname"]) == (version, f"reviews-{version}")
    assert [one.get("rating", {}).get("color") for one in found["reviews"]] == [colour] * 2
    shown = page("", None, found)
    assert f"reviews served by: reviews-{version}" in shown
    assert ("\N{BLACK STAR}" in shown) == (colour is not None)
    assert colour is None or f'class="stars {colour}"' in shown


def test_without_ratings_reviews_says_so() -> None:
    told = answer("reviews", "v2", asked("/reviews/0"))
    assert (told.status, told.body.count("ratings does not answer")) == (200, 2)
    assert "ratings does not answer" in page("", None, json.loads(told.body))


def test_the_page_is_there_whatever_fails() -> None:
    told = answer("productpage", "v1", asked("/productpage"))
    assert told.status == 200
    assert "details does not answer" in told.body
    assert "reviews does not answer" in told.body
    others = {"details": DETAILS, "reviews": Answer("no JSON", headers={"x-version": "v3"})}
    told = answer("productpage", "v1", asked("/productpage", others=others))
    assert "The Comedy of Errors" in told.body
    assert told.headers["x-reviews-version"] == "v3"


def test_who_signs_in_is_known_and_is_no_markup() -> None:
    told = answer("productpage", "v1", asked("/login", method="POST", form={"username": "<b>é;"}))
    assert told.status == 303
    cookie = told.headers["set-cookie"].split("; ")[0]
    assert user_of(f"other=1; {cookie}") == "<b>é;"
    shown = answer("productpage", "v1", asked("/productpage", headers={"cookie": cookie}))
    assert "&lt;b&gt;é;" in shown.body
    assert "<b>" not in shown.body
    assert user_of("") == user_of("a=b") == ""
    gone = answer("productpage", "v1", asked("/logout"))
    assert gone.headers["set-cookie"].startswith("user=;")


@given(st.text(max_size=60))
def test_any_cookie_is_read(text: str) -> None:
    assert isinstance(user_of(text), str)


@pytest.mark.parametrize("service", SERVICES)
def test_other_addresses_are_none(service: str) -> None:
    assert answer(service, "v1", asked("/<nothing>")).status == 404


def test_the_api_gives_what_the_service_gives() -> None:
    others = {"ratings": RATINGS, "details": DETAILS}
    given_ratings = asked("/api/v1/products/0/ratings", others=others)
    assert answer("productpage", "v1", given_ratings) == RATINGS
    assert answer("productpage", "v1", asked("/api/v1/products/0", others=others)) == DETAILS


@pytest.mark.parametrize(
    ("headers", "trace", "parent"),
    [
        ({"x-b3-traceid": TRACE, "x-b3-spanid": PARENT}, TRACE, PARENT),
        ({"x-b3-traceid": TRACE[:16]}, TRACE[:16], ""),
        ({"b3": f"{TRACE}-{PARENT}-1"}, TRACE, PARENT),
        ({"traceparent": f"00-{TRACE}-{PARENT}-01"}, TRACE, PARENT),
    ],
)
def test_a_span_is_below_the_one_of_who_asks(
    headers: dict[str, str], trace: str, parent: str
) -> None:
    span = span_of(headers)
    assert span is not None
    assert (span.trace, span.parent) == (trace, parent)
    assert span.id not in {trace, parent}
    below = span_of(passed_on(headers, span) | {"x-b3-sampled": "1"})
    assert below is not None
    assert (below.trace, below.parent) == (trace, span.id)


def test_every_form_is_passed_on_with_the_same_span() -> None:
    headers = {
        "x-b3-traceid": TRACE,
        "x-b3-spanid": PARENT,
        "x-b3-sampled": "1",
        "b3": f"{TRACE}-{PARENT}-d",
        "traceparent": f"00-{TRACE}-{PARENT}-01",
        "tracestate": "a=1",
        "x-request-id": "7",
        "accept": "*/*",
    }
    span = span_of(headers)
    assert span is not None
    assert passed_on(headers, span) == {
        "x-request-id": "7",
        "x-b3-sampled": "1",
        "tracestate": "a=1",
        "x-b3-traceid": TRACE,
        "x-b3-spanid": span.id,
        "x-b3-parentspanid": PARENT,
        "b3": f"{TRACE}-{span.id}-d",
        "traceparent": f"00-{TRACE}-{span.id}-01",
    }


NAMES = st.sampled_from(["x-b3-traceid", "x-b3-spanid", "b3", "traceparent", "x-request-id"])
WORDS = st.text(string.hexdigits + "-", max_size=60) | st.text(max_size=20)


@given(st.dictionaries(NAMES, WORDS))
def test_no_header_is_taken_for_a_trace_that_is_none(headers: dict[str, str]) -> None:
    span = span_of(headers)
    passed = passed_on(headers, span)
    assert set(passed) <= {*headers, "x-b3-spanid", "x-b3-parentspanid"}
    if span is None:
        assert set(passed) <= {"x-request-id"}
    else:
        int(span.trace, 16)
