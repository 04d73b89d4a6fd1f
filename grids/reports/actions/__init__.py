"""What is done with a case report: one function per verb, all through `taking.take`."""
