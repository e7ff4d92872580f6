"""Rules that change answers, one family a module; `survey.clean` runs them in order."""
