"""Starts what watches the mesh: Prometheus (counters of Envoy's and istiod's) and Zipkin."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from string import Template

from presenter.lab.fetched import ZIPKIN
from presenter.lab.mesh import MANIFESTS
from presenter.lab.place import Lab, answers
from presenter.lab.processes import free_ports

SCRAPE = "1s"
"""As often as counters are read: a change is to be seen while an audience looks."""
_JAVA = (
    "-Xms32m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
    "-Dcom.linecorp.armeria.transportType=nio",  # its other one needs a library of the machine's
)  # fmt: skip


def start_zipkin(lab: Lab) -> str:
    """Its URL. It is not ready then: that takes seconds, in which other parts can start."""
    (port,) = free_ports(1)
    given = {
        "armeria.ports[0].ip": "127.0.0.1",
        "armeria.ports[0].port": str(port),
        "armeria.ports[0].protocols[0]": "http",
        "zipkin.storage.type": "mem",
        "zipkin.self-tracing.enabled": "false",
    }
    argv = [shutil.which("java") or "java", *_JAVA, f"-Djava.io.tmpdir={lab.folder}", "-jar",
            str(ZIPKIN.path), *(f"--{key}={value}" for key, value in given.items())]  # fmt: skip
    lab.processes.start("zipkin", argv, lab.environment(), http=port)
    return f"http://127.0.0.1:{port}"


def send_traces(lab: Lab, say: Callable[[str], None]) -> None:
    """Have the gateway tell Zipkin of each request; returns when it is ready. Raises LabError."""
    port = lab.processes.port("zipkin")
    text = Template((MANIFESTS / "zipkin.yaml").read_text("utf-8"))
    lab.kubectl("apply", "-f", "-", given=text.substitute(zipkin=port))
    lab.wait("zipkin", lambda: answers(f"http://127.0.0.1:{port}/health"))
    say(f"Zipkin is ready: http://127.0.0.1:{port}")


def start_prometheus(lab: Lab, say: Callable[[str], None]) -> None:
    """Returns when it is ready. Raises LabError."""
    (port,) = free_ports(1)
    envoy, istiod = (
        lab.processes.port(*one) for one in (("envoy", "admin"), ("istiod", "metrics"))
    )
    config = lab.folder / "prometheus.json"
    settings = scraping(f"127.0.0.1:{envoy}", f"127.0.0.1:{istiod}")
    config.write_text(json.dumps(settings, indent=1), "utf-8")
    address = f"http://127.0.0.1:{port}"
    argv = [
        shutil.which("prometheus") or "prometheus", f"--config.file={config}",
        f"--storage.tsdb.path={lab.folder}/prometheus", "--storage.tsdb.retention.time=1d",
        f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn",
    ]  # fmt: skip
    lab.processes.start("prometheus", argv, lab.environment(), http=port)
    lab.wait("prometheus", lambda: answers(f"{address}/-/ready"))
    say(f"Prometheus is ready: {address}")


def scraping(envoy: str, istiod: str) -> dict[str, object]:
    """Prometheus's settings; both are host:port."""
    return {
        "global": {"scrape_interval": SCRAPE, "scrape_timeout": SCRAPE},
        "scrape_configs": [
            {
                "job_name": "envoy",
                "metrics_path": "/stats/prometheus",
                "params": {"usedonly": [""]},
                "static_configs": [{"targets": [envoy]}],
            },
            {"job_name": "istiod", "static_configs": [{"targets": [istiod]}]},
        ],
    }
