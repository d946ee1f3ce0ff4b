"""Pure ASGI layers around the routes: request context, host check, key, body limit."""
