"""Probe of a cluster: `kubernetes: {context, namespace, server, exists, absent}`, all optional.

It asks the API server of the current context whether it is ready, then for the namespace and for
the objects that are named. A context or server that is not the current one is not asked at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import urllib3

from presenter.deck.text import nearest
from presenter.live.findings import Finding, Limit, fails, holds, unknown
from presenter.live.kinds import Place, known, looked_up
from presenter.live.kubeconfig import Answer, Cluster, ClusterError, Context, Kubeconfig
from presenter.live.probe_net import fault_of, is_html, leads_away
from presenter.live.probe_pin import current_cluster
from presenter.talk.fallback import Fault

KEYS = ("context", "namespace", "server", "exists", "absent")
MOST_OBJECTS = 32
_KUBECONFIG = Kubeconfig()
_Spec = Mapping[Any, Any]


class _FoundError(Exception):
    """Ends a probe early."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.words)
        self.finding = finding


def look_kubernetes(spec: object, limit: Limit) -> Finding:
    """Whether the cluster is there and is as it should be."""
    return _probe(spec, limit, _look)


def beat_kubernetes(spec: object, limit: Limit) -> Finding:
    """Whether the cluster answers, over a connection that is kept; nothing else is looked at."""
    return _probe(spec, limit, _beat)


def _probe(
    spec: object, limit: Limit, look: Callable[[_Spec, Context, Cluster, Limit], Finding]
) -> Finding:
    wanted = {} if spec is None else spec
    trouble = _trouble_of(wanted)
    if trouble or not isinstance(wanted, Mapping):
        return unknown(trouble)
    subject, cluster = str(wanted.get("context") or "the cluster"), None
    try:
        context = _KUBECONFIG.context(limit)
        subject = context.name
        _pinned("context", wanted.get("context"), context.name)
        if wanted.get("server"):  # before credentials for another one are fetched
            _pinned("server", wanted.get("server"), current_cluster()[1])
        limit.prepare(f"{subject}: credentials are still being fetched")
        cluster = _KUBECONFIG.cluster(limit)
        _pinned("server", wanted.get("server"), cluster.server)
        limit.contact(subject)
        return look(wanted, context, cluster, limit)
    except _FoundError as found:
        return found.finding
    except ClusterError as error:
        if error.pending:
            return unknown(f"{subject}: {error}")
        return fails(f"{subject}: {error}", Fault.SILENT if error.silent else None)
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        fault, words = fault_of(error)
        server = urlsplit(cluster.server).netloc if cluster else "kubeconfig"
        return fails(f"{subject}: {words} ({server})", fault)


def _trouble_of(spec: object) -> str:
    if not isinstance(spec, Mapping):
        return "`kubernetes` should be a mapping such as {context: minikube}"
    for key in map(str, spec):
        if key not in KEYS:
            return f"`kubernetes` has no `{key}`{nearest(key, KEYS)}"
    for key in ("exists", "absent"):
        names = _names(spec.get(key))
        if len(names) > MOST_OBJECTS or not all(name.count("/") == 1 for name in names):
            return f"`kubernetes.{key}` should list objects such as deployment/name"
    return ""


def _names(value: object) -> list[str]:
    given = value if isinstance(value, list) else [] if value is None else [value]
    return [str(each) for each in given]


def _pinned(what: str, wanted: object, current: str) -> None:
    if wanted and str(wanted).rstrip("/") != current:
        raise _FoundError(fails(f"current {what} is {current}, not {wanted}"))


def _beat(_wanted: _Spec, context: Context, cluster: Cluster, limit: Limit) -> Finding:
    _ready(context.name, cluster.for_beats(), limit)
    return holds(f"{context.name}: ready")


def _look(wanted: _Spec, context: Context, cluster: Cluster, limit: Limit) -> Finding:
    _ready(context.name, cluster, limit)
    exists, absent = _names(wanted.get("exists")), _names(wanted.get("absent"))
    namespace = str(wanted.get("namespace") or context.namespace)
    if wanted.get("namespace"):
        answer = _ask(f"/api/v1/namespaces/{quote(namespace, '')}", context.name, cluster, limit)
        if answer.status == 404:
            if exists or not absent:
                return fails(f"{context.name}: there is no namespace {namespace}")
            return holds(f"{context.name}: ready, and there is no namespace {namespace}")
    for name in exists:
        if not _is_there(name, namespace, context.name, cluster, limit):
            return fails(f"{context.name}: there is no {name} in {namespace}")
    for name in absent:
        if _is_there(name, namespace, context.name, cluster, limit):
            return fails(f"{context.name}: {name} is still in {namespace}")
    return holds(f"{context.name}: ready")


def _ready(name: str, cluster: Cluster, limit: Limit) -> None:
    """Ends the probe where the server is not ready; one that does not say so is asked otherwise."""
    for path in ("/readyz", "/version"):
        answer = _ask(path, name, cluster, limit)
        if answer.status not in (403, 404):
            break
    if answer.status >= 500:
        raise _FoundError(fails(f"{name}: not ready (status {answer.status})"))


def _ask(path: str, name: str, cluster: Cluster, limit: Limit) -> Answer:
    """The server's answer; ends the probe where it is not an API server's, or to strangers."""
    answer = cluster.get(path, limit)
    if answer.status == 401:
        _KUBECONFIG.forget(cluster)
        words = f"{name}: the credentials are not accepted (status 401)"
        raise _FoundError(fails(words, Fault.REFUSED))
    redirected = 300 <= answer.status < 400 and leads_away(cluster.server, answer.location)
    if redirected or is_html(answer.content_type, answer.body) or answer.status == 511:
        raise _FoundError(fails(f"{name}: a login page answers in its place", Fault.PORTAL))
    return answer


def _is_there(written: str, namespace: str, name: str, cluster: Cluster, limit: Limit) -> bool:
    """Whether an object such as `deployment/web` is there; one that is going is still there."""
    kind, _, object_name = written.partition("/")
    places = _places(kind.lower(), name, cluster, limit)
    if not places:
        raise _FoundError(unknown(f"{name}: it has no kind {kind}"))
    forbidden = False
    for place in places:
        path = place.format(quote(namespace, ""))
        answer = _ask(f"{path}/{quote(object_name, '')}", name, cluster, limit)
        if answer.status == 200 and answer.data is not None:
            return True
        forbidden = forbidden or answer.status == 403
    if forbidden:
        raise _FoundError(unknown(f"{name}: {written} may not be looked at (status 403)"))
    return False


def _places(kind: str, name: str, cluster: Cluster, limit: Limit) -> tuple[Place, ...]:
    """Where objects of a kind are: the kinds of every cluster are known, others are looked up."""
    if kind in known():
        return (known()[kind],)
    if kind not in cluster.resources:

        def lists(path: str, key: str) -> list[dict[str, Any]]:
            return _list(_ask(path, name, cluster, limit), key)

        cluster.resources[kind] = tuple(looked_up(kind, lists))
    return cluster.resources[kind]


def _list(answer: Answer, key: str) -> list[dict[str, Any]]:
    data = answer.data or {}
    return data.get(key) or []
