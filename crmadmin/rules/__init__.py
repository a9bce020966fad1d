"""Decisions: values in, values out. No session, no clock, no request."""
