"""What the dashboard shows, one module for each part of it."""

from .board import Board, Counted, board_of, counters_of, waiting_of
from .ticker import TickerLine, ticker_of

__all__ = ["Board", "Counted", "TickerLine", "board_of", "counters_of", "ticker_of", "waiting_of"]
