"""一期一档: everything about one class in one place, for who answers for it, and as an archive for who audits it."""
