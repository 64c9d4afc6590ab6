"""Who may speak to whom in the cluster: each declared flow, and no other."""

from collections.abc import Iterator
from itertools import permutations, product
from typing import Any

import pytest

from gongzhi.roster import SERVICES
from tests.deploy.cluster import (
    Object,
    Party,
    flows,
    labels,
    of_kind,
)
from tests.deploy.rendered import (
    EVERYONE,
    HOME,
    OPERATED,
    SINGLE,
    WITH,
    built,
    composed,
    deployments,
    folder,
    objects,
)

__all__ = ["built", "composed", "deployments", "folder", "objects"]

pytestmark = pytest.mark.xdist_group("kustomize")
"""One process makes what all of them look at."""

WEB = ("UDP/53", "TCP/53", "TCP/443", "TCP/4318", "TCP/8000")
PORTS = (*WEB, "TCP/4369", "TCP/5671", "TCP/5672", "TCP/25672", "TCP/27017", "TCP/6443")
OPERATORS_NODES = tuple(
    Party(
        name,
        {"app.kubernetes.io/name": "gongzhi-broker"},
        {"kubernetes.io/metadata.name": HOME},
    )
    for name in ("the operator's RabbitMQ", "another node of it")
)
STORES_MEMBERS = tuple(
    Party(name, {"app": f"gongzhi-{store}-svc"}, {"kubernetes.io/metadata.name": HOME})
    for store, names in (
        ("store", ("the operator's MongoDB", "another member of it")),
        ("reporters", ("the operator's reporters", "another member of theirs")),
    )
    for name in names
)
OUTSIDE = (
    Party("front door", namespace={"gongzhi/front-door": "true"}),
    Party("monitoring", namespace={"gongzhi/monitoring": "true"}),
    Party(
        "a stranger's pod", {"gongzhi/role": "gateway"}, {"kubernetes.io/metadata.name": "other"}
    ),
    Party("DNS", {"k8s-app": "kube-dns"}, {"kubernetes.io/metadata.name": "kube-system"}),
    Party("kube-system", {"k8s-app": "other"}, {"kubernetes.io/metadata.name": "kube-system"}),
    Party("RabbitMQ", address="192.0.2.10"),
    Party("MongoDB", address="192.0.2.20"),
    Party("reporters", address="192.0.2.30"),
    Party("issuer", address="192.0.2.40"),
    Party("a partner's system", address="192.0.2.50"),
    Party("the cluster's API", address="192.0.2.60"),
    Party("the internet", address="198.51.100.7"),
    Party("the district's net", address="10.20.0.5"),
    Party("the cloud's own address", address="169.254.169.254"),
)


def declared(built: str) -> set[tuple[str, str, str]]:
    """The table at the head of network.yaml."""
    dev = built == SINGLE
    broker = ("rabbitmq", "TCP/5672") if dev else ("RabbitMQ", "TCP/5671")
    if built == OPERATED:
        broker = ("the operator's RabbitMQ", "TCP/5671")
    store = ("mongo-store" if dev else "MongoDB", "TCP/27017")
    reporters = ("mongo-reporters" if dev else "reporters", "TCP/27017")
    if built == OPERATED:
        store = ("the operator's MongoDB", "TCP/27017")
        reporters = ("the operator's reporters", "TCP/27017")
    issuer = set() if dev else {("issuer", "TCP/443")}
    everyone = {("DNS", "UDP/53"), ("DNS", "TCP/53"), broker, store} | issuer
    own = {
        ("front door", "gongzhi-gateway", "TCP/8000"),
        ("gongzhi-whistle", *reporters),
        *(("gongzhi-gateway", f"gongzhi-{name}", "TCP/8000") for name in SERVICES),
        *((f"gongzhi-{name}", *to) for name, to in product(EVERYONE, everyone)),
    }
    if built in WITH:
        own |= {("monitoring", f"gongzhi-{name}", "TCP/8000") for name in EVERYONE}
        own |= {(f"gongzhi-{name}", "monitoring", "TCP/4318") for name in EVERYONE}
        # Receivers of webhooks are anywhere, and the documentation addresses lie there, too.
        public = (
            "the internet",
            "RabbitMQ",
            "MongoDB",
            "reporters",
            "issuer",
            "a partner's system",
            "the cluster's API",
        )
        own |= {("gongzhi-gateway", name, "TCP/443") for name in public}
    if built == OPERATED:
        nodes = ("the operator's RabbitMQ", "another node of it")
        own |= {(f"gongzhi-{name}", nodes[1], "TCP/5671") for name in EVERYONE}
        among = ("TCP/4369", "TCP/25672")
        own |= {(one, other, port) for one, other in permutations(nodes) for port in among}
        own |= {("a partner's system", node, "TCP/5671") for node in nodes}
        own |= {(node, "DNS", port) for node in nodes for port in ("UDP/53", "TCP/53")}
        own |= operated_stores()
    return own


def operated_stores() -> set[tuple[str, str, str]]:
    """Each member may be the one that is asked; they speak with one another, with DNS and with the cluster's API."""
    names = [party.name for party in STORES_MEMBERS]
    store, reporters = names[:2], names[2:]
    own = {(f"gongzhi-{name}", store[1], "TCP/27017") for name in EVERYONE}
    own |= {("gongzhi-whistle", reporters[1], "TCP/27017")}
    for one, other in (*permutations(store), *permutations(reporters)):
        own |= {(one, other, "TCP/27017"), (one, "the cluster's API", "TCP/6443")}
        own |= {(one, "DNS", port) for port in ("UDP/53", "TCP/53")}
    return own


def test_every_declared_flow_is_let_through_and_no_other(built: str, objects: list[Object]) -> None:
    pods = [
        Party(name, labels(one), {"kubernetes.io/metadata.name": HOME})
        for kind in ("Deployment", "StatefulSet")
        for name, one in of_kind(kind, objects).items()
    ]
    newcomer = Party("a pod that nobody declared", {}, {"kubernetes.io/metadata.name": HOME})
    nodes = (*OPERATORS_NODES, *STORES_MEMBERS) if built == OPERATED else ()
    policies = list(of_kind("NetworkPolicy", objects).values())
    found = flows(policies, HOME, [*pods, newcomer, *nodes, *OUTSIDE], PORTS)
    assert found - declared(built) == set()
    assert declared(built) - found == set()


def test_the_policies_name_no_port_that_the_table_leaves_out(objects: list[Object]) -> None:
    def ports(spec: dict[str, Any]) -> Iterator[str]:
        for rule in (*spec.get("ingress", []), *spec.get("egress", [])):
            assert rule["ports"] and all(isinstance(one["port"], int) for one in rule["ports"])
            yield from (f"{one['protocol']}/{one['port']}" for one in rule["ports"])

    for policy in of_kind("NetworkPolicy", objects).values():
        assert set(ports(policy["spec"])) <= set(PORTS)
