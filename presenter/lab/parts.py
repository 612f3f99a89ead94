"""The parts of a lab: what each needs, and why one cannot be had here."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass

from presenter.lab.build import Product, build, missing
from presenter.lab.fetched import ENVOY, ZIPKIN
from presenter.lab.golang import (
    APISERVER,
    CONTROLLERS,
    ISTIOCTL,
    ISTIOD,
    KUBECTL,
    KWOK,
    RESOURCES,
    SCHEDULER,
    STAGES,
)
from presenter.lab.tools import LabError


@dataclass(frozen=True, slots=True)
class Part:
    """One; `tools` are programs of the system's, each with what installs it on Debian."""

    name: str
    products: tuple[Product, ...]
    tools: tuple[tuple[str, str], ...] = ()


KUBERNETES = Part(
    "kubernetes",
    (APISERVER, CONTROLLERS, SCHEDULER, KUBECTL, KWOK, STAGES),
    (("etcd", "etcd-server"), ("openssl", "openssl")),
)
MESH = Part("istio", (ISTIOD, ISTIOCTL, RESOURCES, ENVOY))
METRICS = Part("prometheus", (), (("prometheus", "prometheus"),))
TRACES = Part("zipkin", (ZIPKIN,), (("java", "default-jre-headless"),))
PARTS = (KUBERNETES, MESH, METRICS, TRACES)
"""Each is of use with those before it, but for the last two: these need the first two alone."""


def wanted(only: str | None) -> tuple[Part, ...]:
    """All parts, or those up to the named one."""
    names = [part.name for part in PARTS]
    return PARTS if only is None else PARTS[: names.index(only) + 1]


def lacks(part: Part) -> str:
    """Why a part cannot be started as things are; empty where it can."""
    return _no_tool(part) or (
        f"`presenter lab build` has not built {', '.join(missing(part.products))}"
        if missing(part.products)
        else ""
    )


def prepare(part: Part, say: Callable[[str], None]) -> str:
    """Build what is missing of a part; why it cannot be had, or empty."""
    reason = _no_tool(part)
    if reason:
        return reason
    try:
        build(part.products, say)
    except LabError as error:
        return str(error)
    return ""


def _no_tool(part: Part) -> str:
    for tool, package in part.tools:
        if shutil.which(tool) is None:
            return f"{tool} is not installed (on Debian: apt-get install {package})"
    return ""
