"""Real Istio: its rules decide which version answers, and what watches it has seen that."""

from __future__ import annotations

import json
import os
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import psutil

from presenter.cli import main
from presenter.lab.place import MARK, Lab
from tests.lab.rig import runs
from tests.material import ROOT

FOLDER = ROOT / "slides" / "istio-101-today"
RULES = {
    "all-v1": ({"v1"}, {"v1"}),
    "reviews-jason-v2": ({"v1"}, {"v2"}),
    "reviews-50-v3": ({"v1", "v3"}, {"v2"}),
}
"""The talk's rules, each with the versions that others see, and that Jason sees."""
JASON = {"cookie": "theme=dark; user=jason"}
NOBODY: Mapping[str, str] = {}
REQUESTS = 40
SECONDS = 30.0
T = TypeVar("T")


def get(address: str, headers: Mapping[str, str] = NOBODY) -> tuple[str, dict[str, str]]:
    """The body and the headers (names in lower case) that an address of the lab answers with."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    asked = urllib.request.Request(address, headers=dict(headers))  # noqa: S310
    with opener.open(asked, timeout=10) as answer:
        told = {key.lower(): value for key, value in answer.headers.items()}
        return answer.read().decode(), told


def versions(lab: Lab, count: int, headers: Mapping[str, str] = NOBODY) -> Counter[str]:
    """How often each version of reviews is on the product page."""
    page = f"http://{lab.exports()['GATEWAY_URL']}/productpage"
    return Counter(get(page, headers)[1]["x-reviews-version"] for _ in range(count))


def wait(find: Callable[[], T | None]) -> T:
    until = time.monotonic() + SECONDS
    while (found := find()) is None:
        assert time.monotonic() < until
        time.sleep(0.1)
    return found


def rule(lab: Lab, name: str) -> None:
    """Apply a rule and wait until it holds."""
    lab.kubectl("apply", "-f", str(FOLDER / f"virtual-service-{name}.yaml"))
    others, jason = RULES[name]
    enough = 6  # where versions take turns, all three are among so many
    wait(
        lambda: (
            (set(versions(lab, enough)) == others and set(versions(lab, enough, JASON)) == jason)
            or None
        )
    )


def test_rules_decide_which_version_everybody_sees(mesh: Lab) -> None:
    assert set(versions(mesh, 6)) == {"v1", "v2", "v3"}
    rule(mesh, "reviews-50-v3")
    found = versions(mesh, REQUESTS)
    assert set(found) == {"v1", "v3"}
    assert min(found.values()) >= 4, found
    rule(mesh, "reviews-jason-v2")
    assert versions(mesh, REQUESTS, JASON) == {"v2": REQUESTS}
    assert versions(mesh, REQUESTS) == {"v1": REQUESTS}
    rule(mesh, "all-v1")
    assert versions(mesh, REQUESTS) == {"v1": REQUESTS}


def test_an_answer_tells_its_version_by_header_json_and_text(mesh: Lab) -> None:
    rule(mesh, "reviews-jason-v2")
    gateway = f"http://{mesh.exports()['GATEWAY_URL']}"
    body, headers = get(f"{gateway}/api/v1/products/0/reviews", JASON)
    assert (headers["x-version"], json.loads(body)["version"]) == ("v2", "v2")
    assert json.loads(body)["reviews"][0]["rating"] == {"stars": 5, "color": "black"}
    shown, _ = get(f"{gateway}/productpage", JASON)
    assert "reviews served by: reviews-v2" in shown
    assert 'class="stars black"' in shown


def test_prometheus_counts_what_the_gateway_has_sent(mesh: Lab) -> None:
    runs(mesh, "prometheus")
    rule(mesh, "all-v1")
    query = (
        "sum(envoy_cluster_upstream_rq_total"
        '{destination_service_name="reviews",destination_version="v1"})'
    )
    asked = urllib.parse.urlencode({"query": query})

    def counted() -> float | None:
        told = json.loads(get(f"{mesh.exports()['PROMETHEUS_URL']}/api/v1/query?{asked}")[0])
        return float(told["data"]["result"][0]["value"][1]) if told["data"]["result"] else None

    before = wait(counted)
    assert versions(mesh, REQUESTS) == {"v1": REQUESTS}
    wait(lambda: (counted() or 0) >= before + REQUESTS or None)


def test_zipkin_has_a_request_through_all_services_as_one_trace(mesh: Lab) -> None:
    runs(mesh, "zipkin")
    rule(mesh, "reviews-jason-v2")
    zipkin = mesh.exports()["ZIPKIN_URL"]
    trace = os.urandom(16).hex()
    sent = {"x-b3-traceid": trace, "x-b3-spanid": trace[:16], "x-b3-sampled": "1"}
    assert versions(mesh, 1, JASON | sent) == {"v2": 1}
    services = {"istio-ingressgateway", "productpage", "details", "reviews", "ratings"}

    def complete() -> list[dict[str, object]] | None:
        asked = urllib.parse.urlencode({"serviceName": "productpage", "limit": 1000})
        told = json.loads(get(f"{zipkin}/api/v2/traces?{asked}")[0])
        spans = [span for one in told for span in one if span["traceId"] == trace]
        known = {span["id"] for span in spans} | {trace[:16]}
        whole = {span.get("parentId") for span in spans} <= known  # each comes when it likes
        found = {span["localEndpoint"]["serviceName"] for span in spans}
        return spans if whole and found == services else None

    spans = wait(complete)
    assert {span["traceId"] for span in spans} == {trace}


def still_runs(pid: int) -> bool:
    """Also not as a child of ours that has ended and that nobody has waited for."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_two_labs_run_side_by_side_and_one_leaves_nothing(lab: Lab, tmp_path: Path) -> None:
    folder = tmp_path / "second"
    assert main(["lab", "up", "--folder", str(folder), "--only", "kubernetes"]) == 0
    try:
        assert (folder / MARK).is_file()
        second = Lab(folder)
        mine, other = second.processes.ports(), lab.processes.ports()
        pids = [int(one["pid"]) for one in json.loads((folder / "processes.json").read_text())]
        assert not {str(at) for at in mine.values()} & {str(at) for at in other.values() if at}
        assert main(["lab", "status", "--folder", str(folder)]) == 0
        assert second.lacking == {}
    finally:
        assert main(["lab", "down", "--folder", str(folder)]) == 0
    assert not folder.exists()
    assert not [pid for pid in pids if still_runs(pid)]
    assert all(lab.processes.running().values())
