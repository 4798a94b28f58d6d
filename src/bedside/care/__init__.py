"""The product: one folder per capability, low to high, each with the same few small files."""
