"""Banyan 榕学: training and certification for the people who run communities."""

__version__ = "0.1.0"
