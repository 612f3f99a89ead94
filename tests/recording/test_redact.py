"""Planted secrets go however they come, and nothing else does."""

from __future__ import annotations

import base64
import json
import os
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from presenter.recording.known import MOST_BYTES, is_secret_name, kubeconfig_values, secret_values
from presenter.recording.plain import cells
from presenter.recording.redact import DOT, Redactor
from presenter.terminal import new_emulator

COLUMNS = 40
VALUE = "s3cr3t/pass+word?"
"""Known to the machine."""


def _made(*parts: str) -> str:
    """Put together here, so that no scanner takes this file for a leak."""
    return "".join(parts)


JWT = ".".join(
    base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
    for part in ({"alg": "RS256", "kid": "1"}, {"sub": "system:serviceaccount"}, "signature here")
)
ALNUM = "4bC9dE2fG7hJ1kL6mN3pQ8rS5tU0vW4xY9zA"
PATTERNED = {
    "jwt": JWT,
    "bearer": f"Bearer {ALNUM}",
    "basic": "Basic " + base64.b64encode(b"admin:hunter22").decode(),
    "header": f"Authorization: token {ALNUM}",
    "bare header": f"authorization: {ALNUM}",
    "json header": f'"Authorization": "Bearer {ALNUM}"',
    "aws": _made("AK", "IA", "IOSFODNN7EXAMPLE"),
    "aws session": _made("AS", "IA", "IOSFODNN7EXAMPLE"),
    "aws secret": f'"SecretAccessKey": "{ALNUM}"',
    "classic": _made("gh", "p_", ALNUM),
    "oauth": _made("gh", "o_", ALNUM),
    "server": _made("gh", "s_", ALNUM),
    "fine": _made("github", "_pat_", ALNUM, "_", ALNUM),
    "gitlab": _made("gl", "pat-", ALNUM),
    "slack": _made("xo", "xb-", "1234567890-", ALNUM),
    "google": _made("AI", "za", ALNUM[:35]),
    "join": "--token abcdef.0123456789abcdef",
    "url": "https://user:hunter22@example.org/",
    "pem": _made("-----BEGIN RSA ", "PRIVATE KEY-----\r\n", f"{ALNUM}\r\n{ALNUM}\r\n", "-----END"),
    "open pem": _made("-----BEGIN ", "PRIVATE KEY-----\r\n", f"{ALNUM}\r\n", "$ \r\n"),
    "key data": f"client-key-data: {ALNUM}",
}
NO_SECRET = ("Bearer", "Basic", "Authorization", "authorization", "token", "https", "user",
             "example", "org", "SecretAccessKey", "RSA", "PRIVATE", "KEY", "BEGIN", "END",
             "client", "key", "data")  # fmt: skip


def hidden(text: str) -> list[str]:
    """The words of a text of a pattern that must not be seen."""
    return [word for word in re.findall(r"[A-Za-z0-9]{3,}", text) if word not in NO_SECRET]


def assert_gone(text: str, redacted: str) -> None:
    left = [word for word in hidden(text) if word in redacted]
    assert not left, redacted


@pytest.mark.parametrize("text", PATTERNED.values(), ids=PATTERNED.keys())
def test_what_looks_like_a_secret_goes(text: str) -> None:
    redacted = Redactor().text(f"before {text} after\r\n")
    assert_gone(text, redacted)
    assert redacted.startswith("before ")
    assert redacted.endswith("after\r\n")
    assert DOT in redacted


@pytest.mark.parametrize("text", PATTERNED.values(), ids=PATTERNED.keys())
def test_each_of_several_goes_wherever_they_stand(text: str) -> None:
    redactor = Redactor()
    for several in (text, f"{text}\r\n{text}\r\n{text}", f"{text} {text[:6]} {text}"):
        assert_gone(text, redactor.text(several).replace(text[:6], ""))


@pytest.mark.parametrize("word", ["Basic", "basic", "BASIC"])
@pytest.mark.parametrize("pair", ["me:hunter22", "you:hunter22", "user:hunter22"])
def test_basic_authentication_goes_however_it_is_written(word: str, pair: str) -> None:
    code = base64.b64encode(pair.encode()).decode()
    for written in (code, code.rstrip("=")):
        text = f"{word} usage\n{word} {written}\n"
        assert Redactor().text(text) == f"{word} usage\n{word} {DOT * len(written)}\n"


def test_basic_authentication_may_be_written_for_urls() -> None:
    code = base64.urlsafe_b64encode("a:>>>???ÿÿÿ".encode()).decode().rstrip("=")
    assert {"-", "_"} & set(code)
    assert Redactor().text(f"Basic {code}") == f"Basic {DOT * len(code)}"


def test_a_word_behind_basic_that_is_no_pair_stays() -> None:
    no_pair = base64.b64encode(b"no pair here").decode()
    for word in (no_pair, "abcdefghi", "abcdefghijklm", "dXNlcjpodW50ZXIyM"):
        assert Redactor().text(f"Basic {word}") == f"Basic {word}"


BEGIN, END = _made("-----BEGIN ", "PRIVATE KEY-----"), _made("-----END ", "PRIVATE KEY-----")


def test_of_keys_all_lines_go_and_what_stands_around_them_stays() -> None:
    lines = f"\n{ALNUM}\n{ALNUM}=="
    dots = f"\n{DOT * 36}\n{DOT * 38}"
    one, gone = f"{BEGIN}{lines}\n{END}\n", f"{BEGIN}{dots}\n{END}\n"
    redactor = Redactor()
    assert redactor.text(one) == gone
    assert redactor.text(f"$ cat a b\n{one}{one}$ ls\n") == f"$ cat a b\n{gone}{gone}$ ls\n"
    cut_off = f"{BEGIN}{lines}\n$ cat b\n"
    assert redactor.text(cut_off + one) == f"{BEGIN}{dots}\n$ cat b\n{gone}"
    assert redactor.text(cut_off) == f"{BEGIN}{dots}\n$ cat b\n"
    public = f"-----BEGIN CERTIFICATE-----\n{ALNUM}\n-----END CERTIFICATE-----\n"
    assert redactor.text(public + one + public) == public + gone + public
    for text in (BEGIN, f"{BEGIN}\n", f"{BEGIN}\nno key\n", f"{BEGIN}\n{BEGIN}\n"):
        assert redactor.text(text) == text


def test_of_a_key_with_its_end_everything_between_goes() -> None:
    inner = ["Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-128-CBC,0123", "", ALNUM, "ab=="]
    text = "\n".join([BEGIN, *inner, END, "after"])
    dots = [DOT * len(line) for line in inner]
    assert Redactor().text(text) == "\n".join([BEGIN, *dots, END, "after"])


def test_a_key_without_an_end_nearby_ends_with_its_lines() -> None:
    text = f"{BEGIN}\n{ALNUM}\n{'x y ' * 6000}\n{END}\n"
    assert Redactor().text(text) == text.replace(ALNUM, DOT * len(ALNUM))


@pytest.mark.parametrize("text", PATTERNED.values(), ids=PATTERNED.keys())
def test_neither_cuts_nor_colours_nor_wraps_hide_it(text: str) -> None:
    text = f"> {text}\r\n"
    redactor = Redactor()
    for at in range(1, len(text) - 1):
        assert_gone(text, "".join(redactor.pieces([text[:at], text[at:]], COLUMNS)))
        coloured = f"{text[:at]}\x1b[1;31m\x1b[K{text[at:]}\x1b[0m"
        redacted = redactor.text(coloured)
        assert_gone(text, re.sub(r"\x1b\[[0-9;]*[mK]", "", redacted))
        assert "\x1b[1;31m\x1b[K" in redacted
    assert_gone(text, "".join(redactor.pieces(list(text), COLUMNS)))


@pytest.mark.parametrize("text", [JWT, VALUE, PATTERNED["fine"], PATTERNED["bearer"]])
@pytest.mark.parametrize("wrap", ["\r\n", "\n", " \r"])
def test_a_program_that_wraps_at_the_grid_does_not_hide_it(text: str, wrap: str) -> None:
    redactor = Redactor([VALUE])
    for lead in range(COLUMNS):
        line = "." * lead + " " + text
        rows = [line[at : at + COLUMNS] for at in range(0, len(line), COLUMNS)]
        redacted = "".join(redactor.pieces([wrap.join(rows)], COLUMNS))
        shown = redacted.replace(wrap, "")
        assert not any(word in shown for word in hidden(text)), redacted
        assert redacted.count(wrap) == len(rows) - 1


@pytest.mark.parametrize(
    "form",
    [
        VALUE,
        quote(VALUE, safe=""),
        quote(VALUE, safe="").lower(),
        base64.b64encode(VALUE.encode()).decode(),
        base64.b64encode(f"a:{VALUE}".encode()).decode(),
        base64.b64encode(f"me:{VALUE}, and more of it".encode()).decode(),
        base64.urlsafe_b64encode(f"you:{VALUE}\n".encode()).decode(),
    ],
)
def test_a_known_value_goes_in_all_its_forms(form: str) -> None:
    redacted = Redactor([VALUE]).text(f"is {form} here")
    assert redacted.count(DOT) >= len(VALUE)
    assert (redacted[:3], redacted[-5:]) == ("is ", " here")
    code = redacted[3:-5].replace(DOT, "A")
    decoded = base64.urlsafe_b64decode(re.sub("[^A-Za-z0-9_-]", "A", code)[: len(code) // 4 * 4])
    assert VALUE[:3].encode() not in decoded
    assert VALUE[-3:].encode() not in decoded


@pytest.mark.parametrize("before", ["", "x", "xy", "xyz", "wxyz"])
@pytest.mark.parametrize("after", ["", "p", "pq", "pqr"])
def test_of_a_code_all_that_tells_of_the_value_goes_and_little_more(
    before: str, after: str
) -> None:
    lead, tail = "l" * 30 + before, after + "t" * 30
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        code = encode(f"{lead}{VALUE}{tail}".encode()).decode()
        redacted = Redactor([VALUE]).text(f"code {code}.")
        first = len(lead) * 8 // 6
        last = -(-(len(lead) + len(VALUE)) * 8 // 6)
        kept = code[: first - 4], code[last + 4 :]
        assert redacted.startswith(f"code {kept[0]}")
        assert redacted.endswith(f"{kept[1]}.")
        assert set(redacted[5:-1][first:last]) == {DOT}


def test_a_value_within_a_word_takes_nothing_of_it_along() -> None:
    assert Redactor([ALNUM]).text(f"abc{ALNUM}def/") == f"abc{DOT * len(ALNUM)}def/"
    assert Redactor(["12345678", "abcdefg"]).text("x12345678y abcdefg") == f"x{DOT * 8}y abcdefg"


def test_a_value_that_is_no_text_is_looked_for_too() -> None:
    value = os.fsdecode(b"gr\xfcn und gelb")
    redactor = Redactor([value])
    for form in (value, "gr\N{REPLACEMENT CHARACTER}n und gelb", "gr%FCn%20und%20gelb"):
        assert redactor.text(f"a {form} b") == f"a {DOT * len(form)} b"
    code = base64.b64encode(b"gr\xfcn und gelb").decode()
    assert redactor.text(code) == DOT * len(code)
    assert Redactor(["half a pair \ud800"]).text("half a pair \ud800") == DOT * 13


def test_a_known_value_goes_wherever_its_lines_are_broken() -> None:
    code = base64.b64encode(b"x" * 50 + VALUE.encode()).decode()
    folded = "\r\n".join(code[at : at + 7] for at in range(0, len(code), 7))
    redacted = Redactor([VALUE]).text(folded)
    rest = redacted.replace("\r\n", "").replace(DOT, "")
    assert VALUE[:9] not in base64.b64decode(rest + "=" * (-len(rest) % 4)).decode("latin-1")
    assert [len(line) for line in redacted.split("\r\n")] == [
        len(line) for line in folded.split("\r\n")
    ]


def test_values_of_many_lines_and_short_ones() -> None:
    redactor = Redactor([f"-----BEGIN\n{ALNUM}\nshort\n", "seven77"])
    text = f"a short seven77 {ALNUM} -----BEGIN"
    assert redactor.text(text) == f"a short seven77 {DOT * len(ALNUM)} -----BEGIN"
    lines = ["-----BEGIN A KEY-----", "sixteen-letters-", "fifteen-letters", "-----END A KEY-----"]
    redactor = Redactor(["\n".join(lines)])
    assert redactor.text(" ".join(lines)) == " ".join([lines[0], DOT * 16, *lines[2:]])
    assert Redactor(["twelve-chars\nten-chars."]).text("twelve-chars ten-chars.").isascii()
    assert Redactor(["  eight888\n"]).text("is eight888 ") == f"is {DOT * 8} "


def test_a_wide_value_keeps_its_width() -> None:
    assert Redactor(["geheim密碼密碼"]).text("<geheim密碼密碼>") == f"<{DOT * 14}>"


def test_what_is_never_on_the_screen_is_looked_at_too() -> None:
    redacted = Redactor([VALUE]).text(f"\x1b]0;at {VALUE}\x07\x1b]52;c;YW55dGhpbmc=\x1b\\ok")
    assert redacted == f"\x1b]0;at {DOT * len(VALUE)}\x07\x1b]52;c;{DOT * 12}\x1b\\ok"


SECRETS = {
    "yaml": """\
apiVersion: v1
data:
  password: aHVudGVyMjI=
  note: |
    hunter22 and
    more
kind: Secret
metadata:
  name: visible
  annotations:
    kept: visible
""",
    "kind first": "kind: Secret\nmetadata:\n  name: visible\nstringData:\n  a.b: 'hunter22'\n",
    "json": """\
{
    "apiVersion": "v1",
    "data": {
        "password": "aHVudGVyMjI=",
        "more": "aHVudGVyMjI="
    },
    "kind": "Secret",
    "metadata": {
        "name": "visible"
    }
}
""",
    "one line": '{"data":{"password":"aHVudGVyMjI="},"kind":"Secret","name":"visible"}\n',
    "escaped": r'"last": "{\"data\":{\"p\":\"aHVudGVyMjI=\"},\"kind\":\"Secret\"}\n", "visible"',
}


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS.keys())
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_values_of_a_secret_go(text: str, end: str) -> None:
    text = text.replace("\n", end)
    redacted = Redactor().text(text)
    assert "aHVud" not in redacted
    assert "hunter" not in redacted
    assert "visible" in redacted
    assert "Secret" in redacted
    assert redacted.count(end) == text.count(end)


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("hunter22", "••••••••"),
        ("h", "•"),
        ("'hunter22'", "'••••••••'"),
        ('"hunter22",', '"••••••••",'),
        ("''", "''"),
        ("hunter22  ", "••••••••  "),
        ("XhX", "•••"),
        ("|", "|"),
        (">-", ">-"),
        ("|2+", "|2+"),
        ("||", "••"),
    ],
)
def test_of_a_value_all_goes_but_its_quotes(written: str, left: str) -> None:
    text = "kind: Secret\ndata:\n  key: {}\n  more: hunter22\nmetadata:\n  name: visible\n"
    redacted = Redactor().text(text.format(written))
    assert redacted == text.format(left).replace("hunter22", DOT * 8)


def test_manifests_one_after_the_other_are_told_apart() -> None:
    private = "---\nkind: Secret\n\ndata:\n\n  key: hunter22\n\n  more:  hunter22\n"
    other = "---\ndata:\n  key: visible\nkind: ConfigMap\n"
    gone = private.replace("hunter22", DOT * 8)
    for text, left in (
        (private + other, gone + other),
        (other + private + other + private, other + gone + other + gone),
        ("data:\n  key: visible\n" + private, "data:\n  key: visible\n" + gone),
        ("data:\n---\n  kind: Secret\n", "data:\n---\n  kind: Secret\n"),
    ):
        assert Redactor().text(text) == left


def test_in_one_line_only_a_secrets_values_go() -> None:
    private = '{"data":{"a":"hunter22","b":"hunter22"},"kind":"Secret"}'
    other = '{"data":{"a":"visible"},"kind":"ConfigMap","of":"Secret"}'
    gone = private.replace("hunter22", DOT * 8)
    for text, left in (
        (f"{other}\n{private}\n{private}\n", f"{other}\n{gone}\n{gone}\n"),
        (f"{other}\nkind: Secret\n", f"{other}\nkind: Secret\n"),
    ):
        assert Redactor().text(text) == left


def test_of_a_list_only_the_secrets_values_go() -> None:
    text = """\
apiVersion: v1
items:
- apiVersion: v1
  data:
    colour: visible
  kind: ConfigMap
- apiVersion: v1
  data:
    password: aHVudGVyMjI=
  kind: Secret
- data:
    size: large
  kind: ConfigMap
kind: List
"""
    redacted = Redactor().text(text)
    assert redacted == text.replace("aHVudGVyMjI=", DOT * 12)


ORDINARY = """\
NAME                     READY   STATUS    RESTARTS   AGE
details-v1-5f4d584748-x9p2m   2/2     Running   0          3m12s
secret/bookinfo-token created
NAME                  TYPE                                  DATA   AGE
default-token-7x2kq   kubernetes.io/service-account-token   3      42d
Password:
serviceaccount/bookinfo-productpage created
clusterrolebinding.rbac.authorization.k8s.io/istio-reader created
authorizationpolicy.security.istio.io/allow-nothing created
Authorization: required
error: You must be logged in to the server (Unauthorized)
    client-key-data: REDACTED
    client-certificate-data: DATA+OMITTED
    client-key-data: DATA+OMITTED
REPOSITORY   TAG       IMAGE ID       CREATED        SIZE
nginx        latest    605c77e624dd   2 years ago    141MB
Digest: sha256:0d17b565c37bcbd895e9d92315a05c1c3c9a29f762b011a10c54a66cd53c9b31
https://registry.example.org:5000/v2/library/alpine@sha256:0d17b565c37b
commit 9c1185a5c5e9fc54612808977ee8f548b2258d31
Author: A U Thor <author@example.org>
index 83db48f..bf2a5c1 100644
remote: Counting objects: 100% (12/12), done.
To github.com:example/repo.git
   6b1d3a2..a5c1f00  main -> main
git@github.com:example/repo.git
http://localhost:8080/productpage?u=normal
Basic usage of kubernetes/v1 with Basic authentication
The bearer of this, bearer authentication, Bearer tokens
docker login --password-stdin, --token-ttl 24h, --token <token>
apiVersion: v1
data:
  key: value
kind: ConfigMap
---
-----BEGIN CERTIFICATE-----
MIIC5zCCAc+gAwIBAgIBADANBgkqhkiG9w0BAQsFADAVMRMwEQYDVQQDEwprdWJl
-----END CERTIFICATE-----
"""


def test_ordinary_output_is_left_as_it_is() -> None:
    known = secret_values({"GIT_AUTHOR_NAME": "A U Thor", "SSH_AUTH_SOCK": "/tmp/agent.1234"})
    assert Redactor(known).pieces([ORDINARY, "\x1b[1mok"], 80) == [ORDINARY, "\x1b[1mok"]


PIECES = st.lists(
    st.one_of(
        st.text("ab c.:/=-\r\n\t密é\x1b[m;1•\x07]", max_size=8),
        st.sampled_from(["\x1b[31m", "\x1b[0m", "\x1b[2;3H", "\x1b]0;", "\x07", "data:\n  a: "]),
    ),
    max_size=12,
)
WITH_SECRETS = st.lists(
    st.one_of(
        PIECES.map("".join),
        st.sampled_from([*PATTERNED.values(), *SECRETS.values(), VALUE, VALUE[:9], VALUE[9:]]),
    ),
    max_size=8,
)


@given(PIECES)
def test_text_without_secrets_is_the_same_byte_by_byte(pieces: list[str]) -> None:
    assert Redactor([VALUE]).pieces(pieces, COLUMNS) == pieces


@given(WITH_SECRETS, st.integers(1, 80))
@example(["\x1b", VALUE], 1)  # a sequence takes the first character
@example(["\x1b[1;", VALUE], 80)
def test_redacting_twice_changes_nothing_more(pieces: list[str], columns: int) -> None:
    redactor = Redactor([VALUE])
    once = redactor.pieces(pieces, columns)
    assert redactor.pieces(once, columns) == once
    assert len(once) == len(pieces)
    assert VALUE not in "".join(once)


@given(WITH_SECRETS)
def test_every_line_keeps_its_width(pieces: list[str]) -> None:
    redacted = Redactor([VALUE]).pieces(pieces, COLUMNS)
    before, after = ("".join(each).split("\n") for each in (pieces, redacted))
    assert [_width(line) for line in after] == [_width(line) for line in before]


def _width(line: str) -> int:
    return cells(re.sub(r"[\x00-\x1f\x7f]", "", line))


@given(st.data())
def test_the_screen_keeps_its_layout(data: st.DataObject) -> None:
    secret = data.draw(st.sampled_from([VALUE, JWT, PATTERNED["fine"]]))
    text = f"one {secret} two\r\n\tthree"
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=5)) | {0, len(text)})
    pieces = ["\x1b[3m" + text[start:end] for start, end in pairwise(cuts)]
    screens = []
    for each in (pieces, Redactor([VALUE]).pieces(pieces, COLUMNS)):
        emulator = new_emulator(COLUMNS, 12, 0)
        emulator.feed("".join(each))
        screens.append(emulator.text())
    assert [len(row) for row in screens[0]] == [len(row) for row in screens[1]]
    assert screens[1][0].startswith(f"one {DOT}")


# --- what the machine knows -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "secret"),
    [("GITHUB_TOKEN", True), ("api_key", True), ("APIKEY", True), ("DB_PASSWD", True),
     ("AUTHORIZATION", True), ("BASIC_AUTH", True), ("AWS_SECRET_ACCESS_KEY", True),
     ("GIT_AUTHOR_NAME", False), ("XAUTHORITY", False), ("SSH_AUTH_SOCK", False),
     ("TOKEN_FILE", False), ("HOME", False)],
)  # fmt: skip
def test_names_of_secrets(name: str, secret: bool) -> None:
    assert is_secret_name(name) is secret
    assert secret_values({name: "value"}) == ({"value"} if secret else set())


KUBECONFIG = """\
users:
- name: one
  user:
    token: first-token
    client-key-data: Zmlyc3Qga2V5
    client-certificate-data: public
    tokenFile: token.txt
- name: two
  user:
    password: 12345678
    auth-provider:
      config: {id-token: second-token, idp-issuer-url: public}
    exec:
      env: [{name: MY_SECRET, value: third}, {name: REGION, value: public}]
- broken
"""


def test_the_secrets_of_a_kubeconfig(tmp_path: Path) -> None:
    (tmp_path / "token.txt").write_text("in a file\n")
    (tmp_path / "one").write_text(KUBECONFIG)
    (tmp_path / "bad").write_text("users: {")
    environment = {"KUBECONFIG": f"{tmp_path / 'one'}:{tmp_path / 'bad'}:{tmp_path / 'absent'}"}
    assert kubeconfig_values(environment, tmp_path) == {
        "first-token", "Zmlyc3Qga2V5", "in a file\n", "12345678", "second-token", "third",
    }  # fmt: skip
    assert kubeconfig_values({}, tmp_path) == set()
    (tmp_path / ".kube").mkdir()
    (tmp_path / ".kube" / "config").write_text("users:\n- user: {token: at-home}\n")
    assert kubeconfig_values({}, tmp_path) == {"at-home"}


@pytest.mark.parametrize(
    "text",
    [
        "- a\n- b\n",
        "users: 3\n",
        "users: {a: 1}\n",
        "users:\n- user: 3\n- 4\n",
        "users:\n- user:\n    token: [a]\n    auth-provider: x\n    exec: y\n    tokenFile: 5\n",
        "users:\n- user: {exec: {env: 5}, auth-provider: {config: 6}, tokenFile: none}\n",
        "users:\n- user: {exec: {env: [7, {value: nameless}]}}\n",
        "\x00",
        "a: !!python/object:x {}\n",
        "[" * 5000,
    ],
)
def test_an_odd_kubeconfig_has_no_secrets_and_breaks_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config"
    path.write_text(text)
    assert kubeconfig_values({"KUBECONFIG": str(path)}, tmp_path) == set()


def test_what_can_be_read_of_a_kubeconfig_counts(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"users:\n- user:\n    token: tok\xff\n    tokenFile: pipe\n")
    os.mkfifo(tmp_path / "pipe")  # reading it would never end
    assert kubeconfig_values({"KUBECONFIG": str(path)}, tmp_path) == {
        "tok\N{REPLACEMENT CHARACTER}"
    }
    line = b"users:\n- user: {token: early}\n"
    path.write_bytes(line + b"#" * (MOST_BYTES - len(line)) + b"\n- user: {token: late}\n")
    assert kubeconfig_values({"KUBECONFIG": str(path)}, tmp_path) == {"early"}
