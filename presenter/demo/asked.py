"""What a step of data asks: a request or a query, with its variables in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from presenter.deck.http import HttpRequest, address_problem
from presenter.deck.kubernetes import Query, unfit
from presenter.deck.model import Step
from presenter.recording.provenance import marker_label
from presenter.talk.condition import expand, variables_of


def why_unfit(step: Step, variables: Mapping[str, str]) -> str:
    """Why it cannot be asked with these variables; nothing where it can."""
    text = step.request.text if step.request is not None else ""
    text = step.query.text if step.query is not None else text
    missing = sorted(variables_of(text) - variables.keys())
    if missing:
        return f"`{{{{{missing[0]}}}}}` has no value yet"
    if step.query is not None:
        return unfit(_filled_query(step.query, variables))
    return address_problem(str(expand(step.request.url, variables))) if step.request else ""


def plan_of(step: Step, number: int, variables: Mapping[str, str], kubeconfig: str) -> str:
    """What the process that asks is told; `kubeconfig`: the variable of the session's shell."""
    if step.query is not None:
        from presenter.recording.kube_plan import plan_line as query_line

        return query_line(_filled_query(step.query, variables), kubeconfig)
    from presenter.recording.har_plan import plan_line  # only a demo of requests needs it

    if step.request is None:
        return ""
    return plan_line(_filled(step.request, variables), marker_label(number, step.whole))


def reader_of(step: Step) -> Callable[[str], str]:
    """What a person, or a pattern of the deck, reads in what it prints."""
    if step.query is not None:
        return _readable_watch
    return _readable_exchanges if step.request is not None else str


def _filled(request: HttpRequest, variables: Mapping[str, str]) -> HttpRequest:
    return replace(
        request,
        url=str(expand(request.url, variables)),
        headers=tuple((name, str(expand(value, variables))) for name, value in request.headers),
        body=None if request.body is None else str(expand(request.body, variables)),
        picture=str(expand(request.picture, variables)),
    )


def _filled_query(query: Query, variables: Mapping[str, str]) -> Query:
    def fill(value: str) -> str:
        return str(expand(value, variables))

    until = query.until
    if until is not None:
        until = replace(until, value=fill(until.value), pattern=fill(until.pattern))
    return replace(
        query,
        resource=fill(query.resource),
        name=fill(query.name),
        namespace=fill(query.namespace),
        selector=fill(query.selector),
        container=fill(query.container),
        columns=tuple((title, fill(path)) for title, path in query.columns),
        exports=tuple((name, fill(path)) for name, path in query.exports),
        until=until,
    )


def _readable_exchanges(lines: str) -> str:
    from presenter.recording.har_lines import readable

    return readable(lines)


def _readable_watch(lines: str) -> str:
    from presenter.recording.kube_lines import readable

    return readable(lines)
