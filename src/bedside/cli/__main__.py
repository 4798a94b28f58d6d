"""`python -m bedside.cli`."""

from bedside.cli import main

main()
