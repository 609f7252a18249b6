"""Papers of meetings and figures: agenda and minutes, slides, spreadsheets and calendar files.

Nothing is imported here: the libraries behind them take a second to load, which only those who make
a paper should wait for.
"""
