"""Alerts on their way to webhooks."""

from workers.alerts.sending import send_alerts

__all__ = ["send_alerts"]
