"""Starts Istio's istiod, an Envoy that it steers, and the BookInfo services behind that gateway.

Every call between the services goes through the one gateway, so Istio's rules decide each of them.
What the lab is not: there are no sidecars, and nothing is encrypted.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from string import Template

from presenter.lab.fetched import ENVOY
from presenter.lab.golang import ISTIOCTL, ISTIOD, RESOURCES
from presenter.lab.place import Lab, answers
from presenter.lab.processes import free_ports

MANIFESTS = Path(__file__).with_name("manifests")
SYSTEM = "istio-system"
SERVICES = (
    ("details", "v1"), ("ratings", "v1"),
    ("reviews", "v1"), ("reviews", "v2"), ("reviews", "v3"),
    ("productpage", "v1"),
)  # fmt: skip
GATEWAY = "istio-ingressgateway"
_MESH = {
    "enablePrometheusMerge": False,
    "enableAutoMtls": False,
    "defaultProviders": {},
    "extensionProviders": [
        {
            "name": "zipkin",
            "zipkin": {"service": f"zipkin.{SYSTEM}.svc.cluster.local", "port": 9411},
        }
    ],
}
_ISTIOD = {
    # What an Envoy of Istio's own build has and this one has not.
    "PILOT_ENABLE_METADATA_EXCHANGE": "false",
    "PILOT_ENABLE_ALPN_FILTER": "false",
    "PILOT_CERT_PROVIDER": "istiod",
    "ENABLE_DEBUG_ENDPOINT_AUTH": "false",  # for who asks on loopback: `istioctl proxy-status`
    "POD_NAMESPACE": SYSTEM,
    "POD_NAME": "istiod",
    "REVISION": "default",
    "CLUSTER_ID": "Kubernetes",
}
_OUTBOUND = r"outbound\|\d+\|"
_TAGS = {
    "cluster_name": r"^cluster\.((xds|[^;]+);?\.)",
    "destination_version": rf"^cluster\.({_OUTBOUND}([^|]+)\|[^;]+;\.)",
    "destination_service_name": rf"^cluster\.({_OUTBOUND}[^|]*\|([^.;]+)[^;]*;\.)",
    "response_code": r"_rq(_(\d{3}))$",
    "response_code_class": r"_rq(_(\d)xx)$",
    "http_conn_manager_prefix": r"^http\.((.*?)\.)",
}
"""How names of Envoy's metrics become labels, those of Istio's own metrics where there are such."""


def start_mesh(lab: Lab, say: Callable[[str], None], zipkin: str) -> None:
    """Returns when the product page answers; `zipkin` is its URL, or empty. Raises LabError."""
    gateway, admin, *ports = free_ports(2 + len(SERVICES))
    _start_istiod(lab)
    lab.kubectl("label", "namespace", "default", "istio-injection=disabled")  # no sidecars
    lab.kubectl("apply", "-f", str(MANIFESTS / "bookinfo.yaml"))
    lab.kubectl("apply", "-f", "-", given=networking(gateway, ports))
    _start_services(lab, gateway, ports, zipkin)
    _start_envoy(lab, gateway, admin)
    for (name, version), port in zip(SERVICES, ports, strict=True):
        lab.wait(f"{name}-{version}", partial(answers, f"http://127.0.0.1:{port}/health"))
    address = f"http://127.0.0.1:{gateway}"
    lab.wait("envoy", lambda: answers(f"{address}/api/v1/products/0/reviews"))
    say(f"Istio is ready: the product page is {address}/productpage")


def _start_istiod(lab: Lab) -> None:
    http, https, grpc, secure, monitoring, control = free_ports(6)
    lab.kubectl("create", "--filename", str(RESOURCES.path))
    lab.kubectl("apply", "-f", str(MANIFESTS / "istio-system.yaml"))
    mesh = lab.folder / "mesh.json"
    mesh.write_text(json.dumps(_MESH, indent=1), "utf-8")
    argv = [
        str(ISTIOD.path), "discovery", "--kubeconfig", str(lab.kubeconfig),
        "--meshConfig", str(mesh), "--httpAddr", f"127.0.0.1:{http}",
        "--httpsAddr", f"127.0.0.1:{https}", "--grpcAddr", f"127.0.0.1:{grpc}",
        "--secureGRPCAddr", f"127.0.0.1:{secure}", "--monitoringAddr", f"127.0.0.1:{monitoring}",
        "--ctrlz_address", "127.0.0.1", "--ctrlz_port", str(control),
    ]  # fmt: skip
    environment = {**lab.environment(), **_ISTIOD, "ROOT_CA_DIR": str(lab.folder / "istiod-ca")}
    lab.processes.start("istiod", argv, environment, xds=grpc, http=http, metrics=monitoring)
    lab.offer(ISTIOCTL.path)
    lab.wait("istiod", lambda: answers(f"http://127.0.0.1:{http}/ready"))


def _start_services(lab: Lab, gateway: int, ports: list[int], zipkin: str) -> None:
    for (name, version), port in zip(SERVICES, ports, strict=True):
        argv = [sys.executable, "-m", "presenter.lab.bookinfo", name, version, "--port", str(port),
                "--gateway", f"127.0.0.1:{gateway}", "--zipkin", zipkin]  # fmt: skip
        lab.processes.start(f"{name}-{version}", argv, lab.environment(), http=port)


def _start_envoy(lab: Lab, gateway: int, admin: int) -> None:
    config = lab.folder / "envoy.json"
    xds = lab.processes.port("istiod", "xds") or 0
    config.write_text(json.dumps(bootstrap(admin, xds), indent=1), "utf-8")
    argv = [str(ENVOY.path), "--config-path", str(config), "--concurrency", "1",
            "--disable-hot-restart", "--log-level", "warning"]  # fmt: skip
    lab.processes.start_orphan("envoy", argv, lab.environment(), http=gateway, admin=admin)


def service_ports(lab: Lab) -> tuple[int, list[int]]:
    """Where the gateway of a lab that runs listens, and where each of `SERVICES`."""
    ports = {name: at.get("http", 0) for name, at in lab.processes.ports().items()}
    return ports["envoy"], [ports[f"{name}-{version}"] for name, version in SERVICES]


def networking(gateway: int, ports: list[int]) -> str:
    """Istio's objects for BookInfo: where the gateway listens and where each service answers."""
    names = (f"{name}_{version}" for name, version in SERVICES)
    found = {name: str(port) for name, port in zip(names, ports, strict=True)}
    text = (MANIFESTS / "bookinfo-networking.yaml").read_text("utf-8")
    return Template(text).substitute(found, gateway=gateway)


def bootstrap(admin: int, xds: int) -> dict[str, object]:
    """What an Envoy starts with, to be a gateway of Istio's: the rest comes from istiod."""
    name = GATEWAY
    # The address in its name is nobody's: with 127.0.0.1 it would be taken for one of the services.
    node = f"router~127.0.0.2~{name}.{SYSTEM}~{SYSTEM}.svc.cluster.local"
    told = {"NAME": name, "NAMESPACE": SYSTEM, "LABELS": {"istio": "ingressgateway"},
            "CLUSTER_ID": "Kubernetes", "ISTIO_VERSION": "1.31.0", "PROXY_CONFIG": {},}  # fmt: skip
    ads: Mapping[str, object] = {"ads": {}, "resource_api_version": "V3"}
    return {
        "node": {"id": node, "cluster": name, "metadata": told},
        "admin": {"address": _at(admin)},
        "stats_config": {
            "use_all_default_tags": False,
            "stats_tags": [{"tag_name": name, "regex": regex} for name, regex in _TAGS.items()],
        },
        "dynamic_resources": {
            "ads_config": {
                "api_type": "GRPC",
                "transport_api_version": "V3",
                "grpc_services": [{"envoy_grpc": {"cluster_name": "xds"}}],
            },
            "lds_config": ads,
            "cds_config": ads,
        },
        "static_resources": {"clusters": [_xds(xds)]},
    }


def _xds(port: int) -> dict[str, object]:
    options = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
    return {
        "name": "xds",
        "type": "STATIC",
        "connect_timeout": "1s",
        "typed_extension_protocol_options": {
            options: {
                "@type": f"type.googleapis.com/{options}",
                "explicit_http_config": {"http2_protocol_options": {}},
            }
        },
        "load_assignment": {
            "cluster_name": "xds",
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": _at(port)}}]}],
        },
    }


def _at(port: int) -> dict[str, object]:
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}
