"""The verbs: fetch, decide, store; one transaction each, opened by whoever calls."""
