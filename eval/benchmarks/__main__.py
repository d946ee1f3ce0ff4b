"""``python -m eval.benchmarks``, the same as ``footnote bench``."""

import sys

from eval.benchmarks import main

sys.exit(main(sys.argv[1:]))
