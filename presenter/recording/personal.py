"""What says whose machine a recording was made on: names of users and hosts, homes, addresses.

None of it is secret, so it goes on request alone. It is known by where it stands (a prompt, a path,
a terminal's title), and the names found so go wherever else they stand as words.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping

from presenter.recording.asciicast import OUTPUT, Event, Header
from presenter.recording.plain import Span, read_output

_WINDOW = 256 * 1024
_MOST_NAMES = 1000
_NAMES = ("USER", "LOGNAME", "USERNAME", "SUDO_USER", "HOST", "HOSTNAME", "COMPUTERNAME")
_HOMES = ("HOME", "USERPROFILE")
_COMMON = frozenset(
    {"root", "admin", "administrator", "user", "users", "guest", "nobody", "public", "shared",
     "default", "home", "ubuntu", "debian", "fedora", "vagrant", "runner", "ec2-user",
     "localhost", "local", "linux", "windows", "macbook", "docker"}
)  # fmt: skip
"""Names that say nothing of a person; as words they stand everywhere."""

_HOME = re.compile(
    r"(?<![\w.~-])(?:/home/|/Users/|[A-Za-z]:[\\/]+Users[\\/]+)(?P<name>[A-Za-z0-9][\w.-]{0,63})"
)
_AT = r"(?P<user>[A-Za-z_][\w.-]{0,31})@(?P<host>[A-Za-z0-9][\w.-]{0,62})"
_PROMPT = re.compile(
    rf"(?m)^(?:\([^()\n]{{1,40}}\) ?)?[\[(]?{_AT}(?=[: \])][^\n]{{0,120}}?[$#%>❯])"
)
_TITLE = re.compile(
    r"(?m)^[012];(?P<user>[A-Za-z_][\w.-]{0,31})@(?P<host>[A-Za-z0-9][\w.-]{0,62}):"
)
_FOLDER = re.compile(r"(?m)^(?:7|1337;CurrentDir=?);?file://(?P<host>[A-Za-z0-9][\w.-]{0,62})/")
_MAIL = re.compile(
    r"(?<![\w.+%-])[A-Za-z0-9][\w.+%-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])"
)
_IPV4 = re.compile(r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w.]?[0-9])(?!\w)")
_IPV6 = re.compile(
    r"(?<![\w:.])(?=[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:)[0-9A-Fa-f:]{2,39}(?:(?:[0-9]{1,3}\.){3}[0-9]{1,3})?(?![\w:])"
)
_MAC = re.compile(
    r"(?<![\w:-])[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}(?![\w:-])"
)


def machine_names(variables: Mapping[str, str], *others: str) -> set[str]:
    """Names of user and host, and the home folder, by an environment; and `others`."""
    told = [variables.get(name, "") for name in (*_NAMES, *_HOMES)]
    told += [
        home.replace("\\", "/").rsplit("/", 1)[-1] for home in map(variables.get, _HOMES) if home
    ]
    return set(_useful([*told, *others]))


def recorded_names(header: Header, events: Iterable[Event]) -> set[str]:
    """The names that a recording itself tells of: in prompts, paths, titles, and its variables."""
    names = machine_names(header.env)
    for text in _texts(events):
        shown, strings = read_output(text)
        for pattern, part in (
            (_HOME, shown.text), (_PROMPT, shown.text), (_HOME, strings.text),
            (_TITLE, strings.text), (_FOLDER, strings.text),
        ):  # fmt: skip
            for match in pattern.finditer(part):
                names.update(_useful(match.groupdict().values()))
        if len(names) > _MOST_NAMES:
            break
    return names


def _texts(events: Iterable[Event]) -> Iterator[str]:
    """Output in pieces; each begins with the end of the one before."""
    pieces: list[str] = []
    length = 0
    for event in events:
        if event.code == OUTPUT:
            pieces.append(event.data)
            length += len(event.data)
            if length >= _WINDOW:
                text = "".join(pieces)
                yield text
                pieces = [text[-1024:]]
                length = 0
    yield "".join(pieces)


def _useful(names: Iterable[str | None]) -> Iterator[str]:
    for name in names:
        name = (name or "").strip().rstrip("./\\")
        last = name.replace("\\", "/").rsplit("/", 1)[-1]
        parts = [name, name.split(".", 1)[0]] if "." in name and last == name else [name]
        if last.lower() not in _COMMON:
            yield from (one for one in parts if len(one) > 1 and one.lower() not in _COMMON)


class Personal:
    """Finds names and addresses; to be given to a `Redactor`."""

    def __init__(self, names: Iterable[str], words: Iterable[str] = ()) -> None:
        """`names` go where they stand as words, `words` wherever they stand."""
        by_length = sorted(set(names), key=lambda name: (-len(name), name))
        self._names = [
            re.compile(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", re.IGNORECASE)
            for name in by_length
        ]
        self._words = Words(words)

    def __call__(self, text: str) -> Iterator[Span]:
        yield from self._words(text)
        for pattern in self._names:
            yield from (match.span() for match in pattern.finditer(text))
        for match in _HOME.finditer(text):
            if match["name"].lower() not in _COMMON:
                yield match.span()
        for pattern in (_MAIL, _MAC):
            yield from (match.span() for match in pattern.finditer(text))
        for pattern in (_IPV4, _IPV6):
            yield from (m.span() for m in pattern.finditer(text) if _is_address(m[0]))


class Words:
    """Finds words, wherever they stand."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = [word for word in words if word]

    def __call__(self, text: str) -> Iterator[Span]:
        for word in self._words:
            at = text.find(word)
            while at >= 0:
                yield at, at + len(word)
                at = text.find(word, at + 1)


def _is_address(text: str) -> bool:
    """Whether it is an address of some machine, not of every one."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)
