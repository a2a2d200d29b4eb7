"""Pages: a request, a use case, a template. `app` composes them; nothing below imports it."""
