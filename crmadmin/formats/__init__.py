"""Rows and text in, bytes out, and back. Nothing here knows a table of the database."""
