"""Text to unit vectors: the protocol, the bundled model, and LlamaIndex's side of both."""
