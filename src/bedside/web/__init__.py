"""The edge: pages, sessions, problems. Nothing is decided here."""
