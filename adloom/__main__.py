"""``python -m adloom``: the command line."""

from adloom.cli import main

if __name__ == "__main__":
    main()
