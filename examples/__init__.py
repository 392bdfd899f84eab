"""Two small services that call pusher: they import its bindings, never pusher itself."""
