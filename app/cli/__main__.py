"""``python -m app.cli``: the ``footnote`` program without its console script."""

from app.cli.main import main

main()
