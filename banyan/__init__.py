"""Banyan 榕学: training and certification for the people who run communities."""
