"""No secret of an exchange reaches the disk."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presenter.recording.har import Body, Exchange, Har, Request, Response
from presenter.recording.har_secrets import is_secret_header, without_secrets
from presenter.recording.har_writer import encode_har, write_har
from presenter.recording.provenance import Provenance
from tests.recording.hars import exchange, log

VALUE = "s3cr3tValue42"
FORM = "application/x-www-form-urlencoded"


def _response(data: str | bytes, mime: str = "text/plain") -> Response:
    data = data.encode() if isinstance(data, str) else data
    return Response(200, body=Body(mime, data, len(data)))


def _asked(*headers: tuple[str, str], url: str = "http://h/") -> Request:
    return Request("GET", url, headers=headers)


PLANTED: dict[str, Exchange] = {
    "bearer": exchange(_asked(("Authorization", f"Bearer {VALUE}"))),
    "raw": exchange(_asked(("authorization", VALUE))),
    "proxy": exchange(_asked(("Proxy-Authorization", f"Digest {VALUE}"))),
    "cookie": exchange(_asked(("Cookie", f"a=b; session={VALUE}"))),
    "set-cookie": exchange(None, Response(200, headers=(("Set-Cookie", f"id={VALUE}; Path=/"),))),
    "key": exchange(_asked(("X-Api-Key", VALUE))),
    "token": exchange(_asked(("X-Amz-Security-Token", VALUE))),
    "query": exchange(_asked(url=f"https://h/p?a=1&access_token={VALUE}&b=2")),
    "signature": exchange(_asked(url=f"https://h/p?X-Amz-Signature={VALUE}")),
    "fragment": exchange(_asked(url=f"https://h/p#id_token={VALUE}")),
    "user": exchange(_asked(url=f"https://{VALUE}@h/")),
    "password": exchange(_asked(url=f"https://me:{VALUE}@h/")),
    "referer": exchange(_asked(("Referer", f"https://h/?token={VALUE}"))),
    "location": exchange(None, Response(302, headers=(("Location", f"/?code={VALUE}"),))),
    "redirect": exchange(None, Response(302, redirect=f"https://h/?code={VALUE}")),
    "form": exchange(Request("POST", "http://h/", mime=FORM, text=f"user=me&password={VALUE}")),
    "json": exchange(Request("POST", "http://h/", text=f'{{"password": "{VALUE}"}}')),
    "answer": exchange(None, _response(f'{{"access_token" : "{VALUE}", "kept": "x"}}')),
    "echo": exchange(_asked(("Cookie", f"s={VALUE}")), _response(f"you sent {VALUE}")),
    "echo of the response": exchange(
        None, Response(200, headers=(("Set-Cookie", f"s={VALUE}"),), body=Body("", VALUE.encode()))
    ),
    "echo of bytes": exchange(
        _asked(("Authorization", f"Bearer {VALUE}")), _response(b"\xff\x00" + VALUE.encode())
    ),
    "echo of a query": exchange(_asked(url=f"http://h/?token={VALUE}"), _response(VALUE)),
    "basic": exchange(
        _asked(("Authorization", "Basic " + base64.b64encode(f"me:{VALUE}".encode()).decode())),
        _response(f"hello me, {VALUE}"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_a_planted_secret_is_not_in_the_file(planted: Exchange, tmp_path: Path) -> None:
    path = tmp_path / "x.har"
    write_har(path, log(planted), ())
    text = path.read_text("utf-8")
    assert VALUE not in text
    assert VALUE not in bytes_of(text)
    assert base64.b64encode(f"me:{VALUE}".encode()).decode() not in text


def bytes_of(text: str) -> str:
    """What stands in the file as base64."""
    contents = [one["response"]["content"] for one in json.loads(text)["log"]["entries"]]
    return "".join(
        base64.b64decode(one["text"]).decode("latin-1") for one in contents if "encoding" in one
    )


def test_a_value_that_the_machine_is_known_to_have_goes_everywhere() -> None:
    told = Provenance(
        commands=(f"GET http://h/{VALUE}",), exports={"A": VALUE, "TOKEN": "x"}, note=VALUE
    )
    one = exchange(
        Request("GET", f"http://h/{VALUE}", headers=(("x", VALUE),), text=VALUE), _response(VALUE)
    )
    safe = without_secrets(Har((one,), told), (VALUE,))
    assert VALUE not in str(safe)
    assert safe.provenance is not None
    assert safe.provenance.exports == {"A": "•" * len(VALUE), "TOKEN": "•"}


def test_what_is_no_secret_stays() -> None:
    request = Request(
        "POST",
        "https://example.org/a?page=2&sort=name#top",
        headers=(
            ("Accept", "text/html"),
            ("WWW-Authenticate", "Basic realm=x"),
            ("x-author", "me"),
        ),
        mime=FORM,
        text="name=x&author=me",
    )
    response = _response('{"author": "me", "items": [1], "name": "a=b&c=d"}')
    assert without_secrets(log(exchange(request, response)), ()) == log(exchange(request, response))


@pytest.mark.parametrize("name", ["Cookie", "SET-COOKIE", "X-Auth-Token", "x-client-secret"])
def test_names_of_headers_tell(name: str) -> None:
    assert is_secret_header(name)


def test_the_size_of_a_body_is_that_of_what_is_left() -> None:
    text = f'{{"token": "{VALUE}"}}'
    response = Response(200, body=Body("", text.encode(), len(text) + 100))
    body = without_secrets(log(exchange(None, response)), ()).exchanges[0].response.body
    assert body.size - len(body.data) == 100


_TEXT = st.text("ab=&?;#:/@\"'\\{}• tokenCookie", max_size=30)


@settings(max_examples=200, deadline=None)
@given(_TEXT, _TEXT, _TEXT, st.sampled_from(["Cookie", "x", "token", "Location"]))
def test_twice_is_as_once(url: str, text: str, value: str, name: str) -> None:
    request = Request("POST", url, headers=((name, value),), mime=FORM, text=text)
    once = without_secrets(log(exchange(request, _response(text))), (VALUE,))
    assert without_secrets(once, (VALUE,)) == once


def test_a_token_of_a_body_is_nowhere_in_what_follows() -> None:
    planted = "t0kenOfTheBody42"
    body = Body("application/json", f'{{"token": "{planted}"}}'.encode(), 30)
    login = exchange(response=Response(200, body=body))
    use = exchange(Request("GET", f"http://h/?q={planted}", headers=(("X-Mine", planted),)))
    counted = replace(use, groups=(("t", planted),))
    safe = without_secrets(Har((login, counted)), ())
    assert planted not in encode_har(safe)
    exported = Har((use,), Provenance(exports={"TOKEN": planted}))
    assert planted not in encode_har(without_secrets(exported, ()))
