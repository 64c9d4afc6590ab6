"""Verifies a draw by repeating it without the platform."""

import json
from pathlib import Path
from typing import Any

from chassis.kernel.draw import Commitment, lots, sown
from chassis.system import why
from services.procurement.domain.draw import Candidate, order
from services.procurement.domain.expert import Institution


def run(file: Path) -> int:
    """0 where the same list, secret and seed give the same draw, and the secret is the one the list was committed to;
    1 where they don't, 2 where it is no such file."""
    try:
        panel = json.loads(file.read_text(encoding="utf-8"))
        kept, again, drawn = _kept(panel), _again(panel), tuple(panel["drawn"])
    except OSError as error:
        print(f"{file}：{why(error)}")
        return 2
    except (ValueError, KeyError, TypeError):
        print(f"{file}：不是抽签结果文件（须有 seed、candidates、drawn）")
        return 2
    if not kept:
        print(f"{file}：封存的随机数（secret）与编制名单时公布的摘要（commitment）不一致")
        return 1
    if again != drawn:
        print(f"{file}：与抽签结果不一致，应为 {'、'.join(again)}")
        return 1
    print(f"{file}：与抽签结果一致，共 {len(drawn)} 个，前 {panel['size']} 个抽中")
    return 0


def _kept(panel: dict[str, Any]) -> bool:
    """Draws from before there were secrets have neither."""
    committed, secret = panel.get("commitment"), panel.get("secret")
    if committed is None or secret is None:
        return committed is secret
    return Commitment(**committed).keeps(secret)


def _again(panel: dict[str, Any]) -> tuple[str, ...]:
    seed = sown(panel["seed"], panel.get("secret"))
    if all(isinstance(one, str) for one in panel["candidates"]):
        return lots(seed, panel["candidates"])
    candidates = [
        Candidate(code=one["code"], institution=Institution(one["institution"]))
        for one in panel["candidates"]
    ]
    return order(seed, candidates)
