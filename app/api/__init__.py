"""The HTTP surface: routes, their bodies, and what stands between them and a hostile network."""
