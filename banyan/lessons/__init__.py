"""The lessons service: Voilà, signed in through the hub, serving released notebooks and nothing else.

What is personal (who reads, how far, what they answered) is handled here and by the page; a lesson's kernel knows nobody.
"""
