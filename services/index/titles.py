"""What people here call the fields of a request: scorecards."""

TITLES = {
    "figure": "数字",
    "quarter": "季度",
    "version": "版本",
}
