"""index: what the other services tell becomes street scorecards; the indicator system is shown as printed."""
