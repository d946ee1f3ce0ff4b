"""Documents in, passages out: loading, segmenting, embedding, storing and retrieving."""
