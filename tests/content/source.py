"""What the two blog posts of the sample talks print: commands, outputs, and what was damaged.

The commands stand here as the decks must show them, repaired. The outputs are the posts' own
lines, without the blanks at their ends; None where a post shows no output.
"""

from __future__ import annotations

from dataclasses import dataclass

ADDONS = "kubectl apply -f install/kubernetes/addons"
RULES = "samples/bookinfo/kube/route-rule"
LOST_NAME = ".metadata.name"


@dataclass(frozen=True, slots=True)
class Printed:
    """A command of a post, and what the post shows under it."""

    command: str
    output: tuple[str, ...] | None
    repaired: str = ""
    """What the notes must name, where the post prints the command damaged."""


def port_forward(app: str, port: int) -> str:
    pod = f"get pod -l app={app} -o jsonpath='{{.items[0].metadata.name}}'"
    forward = f"kubectl -n istio-system port-forward $(kubectl -n istio-system {pod})"
    return f"{forward} {port}:{port}"


def bookinfo(
    verb: str, prefix: str = "deployment.extensions", door: str = "ingress.extensions"
) -> tuple[str, ...]:
    return (
        f'service "details" {verb}',
        f'{prefix} "details-v1" {verb}',
        f'service "ratings" {verb}',
        f'{prefix} "ratings-v1" {verb}',
        f'service "reviews" {verb}',
        f'{prefix} "reviews-v1" {verb}',
        f'{prefix} "reviews-v2" {verb}',
        f'{prefix} "reviews-v3" {verb}',
        f'service "productpage" {verb}',
        f'{prefix} "productpage-v1" {verb}',
        f'{door} "gateway" {verb}',
    )


MINIKUBE_POST = (
    Printed(
        "minikube status",
        (
            "minikube: Running",
            "cluster: Running",
            "kubectl: Correctly configured: pointing to minikube-vm at ...",
        ),
    ),
    Printed("kubectl config use-context minikube", ('Switched to context "minikube"',)),
    Printed("curl -L https://git.io/getLatestIstio | sh -", None, "curl -L | sh -"),
    Printed('export PATH="$PATH:./istio-0.7.1/bin"', None),
    Printed(
        "kubectl apply -f install/kubernetes/istio-auth.yaml",
        (
            'service "istio-pilot" created',
            'serviceaccount "istio-pilot-service-account" created',
            'deployment.extensions "istio-pilot" created',
            'service "istio-ingress" created',
            'serviceaccount "istio-ingress-service-account" created',
            'deployment.extensions "istio-ingress" created',
            'serviceaccount "istio-ca-service-account" created',
            'deployment.extensions "istio-ca" created',
        ),
    ),
    Printed(
        "kubectl get svc -n istio-system",
        (
            "NAME          TYPE          CLUSTER-IP     EXTERNAL-IP",
            "istio-ingress LoadBalancer  <pending>",
            "istio-mixer   ClusterIP  <none>",
            "istio-pilot   ClusterIP   <none>",
        ),
    ),
    Printed(
        "kubectl get pods -n istio-system",
        (
            "NAME                           READY STATUS",
            "istio-ca-86f55cc46f-p8npd      1/1   Running",
            "istio-ingress-868d5f978b-nsjt6 1/1   Running",
            "istio-mixer-65dc5549d6-cqg4j   3/3   Running",
            "istio-pilot-657cb5ddf7-8dsr7   2/2   Running",
        ),
    ),
    Printed(
        "kubectl create -f <(istioctl kube-inject -f samples/bookinfo/kube/bookinfo.yaml)",
        bookinfo("created"),
        "<(istioctl kube-inject …",
    ),
    Printed(
        "export GATEWAY_URL=$(kubectl get po -l istio=ingress -n istio-system "
        "-o 'jsonpath={.items[0].status.hostIP}'):$(kubectl get svc istio-ingress "
        "-n istio-system -o 'jsonpath={.spec.ports[0].nodePort}')",
        None,
    ),
    Printed('curl -o /dev/null -s -w "%{http_code}\\n" http://${GATEWAY_URL}/productpage', None),
    Printed(
        f"{ADDONS}/prometheus.yaml",
        (
            'configmap "prometheus" created',
            'service "prometheus" created',
            'deployment.extensions "prometheus" created',
            'serviceaccount "prometheus" created "prometheus" configured "prometheus" configured',
        ),
    ),
    Printed(
        'for i in {1..10}; do curl -o /dev/null -s -w "%{http_code}\\n" '
        "http://${GATEWAY_URL}/productpage; done",
        None,
    ),
    Printed(port_forward("prometheus", 9090), None, LOST_NAME),
    Printed(f"{ADDONS}/grafana.yaml", None),
    Printed(port_forward("grafana", 3000), None, LOST_NAME),
    Printed(
        f"{ADDONS}/zipkin.yaml",
        ('deployment.extensions "zipkin" created', 'service "zipkin" created'),
    ),
    Printed(
        "kubectl port-forward -n istio-system $(kubectl get pod -n istio-system "
        "-l app=zipkin -o jsonpath='{.items[0].metadata.name}') 9411:9411",
        None,
        LOST_NAME,
    ),
    Printed(
        f"{ADDONS}/servicegraph.yaml",
        ('deployment.extensions "servicegraph" created', 'service "servicegraph" created'),
    ),
    Printed(port_forward("servicegraph", 8088), None, LOST_NAME),
    Printed("istioctl get routerules", ("No resources found.",)),
    Printed(
        f"istioctl create -f {RULES}-all-v1.yaml",
        (
            "Created config route-rule/default/productpage-default at revision 185533",
            "Created config route-rule/default/reviews-default at revision 185534",
            "Created config route-rule/default/ratings-default at revision 185535",
            "Created config route-rule/default/details-default at revision 185536",
        ),
    ),
    Printed(
        f"istioctl create -f {RULES}-reviews-test-v2.yaml",
        ("Created config route-rule/default/reviews-test-v2 at revision 185630",),
    ),
    Printed(
        f"istioctl delete -f {RULES}-all-v1.yaml",
        (
            "Deleted config: route-rule/default/productpage-default",
            "Deleted config: route-rule/default/reviews-default",
            "Deleted config: route-rule/default/ratings-default",
            "Deleted config: route-rule/default/details-default",
        ),
    ),
    Printed(
        f"istioctl delete -f {RULES}-reviews-test-v2.yaml",
        ("Deleted config: route-rule/default/reviews-test-v2",),
        "istio-0.7.1 istioctl delete",
    ),
    Printed("kubectl delete -f install/kubernetes/istio-auth.yaml", None),
    Printed("kubectl delete -f samples/bookinfo/kube/bookinfo.yaml", bookinfo("deleted")),
)

WINDOWS_POST = (
    Printed(
        r".\getLatestIstio.ps1",
        ("Downloading Istio from", r"0.5.1/ to path C:\dev\local\istio"),
    ),
    Printed(
        "kubectl apply -f install/kubernetes/istio-auth.yaml",
        (
            'namespace "istio-system" created',
            'clusterrole "istio-pilot-istio-system" created',
            'clusterrole "istio-sidecar-injector-istio-system" created',
            'clusterrole "istio-mixer-istio-system" created',
            'clusterrole "istio-ca-istio-system" created',
            'clusterrole "istio-sidecar-istio-system" created',
        ),
    ),
    Printed(
        "kubectl get pods -n istio-system",
        (
            "NAME                           READY STATUS  RESTARTS AGE",
            "istio-ca-797dfb66c5-x4bzs      1/1   Running  0       2m",
            "istio-ingress-84f75844c4-dc4f9 1/1   Running  0       2m",
            "istio-mixer-9bf85fc68-z57nq    3/3   Running  0       2m",
            "istio-pilot-575679c565-wpcrf   /2    Running  0       2m",
        ),
    ),
    Printed(
        r"istioctl kube-inject -f .\samples\bookinfo\kube\bookinfo.yaml > bookinfo_inject.yaml",
        None,
    ),
    Printed(
        r"kubectl create -f .\bookinfo_inject.yaml", bookinfo("created", "deployment", "ingress")
    ),
)
