"""What-ifs as data: changes to rules, lists, dates and links, and what they do to the pressure on firms."""
