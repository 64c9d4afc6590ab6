"""What would be applied to a cluster, as data; and who may speak to whom in it."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support import lanes

ROOT = Path(__file__).parents[2]
K8S = ROOT / "deploy" / "k8s"
Object = dict[str, Any]


def documents(text: str) -> list[Object]:
    # As `safe_load_all`, in C.
    return [one for one in yaml.load_all(text, yaml.CSafeLoader) if one]


def render(folder: Path) -> list[Object]:
    """What `kubectl kustomize` makes of a folder; needs no cluster."""
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        lanes.note("kustomize: not rendered (no kubectl on PATH)")
        pytest.skip("no kubectl on PATH")
    done = subprocess.run([kubectl, "kustomize", folder], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    lanes.ran("kustomize", "rendered by kubectl")
    return documents(done.stdout)


def render_with_components(
    overlay: Path, components: Iterable[Path], scratch: Path
) -> list[Object]:
    """An overlay, with components added as its first comment says."""
    kustomization = {
        "resources": [os.path.relpath(overlay, scratch)],
        "components": [os.path.relpath(one, scratch) for one in components],
    }
    (scratch / "kustomization.yaml").write_text(yaml.safe_dump(kustomization), encoding="utf-8")
    return render(scratch)


def of_kind(kind: str, objects: Iterable[Object]) -> dict[str, Object]:
    return {one["metadata"]["name"]: one for one in objects if one["kind"] == kind}


def pod(workload: Object) -> Object:
    spec: Object = workload["spec"]["template"]["spec"]
    return spec


def container(workload: Object) -> Object:
    [only] = pod(workload)["containers"]
    assert isinstance(only, dict)
    return only


def labels(workload: Object) -> Mapping[str, str]:
    found: Mapping[str, str] = workload["spec"]["template"]["metadata"]["labels"]
    return found


# Who may speak to whom


@dataclass(frozen=True)
class Party:
    """A pod in some namespace, or an address outside the cluster."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    namespace: Mapping[str, str] = field(default_factory=dict)
    address: str | None = None


Flow = tuple[str, str, str]
"""From, to, protocol/port."""


def flows(
    policies: Sequence[Object], home: str, parties: Sequence[Party], ports: Iterable[str]
) -> set[Flow]:
    """Every connection that the policies of the namespace `home` let through."""
    return {
        (source.name, target.name, port)
        for source in parties
        for target in parties
        for port in ports
        if source is not target
        and _at_home(home, source, target)
        and _lets(policies, home, source, target, port, "egress")
        and _lets(policies, home, target, source, port, "ingress")
    }


def _at_home(home: str, *parties: Party) -> bool:
    return any(_name(party) == home for party in parties)


def _name(party: Party) -> str | None:
    return party.namespace.get("kubernetes.io/metadata.name")


def _lets(
    policies: Sequence[Object], home: str, own: Party, other: Party, port: str, way: str
) -> bool:
    if _name(own) != home:
        return True  # somebody else's policies, or none
    heard = [
        policy["spec"]
        for policy in policies
        if way.capitalize() in policy["spec"]["policyTypes"]
        and _selects(policy["spec"]["podSelector"], own.labels)
    ]
    rules = [rule for spec in heard for rule in spec.get(way, [])]
    return not heard or any(_opens(rule, way, home, other, port) for rule in rules)


def _opens(rule: Object, way: str, home: str, other: Party, port: str) -> bool:
    peers = rule.get("to" if way == "egress" else "from")
    opened = {f"{one.get('protocol', 'TCP')}/{one['port']}" for one in rule.get("ports", [])}
    return (not opened or port in opened) and (
        not peers or any(_is(peer, home, other) for peer in peers)
    )


def _is(peer: Object, home: str, other: Party) -> bool:
    if block := peer.get("ipBlock"):
        return other.address is not None and _within(ip_address(other.address), block)
    if other.address is not None:
        return False
    near = (
        _selects(peer["namespaceSelector"], other.namespace)
        if "namespaceSelector" in peer
        else _name(other) == home
    )
    return near and _selects(peer.get("podSelector", {}), other.labels)


def _within(address: IPv4Address | IPv6Address, block: Object) -> bool:
    assert set(block) <= {"cidr", "except"}
    left_out = any(address in ip_network(one) for one in block.get("except", ()))
    return address in ip_network(block["cidr"]) and not left_out


def _selects(selector: Object, found: Mapping[str, str]) -> bool:
    assert set(selector) <= {"matchLabels"}, "the evaluator knows labels only"
    return all(found.get(k) == v for k, v in selector.get("matchLabels", {}).items())
