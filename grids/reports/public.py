"""What other apps use of case reports."""

from .actions.splitting import link_report

__all__ = ["link_report"]
