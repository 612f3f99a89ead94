"""What the lab gives its programs to read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from presenter.lab.mesh import MANIFESTS, SERVICES, bootstrap, networking
from presenter.lab.place import Lab
from presenter.lab.processes import RECORD
from presenter.lab.watching import scraping
from tests.material import ROOT

RULES = sorted((ROOT / "slides" / "istio-101-today").glob("*.yaml"))


def test_every_service_gets_its_port() -> None:
    ports = list(range(9001, 9001 + len(SERVICES)))
    objects = list(yaml.safe_load_all(networking(8080, ports)))
    (gateway,) = (one for one in objects if one["kind"] == "Gateway")
    assert gateway["spec"]["servers"][0]["port"]["number"] == 8080
    ends = {
        (end["labels"]["app"], end["labels"]["version"]): end["ports"]["http"]
        for one in objects
        if one["kind"] == "ServiceEntry"
        for end in one["spec"]["endpoints"]
    }
    assert ends == dict(zip(SERVICES, ports, strict=True))


def test_the_cluster_shows_the_services_that_run() -> None:
    objects = list(yaml.safe_load_all((MANIFESTS / "bookinfo.yaml").read_text()))
    names = {one["metadata"]["name"] for one in objects if one["kind"] == "Deployment"}
    assert names == {f"{name}-{version}" for name, version in SERVICES}
    services = [one for one in objects if one["kind"] == "Service"]
    assert {one["metadata"]["name"] for one in services} == {name for name, _ in SERVICES}
    assert not [one for one in services if "selector" in one["spec"]]


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_rules_are_about_reviews_at_the_gateway(path: Path) -> None:
    rule = yaml.safe_load(path.read_text())
    spec = rule["spec"]
    assert (rule["metadata"]["name"], spec["hosts"], spec["gateways"]) == (
        "reviews", ["reviews"], ["bookinfo"],
    )  # fmt: skip


def tag(name: str, metric: str) -> str | None:
    settings = json.loads(json.dumps(bootstrap(1, 2)))["stats_config"]["stats_tags"]
    (regex,) = (one["regex"] for one in settings if one["tag_name"] == name)
    found = re.search(regex, metric)
    return found[2] if found else None


def test_labels_of_metrics_are_found_in_their_names() -> None:
    whole = "outbound|9080|v2|reviews.default.svc.cluster.local"
    metric = f"cluster.{whole};.upstream_rq_200"
    assert tag("cluster_name", metric) == whole
    assert tag("destination_version", metric) == "v2"
    assert tag("destination_service_name", metric) == "reviews"
    assert tag("response_code", metric) == "200"
    assert tag("destination_version", metric.replace("v2", "")) is None
    assert tag("destination_service_name", metric.replace("v2", "")) == "reviews"
    assert tag("cluster_name", "cluster.xds.upstream_rq_total") == "xds"


def test_everything_is_on_loopback() -> None:
    told = json.dumps(bootstrap(1, 2)) + json.dumps(scraping("127.0.0.1:1", "127.0.0.1:2"))
    assert set(re.findall(r"\d+\.\d+\.\d+\.\d+", told)) == {"127.0.0.1", "127.0.0.2"}


def test_variables_are_those_of_what_runs(tmp_path: Path) -> None:
    lab = Lab(tmp_path / "a lab")
    lab.folder.mkdir()
    assert set(lab.exports()) == {"KUBECONFIG"}
    record = [
        {"name": "envoy", "pid": 0, "at": {"http": 1, "admin": 2}},
        {"name": "prometheus", "pid": 0, "at": {"http": 3}},
        {"name": "zipkin", "pid": 0, "at": {"http": 4}},
        {"name": "istiod", "pid": 0, "at": {"xds": 5}},
    ]
    (lab.folder / RECORD).write_text(json.dumps(record))
    assert lab.exports() == {
        "KUBECONFIG": str(lab.kubeconfig),
        "GATEWAY_URL": "127.0.0.1:1",
        "PROMETHEUS_URL": "http://127.0.0.1:3",
        "ZIPKIN_URL": "http://127.0.0.1:4",
        "ISTIOCTL_XDS_ADDRESS": "127.0.0.1:5",
        "ISTIOCTL_PLAINTEXT": "true",
    }
    assert f"export KUBECONFIG='{lab.kubeconfig}'" in lab.export_lines()
    assert lab.environment()["PATH"].startswith(f"{lab.bin}:")
    lab.tell({"istio": "", "zipkin": "no java"})
    assert lab.lacking == {"zipkin": "no java"}
