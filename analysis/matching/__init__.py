"""Which names mean the same firm: normal forms, candidates, a scorer, judgements and groups."""
