"""The rules, as pure functions of values and a date: no input, no output, no clock."""
