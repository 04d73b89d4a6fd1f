"""Transition tables, clocks and the working calendar. No models: a table is data, a clock is a value its row keeps."""
