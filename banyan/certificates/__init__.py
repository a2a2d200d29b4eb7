"""Proof in the hand: what a certificate says, who vouches for it, how it looks on paper and on a phone."""
