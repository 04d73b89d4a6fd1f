"""Pages of case reports, one module for each: the worklist, filing, one report, its verbs."""
