"""Installing a home, keeping copies of it, moving and upgrading it, and saying how it is.

Whatever is done to a home here happens as a whole or not at all, and when it was broken off, doing it again completes it.
"""
