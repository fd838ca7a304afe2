"""`python -m seqgan` is the seqgan command."""

from seqgan.cli.main import main

if __name__ == "__main__":
    main()
