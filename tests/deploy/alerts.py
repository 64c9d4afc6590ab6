"""For each alert a story of its measures: calm at first, then it fires, then it is over. A value a minute."""

from dataclasses import dataclass
from typing import Any

RISING = "0x4 10+10x10 110x60"
LONG = "0x4 10+10x20 210x60"
QUICK = "0+1x90"
MOSTLY_SLOW = "0+1x4 15+11x10 126+1x60"
LONG_SLOW = "0+1x4 15+11x20 236+1x60"


@dataclass(frozen=True)
class Story:
    alert: str
    series: dict[str, str]
    fires: int
    """Minutes after the start."""
    over: int
    labels: dict[str, str]
    calm: int = 3


SERVICE = {"service": "whistle"}
QUEUE = {"queue": "whistle"}


def _buckets(measure: str, below: str, above: str, values: str) -> dict[str, str]:
    """One a minute stays below the bucket `below` all the time; `values` counts it, and those that don't."""
    return {
        f'{measure}, le="{below}"}}': QUICK,
        f'{measure}, le="{above}"}}': values,
        f'{measure}, le="+Inf"}}': values,
    }


REQUESTS = 'gongzhi_http_request_seconds_count{service="whistle", status='
STORIES = (
    Story(
        "GongzhiSilent", {'gongzhi_ready{service="whistle"}': "1x4 stale _x9 1x30"}, 9, 30, SERVICE
    ),
    Story("GongzhiNotReady", {'gongzhi_ready{service="whistle"}': "1x4 0x9 1x30"}, 8, 20, SERVICE),
    Story(
        "GongzhiDegraded", {'gongzhi_degraded{service="whistle"}': "0x4 1x9 0x30"}, 11, 20, SERVICE
    ),
    Story(
        "GongzhiOutboxLate",
        {'gongzhi_outbox_oldest_seconds{service="whistle"}': "10x4 1000x9 0x30"},
        8,
        20,
        SERVICE,
    ),
    Story(
        "GongzhiOutboxQuarantined",
        {'gongzhi_outbox_quarantined_total{service="whistle"}': "0x4 1x200 stale"},
        200,
        1700,
        SERVICE,
    ),
    Story(
        "GongzhiParked",
        {'gongzhi_queue_messages{queue="whistle", state="parked"}': "0x4 1x9 0x30"},
        8,
        20,
        QUEUE,
    ),
    Story(
        "GongzhiConsumerStands",
        {
            'gongzhi_queue_messages{queue="whistle", state="waiting"}': "0x4 5x40",
            'gongzhi_queue_settled_timestamp_seconds{queue="whistle"}': "0+60x4 240x14 1200+60x25",
        },
        16,
        25,
        QUEUE,
        calm=8,
    ),
    Story(
        "GongzhiNewsLate",
        _buckets('gongzhi_event_age_seconds_bucket{queue="whistle"', "60", "300", MOSTLY_SLOW),
        13,
        25,
        QUEUE,
    ),
    Story(
        "GongzhiDeadlinesLate",
        _buckets('gongzhi_timer_lag_seconds_bucket{service="whistle"', "60", "300", MOSTLY_SLOW),
        10,
        25,
        SERVICE,
    ),
    Story(
        "GongzhiDeadlinesStand",
        {'gongzhi_timers_oldest_due_seconds{service="whistle"}': "0x4 60+60x15 0x40"},
        14,
        30,
        SERVICE,
    ),
    Story(
        "GongzhiJobStands",
        {
            'gongzhi_job_done_timestamp_seconds{service="whistle", task="refusals"}': "0+60x400",
            'gongzhi_job_done_timestamp_seconds{service="whistle", task="retention.claims"}': (
                "0+60x60 3600x150 12720+60x100"
            ),
        },
        190,
        250,
        {"service": "whistle", "task": "retention.claims"},
        calm=170,
    ),
    Story(
        "GongzhiTimersFail",
        {'gongzhi_timers_fired_total{service="whistle", outcome="failed"}': "0x4 1x60"},
        12,
        30,
        SERVICE,
    ),
    Story(
        "GongzhiErrors",
        {REQUESTS + '"503"}': RISING, REQUESTS + '"200"}': "0+100x80"},
        13,
        30,
        SERVICE,
    ),
    Story(
        "GongzhiSlow",
        _buckets(
            'gongzhi_http_request_seconds_bucket{service="whistle", route="/whistles"',
            "1.0",
            "5.0",
            LONG_SLOW,
        ),
        20,
        40,
        SERVICE,
    ),
    Story("GongzhiCalendarEnds", {"gongzhi_calendar_days_known": "30x4 19x9 300x30"}, 8, 20, {}),
    Story(
        "GongzhiWebhooksFail",
        {
            'gongzhi_webhooks_posted_total{outcome="away"}': LONG,
            'gongzhi_webhooks_posted_total{outcome="had"}': "0+1x90",
        },
        20,
        75,
        {},
    ),
)


def proof(story: Story, rule: dict[str, Any]) -> dict[str, Any]:
    """The story as promtool reads it."""
    said = {name: _filled(text, story.labels) for name, text in rule["annotations"].items()}
    fired = {"exp_labels": {**rule["labels"], **story.labels}, "exp_annotations": said}
    moments: tuple[tuple[int, list[Any]], ...] = (
        (story.calm, []),
        (story.fires, [fired]),
        (story.over, []),
    )
    return {
        "interval": "1m",
        "input_series": [{"series": _scraped(k), "values": v} for k, v in story.series.items()],
        "alert_rule_test": [
            {"eval_time": f"{minute}m", "alertname": story.alert, "exp_alerts": alerts}
            for minute, alerts in moments
        ],
    }


def _scraped(series: str) -> str:
    """With what a scraper puts beside a process's own labels, which may then not be called so."""
    name, _, own = series.removesuffix("}").partition("{")
    return f'{name}{{job="gongzhi", instance="10.0.0.7:8000"{own and ", "}{own}}}'


def _filled(text: str, labels: dict[str, str]) -> str:
    for name, value in labels.items():
        text = text.replace(f"{{{{ $labels.{name} }}}}", value)
    return text
