"""`python -m modelward`."""

from modelward.cli import main

main()
