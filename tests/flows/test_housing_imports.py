"""A file larger than any command goes through the gateway, is tried out, and changes nothing."""

import io
import json

from services.housing.tables import YARDS
from tests.support.platform import Cast

COMMUNITIES = (
    "guanshangzhongxinqu hepinglu wuliduo jiangong yishujiayuan haixiang haihua yunxiang dongbei wula"
).split()
EACH = 4_000
LINES = EACH * len(COMMUNITIES)


def register() -> bytes:
    rows = [
        f"{community},y{n // 20},小区{n // 20},self_governed,{n},{n % 97}"
        for community in COMMUNITIES
        for n in range(EACH)
    ]
    return "\n".join([",".join(column.name for column in YARDS), *rows]).encode()


async def test_H_11_a_large_file_is_tried_out_through_the_gateway(cast: Cast) -> None:
    admin, content = cast("district_admin"), register()
    assert len(content) > 1024 * 1024
    url = cast.platform.url + "/api/v1/housing/yards/import"
    headers = {"Authorization": f"Bearer {admin.token}", "Content-Type": "text/csv"}
    async with cast.session.post(
        url, params={"reason": "年度更新"}, data=io.BytesIO(content), headers=headers
    ) as answer:
        text = await answer.text()
        assert answer.status == 200, text[:500]
    said = [json.loads(line) for line in text.splitlines()]
    last = said[-1]
    assert last["done"]["lines"] == LINES
    assert [line["bad"] for line in said if "bad" in line] == []
    assert last["done"]["entered"] is False


async def test_a_command_is_not_a_file(cast: Cast) -> None:
    admin = cast("district_admin")
    headers = {"Authorization": f"Bearer {admin.token}", "Content-Type": "application/json"}
    async with cast.session.post(
        cast.platform.url + "/api/v1/housing/agreements",
        data=io.BytesIO(b" " * (1024 * 1024 + 1)),
        headers=headers,
    ) as answer:
        assert answer.status == 413
        assert answer.content_type == "application/problem+json"
