"""Counters of this process in the Prometheus text format; no label ever names a person."""

from collections import Counter

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_requests: Counter[tuple[str, str, int]] = Counter()
_slower: Counter[float] = Counter()
_total = {"seconds": 0.0, "count": 0}


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request by method, route template and status."""
    _requests[method, route, status] += 1
    _total["seconds"] += seconds
    _total["count"] += 1
    for bucket in BUCKETS:
        if seconds <= bucket:
            _slower[bucket] += 1


def exposition() -> str:
    """All counters as text."""
    lines = ["# TYPE toso_requests_total counter"]
    for (method, route, status), count in sorted(_requests.items()):
        labels = f'method="{method}",route="{route}",status="{status}"'
        lines.append(f"toso_requests_total{{{labels}}} {count}")
    lines.append("# TYPE toso_request_seconds histogram")
    lines.extend(f'toso_request_seconds_bucket{{le="{b}"}} {_slower[b]}' for b in BUCKETS)
    lines.append(f'toso_request_seconds_bucket{{le="+Inf"}} {_total["count"]}')
    lines.append(f"toso_request_seconds_sum {_total['seconds']:.6f}")
    lines.append(f"toso_request_seconds_count {_total['count']}")
    return "\n".join(lines) + "\n"
