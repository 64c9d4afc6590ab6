"""What is kept here and shown only as part of something else."""

from collections.abc import Mapping
from typing import Any, get_args

from chassis.kind import Kind
from chassis.lists import OVER, moment

from . import announce
from .domain import dealing, notice, photo, proof, spot
from .domain.dealing import Dealing, WhistleConcerned
from .domain.notice import Notice, NoticeEvent
from .domain.photo import PhotoAdded, Photos
from .domain.placing import bounds
from .domain.proof import Proof, ProofFiled
from .domain.spot import Spot, SpotEvent

SPOTS: Kind[Spot, SpotEvent] = Kind(
    service="whistle",
    collection="spots",
    state=Spot,
    events=get_args(SpotEvent),
    evolve=spot.evolve,
    announce=announce.of_spots,
    keys=lambda spot: {"street": spot.street, "community": spot.community},
    next_due=lambda spot: spot.look_at,
)
DEALINGS: Kind[Dealing, WhistleConcerned] = Kind(
    service="whistle",
    collection="dealings",
    state=Dealing,
    events=(WhistleConcerned,),
    evolve=dealing.evolve,
    announce=announce.of_dealings,
    keys=lambda _: {},
)


def proof_keys(proof: Proof) -> dict[str, Any]:
    """Not over before it was filed; whether its time has come only its whistle says."""
    filed = moment(proof.filed_at) if proof.filed_at else 0
    return {"file": proof.file, "whistle": proof.whistle, OVER: filed}


NOTICES: Kind[Notice, NoticeEvent] = Kind(
    service="whistle",
    collection="notices",
    state=Notice,
    events=get_args(NoticeEvent),
    evolve=notice.evolve,
    announce=lambda *_: None,
    keys=lambda notice: {"problem": notice.problem},
    next_due=lambda notice: notice.next_at,
    indexes=("problem",),
)
PROOFS: Kind[Proof, ProofFiled] = Kind(
    service="whistle",
    collection="proofs",
    state=Proof,
    events=(ProofFiled,),
    evolve=proof.evolve,
    announce=lambda *_: None,
    keys=proof_keys,
    indexes=("file", "whistle", OVER),
    always=("file", "whistle", OVER),
)


def photo_keys(photos: Photos) -> dict[str, Any]:
    """Not over before the last was added; whether their time has come only what was reported says."""
    return {"files": photos.files, OVER: moment(photos.last) if photos.photos else 0}


PHOTOS: Kind[Photos, PhotoAdded] = Kind(
    service="whistle",
    collection="photos",
    state=Photos,
    events=(PhotoAdded,),
    evolve=photo.evolve,
    announce=lambda *_: None,
    keys=photo_keys,
    indexes=("files[]", OVER),
    always=("files", OVER),
)


def outline_keys(drawn: Mapping[str, Any]) -> dict[str, Any]:
    return bounds(drawn["polygons"])


def weakness_keys(flagged: Mapping[str, Any]) -> dict[str, Any]:
    return {"street": flagged["street"], "quarter": flagged["quarter"]}
