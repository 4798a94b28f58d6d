"""A self-hosted virtual clinic."""
