"""What `make bench` measures: pages, the funnel, submissions, import and demonstration.

Everything is a ratio to something plain measured in the same minute, so that the numbers mean the
same on a slow machine as on a fast one. Nothing fails by the clock: the table says what was aimed
at, and a person reads it.
"""
