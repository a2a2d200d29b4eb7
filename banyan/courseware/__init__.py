"""From files that trainers write to courses that can be taken: read strictly, checked as a whole, built once, never changed."""
