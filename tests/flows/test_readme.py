"""The READMEs' walk is what they print, run as printed."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.support import warm
from tests.support.platform import ROOT, Platform


def walk(readme: str) -> str:
    [found] = re.findall(r"```bash\n(.*?)```", (ROOT / readme).read_text("utf-8"), re.S)
    return str(found)


def test_both_readmes_walk_the_same_way() -> None:
    def commands(text: str) -> list[str]:
        return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]

    strip = re.compile(r"\s+#.*$")
    english, chinese = (
        [strip.sub("", line) for line in commands(walk(readme))]
        for readme in ("README.md", "README.zh.md")
    )
    assert english == chinese


def test_the_walk_does_what_it_says(platform: Platform, tmp_path: Path) -> None:
    script = tmp_path / "walk.sh"
    walked = walk("README.md").replace(".venv/bin/gongzhi", warm.command("gongzhi"))
    script.write_text("set -eu\n" + walked, encoding="utf-8")
    environment = {**os.environ, "BASE": platform.url, "DATA": str(platform.data)}
    done = subprocess.run(
        ["bash", str(script)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    *_, card, behind, stale, jump, trail = [
        json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")
    ]
    figures = {figure["name"]: figure for figure in card["figures"]}
    assert figures["whistles_closed"]["value"] >= 1
    assert "whistle.closed.v1" in {event["type"] for event in behind["items"][-1]["events"]} | {
        event["type"] for item in behind["items"] for event in item["events"]
    }
    assert stale["status"] == 412
    assert (jump["rule"], jump["clause"]) == ("W-17", "官办通〔2019〕80号 四.1")
    assert trail["faults"] == []
    assert trail["entries"][-1]["type"] == "WhistleAnswered"


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_what_a_readme_points_to_is_there(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / target).exists(), target
