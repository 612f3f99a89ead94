"""YAML as decks may use it: small, shallow, without aliases; never an exception of YAML's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import yaml

MAX_BYTES = 64 * 1024
MAX_DEPTH = 20


class YamlRefused(Exception):  # noqa: N818 - a refusal with a place, not an error of ours
    """The YAML cannot be used; `line` and `column` count from 0 within its text."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping's plain values, and where each key stands (line, column from 0)."""

    values: dict[str, object] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)


def read_mapping(text: str) -> Mapping:
    """Read `text` as a mapping with string keys; raises YamlRefused."""
    import yaml  # 10 ms that a deck without front matter does not need

    if len(text) > MAX_BYTES:
        raise YamlRefused("larger than 64 KiB")
    loader = None
    try:
        loader = yaml.SafeLoader(text)
        _forbid_aliases(text)
        node = loader.get_single_node()
        if node is None:
            return Mapping()
        if not isinstance(node, yaml.MappingNode):
            raise YamlRefused("is not a mapping of keys to values")
        _check_depth(node)
        return _construct(loader, node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark is not None else (0, 0)
        reason = error.problem or error.context or "not YAML"
        raise YamlRefused(reason, line, column) from error
    except yaml.YAMLError as error:  # the reader's: a character that YAML does not allow
        raise YamlRefused(str(error).splitlines()[0]) from error
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        # The safe constructors raise these for values such as 2020-99-99, `!!int x`, 0x_.
        raise YamlRefused(f"holds a value that cannot be read: {error}") from error
    except RecursionError as error:
        raise YamlRefused(f"nested deeper than {MAX_DEPTH} levels") from error
    finally:
        if loader is not None:
            loader.dispose()


def _forbid_aliases(text: str) -> None:
    import yaml

    if "&" not in text and "*" not in text:
        return
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            mark = token.start_mark
            raise YamlRefused("anchors and aliases are not allowed", mark.line, mark.column)


def _check_depth(root: yaml.Node) -> None:
    import yaml

    stack: list[tuple[object, int]] = [(root, 1)]
    while stack:
        node, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise YamlRefused(f"nested deeper than {MAX_DEPTH} levels")
        if isinstance(node, yaml.MappingNode | yaml.SequenceNode):
            for child in node.value:
                children = child if isinstance(child, tuple) else (child,)
                stack.extend((each, depth + 1) for each in children)


def _construct(loader: yaml.SafeLoader, node: yaml.MappingNode) -> Mapping:
    import yaml

    places: dict[str, tuple[int, int]] = {}
    for key, value in node.value:
        mark = key.start_mark
        if not isinstance(key, yaml.ScalarNode):
            raise YamlRefused("has a key that is not a word", mark.line, mark.column)
        places[key.value] = (mark.line, mark.column)
        if isinstance(value, yaml.ScalarNode) and value.tag.endswith((":timestamp", ":float")):
            value.tag = "tag:yaml.org,2002:str"  # a date or version stays as it was written
    values = loader.construct_document(node)
    if not isinstance(values, dict):
        raise YamlRefused("is not a mapping of keys to values")
    return Mapping({str(key): value for key, value in values.items()}, places)
