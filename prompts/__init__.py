"""Templates of the prompts that a model is given. Nothing here imports app or index."""
