"""What the metrics page shows of the live path."""

from prometheus_client import Counter, Gauge

connections = Gauge("portal_live_connections", "Open event streams of this process")
events = Counter("portal_live_events_total", "Events fanned out by this process")
dropped = Counter("portal_live_dropped_total", "Streams cut off because the client did not read")
