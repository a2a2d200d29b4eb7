"""The demo county: invented people in invented places, the same on every machine but for passwords and days.

What they have shown is taken in like anybody's, under sources that begin with `demo:`; a demo home signs it as 演示.
"""
