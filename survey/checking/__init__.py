"""What may be wrong with answers, one family of doubts a module; `survey.check` runs them all."""
