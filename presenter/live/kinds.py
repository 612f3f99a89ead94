"""Where an API server has the objects of a kind: those that every cluster has, and all others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

MOST_GROUPS, MOST_VERSIONS = 64, 8
"""Groups of kinds, and versions of each, that are looked through for one not known here."""

_KNOWN = {
    "/api/v1": "pods po pod|services svc service|configmaps cm configmap|secrets secret"
    "|serviceaccounts sa serviceaccount|persistentvolumeclaims pvc persistentvolumeclaim"
    "|events ev event|endpoints ep",
    "/apis/apps/v1": "deployments deploy deployment|statefulsets sts statefulset"
    "|daemonsets ds daemonset|replicasets rs replicaset",
    "/apis/batch/v1": "jobs job|cronjobs cj cronjob",
    "/apis/networking.k8s.io/v1": "ingresses ing ingress|networkpolicies netpol networkpolicy",
}
_CLUSTER_WIDE = {
    "/api/v1": "namespaces ns namespace|nodes no node|persistentvolumes pv persistentvolume",
    "/apis/apiextensions.k8s.io/v1": "customresourcedefinitions crd crds customresourcedefinition",
}
Place = str
"""The path of a kind's objects, with `{}` where the namespace goes."""
Lists = Callable[[str, str], list[dict[str, Any]]]
"""Asks the server for a path, and gives a list out of the answer by its key."""


@cache
def known() -> dict[str, Place]:
    """The kinds of every cluster, by all of their names."""
    found: dict[str, Place] = {}
    for groups, path in ((_KNOWN, "/namespaces/{}"), (_CLUSTER_WIDE, "")):
        for base, kinds in groups.items():
            for names in map(str.split, kinds.split("|")):
                found |= dict.fromkeys(names, f"{base}{path}/{names[0]}")
    return found


def looked_up(written: str, lists: Lists) -> list[Place]:
    """The kind `gateway` or `gateway.networking.istio.io`, in every group that has it."""
    kind, _, group = written.lower().partition(".")
    return [place for names, place in served(lists, group) if kind in names]


def served(lists: Lists, group: str = "") -> Iterator[tuple[tuple[str, ...], Place]]:
    """The kinds of the server's groups, or of one: all names of each, and where it is.

    In the version that the server prefers, or in another one that alone has it.
    """
    if not group:
        yield from _kinds("/api/v1", lists, set())
    waiting: list[tuple[str, set[str]]] = []
    for each in lists("/apis", "groups")[:MOST_GROUPS]:
        if group and each.get("name") != group:
            continue
        seen: set[str] = set()
        preferred = each["preferredVersion"]["groupVersion"]
        versions = [one["groupVersion"] for one in each.get("versions") or ()]
        waiting += [(one, seen) for one in versions[:MOST_VERSIONS] if one != preferred]
        yield from _kinds(f"/apis/{preferred}", lists, seen)
    for version, seen in waiting:
        yield from _kinds(f"/apis/{version}", lists, seen)


def _kinds(base: str, lists: Lists, seen: set[str]) -> Iterator[tuple[tuple[str, ...], Place]]:
    """Those of one version that can be listed, and were not `seen` in another."""
    for resource in lists(base, "resources"):
        name = resource["name"]
        if "/" in name or name in seen or "list" not in resource.get("verbs", ("list",)):
            continue
        seen.add(name)
        names = name, resource.get("singularName") or "", resource["kind"].lower()
        path = "/namespaces/{}" if resource["namespaced"] else ""
        short = tuple(resource.get("shortNames") or ())
        yield (*names, *short), f"{base}{path}/{name}"
