"""How well drafted sentences are checked: the data set, how it was made, and its measures."""
