"""What the operators' own kinds may hold, as far as we use them: their documentation, as schemas that know no more.

Kubernetes' schemas don't know these kinds. A field that isn't here is refused, so that a slip of the pen is seen.
"""

from typing import Any

import jsonschema

from tests.deploy.cluster import Object

TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
FREE: dict[str, Any] = {"type": "object"}


def each(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "items": item}


def exactly(*optional: str, **fields: Any) -> dict[str, Any]:
    """An object with these fields and no other; all must be there but the `optional` ones."""
    return {
        "type": "object",
        "properties": fields,
        "required": [name for name in fields if name not in optional],
        "additionalProperties": False,
    }


NAMED = exactly(name=TEXT)
CERTIFICATE = exactly(
    secretName=TEXT,
    dnsNames=each(TEXT),
    issuerRef=exactly(group=TEXT, kind={"enum": ["ClusterIssuer", "Issuer"]}, name=TEXT),
    privateKey=exactly(
        algorithm={"enum": ["ECDSA", "RSA", "Ed25519"]},
        size=COUNT,
        rotationPolicy={"enum": ["Always", "Never"]},
    ),
)
LISTENER = exactly(
    name=TEXT,
    hostname=TEXT,
    port=COUNT,
    protocol={"enum": ["HTTP", "HTTPS", "TLS", "TCP", "UDP"]},
    tls=exactly(
        mode={"enum": ["Terminate", "Passthrough"]},
        certificateRefs=each(exactly(kind={"const": "Secret"}, name=TEXT)),
    ),
    allowedRoutes=exactly(namespaces=exactly(**{"from": {"enum": ["Same", "All", "Selector"]}})),
)
PATH = exactly(type={"enum": ["Exact", "PathPrefix", "RegularExpression"]}, value=TEXT)
ROUTE = exactly(
    parentRefs=each(exactly(name=TEXT, sectionName=TEXT)),
    hostnames=each(TEXT),
    rules=each(
        exactly(matches=each(exactly(path=PATH)), backendRefs=each(exactly(name=TEXT, port=COUNT)))
    ),
)
RABBITMQ = exactly(
    replicas=COUNT,
    image=TEXT,
    persistence=exactly(storage=TEXT),
    resources=exactly(requests=FREE, limits=FREE),
    tls=exactly(secretName=TEXT, disableNonTLSListeners={"type": "boolean"}),
    terminationGracePeriodSeconds=COUNT,
    affinity=FREE,
    rabbitmq=exactly(additionalConfig=TEXT),
)
MEMBER_OF = {"type": "array", "items": exactly(name=TEXT, db=TEXT), "minItems": 1}
STORE_USER = exactly(
    name=TEXT,
    db={"const": "admin"},
    passwordSecretRef=exactly(name=TEXT, key=TEXT),
    roles=MEMBER_OF,
    scramCredentialsSecretName=TEXT,
)
MONGODB = exactly(
    members=COUNT,
    type={"const": "ReplicaSet"},
    version=TEXT,
    security=exactly(
        authentication=exactly(modes=each({"enum": ["SCRAM", "SCRAM-SHA-256", "SCRAM-SHA-1"]})),
        tls=exactly(
            enabled={"type": "boolean"},
            certificateKeySecretRef=NAMED,
            caConfigMapRef=NAMED,
        ),
    ),
    users=each(STORE_USER),
    statefulSet=exactly(spec=FREE),
)
TRIGGER = {
    "oneOf": [
        exactly(
            type={"const": "cpu"},
            metricType={"enum": ["Utilization", "AverageValue"]},
            metadata=exactly(value=TEXT),
        ),
        exactly(
            type={"const": "prometheus"},
            metadata=exactly(serverAddress=TEXT, query=TEXT, threshold=TEXT),
        ),
    ]
}
SCALED = exactly(
    scaleTargetRef=NAMED, minReplicaCount=COUNT, maxReplicaCount=COUNT, triggers=each(TRIGGER)
)
SECRET = exactly(
    refreshInterval=TEXT,
    secretStoreRef=exactly(kind={"enum": ["ClusterSecretStore", "SecretStore"]}, name=TEXT),
    target=exactly(
        name=TEXT,
        creationPolicy={"enum": ["Owner", "Orphan", "Merge", "None"]},
        deletionPolicy={"enum": ["Retain", "Delete", "Merge"]},
    ),
    data=each(exactly(secretKey=TEXT, remoteRef=exactly(key=TEXT, property=TEXT))),
)
KINDS: dict[tuple[str, str], dict[str, Any]] = {
    ("cert-manager.io/v1", "Certificate"): CERTIFICATE,
    ("gateway.networking.k8s.io/v1", "Gateway"): exactly(
        gatewayClassName=TEXT, listeners=each(LISTENER)
    ),
    ("gateway.networking.k8s.io/v1", "HTTPRoute"): ROUTE,
    ("rabbitmq.com/v1beta1", "RabbitmqCluster"): RABBITMQ,
    ("mongodbcommunity.mongodb.com/v1", "MongoDBCommunity"): MONGODB,
    ("keda.sh/v1alpha1", "ScaledObject"): SCALED,
    ("external-secrets.io/v1", "ExternalSecret"): SECRET,
    # Read by test_watching.py.
    ("monitoring.coreos.com/v1", "PodMonitor"): FREE,
    ("monitoring.coreos.com/v1", "PrometheusRule"): FREE,
}


def knows(one: Object) -> bool:
    return (one["apiVersion"], one["kind"]) in KINDS


def validate(one: Object) -> None:
    whole = exactly(
        apiVersion=TEXT,
        kind=TEXT,
        metadata=exactly("namespace", "labels", name=TEXT, namespace=TEXT, labels=FREE),
        spec=KINDS[one["apiVersion"], one["kind"]],
    )
    jsonschema.validate(one, whole)
