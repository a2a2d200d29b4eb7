"""What the service counts of its kernels, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

FIGURES = CollectorRegistry()

LIVE = Gauge("banyan_lessons_kernels", "Kernels lent now", registry=FIGURES)
MOST = Gauge("banyan_lessons_kernels_most", "Kernels that may be lent at once", registry=FIGURES)
WAITING = Gauge("banyan_lessons_waiting", "Readers waiting for a kernel", registry=FIGURES)
LINES = Gauge("banyan_lessons_lines", "Open websockets of pages", registry=FIGURES)
LENT = Counter("banyan_lessons_lent", "Kernels lent", registry=FIGURES)
ENDED = Counter("banyan_lessons_ended", "Kernels ended, and why", ["why"], registry=FIGURES)
REFUSED = Counter("banyan_lessons_refused", "Requests for a kernel answered without one", ["why"], registry=FIGURES)
FAULTS = Counter("banyan_lessons_faults", "Cells of lessons that could not be shown", registry=FIGURES)
TOOK = Histogram(
    "banyan_lessons_lend_seconds",
    "From a request to a kernel that is there",
    buckets=(0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15, 60),
    registry=FIGURES,
)
