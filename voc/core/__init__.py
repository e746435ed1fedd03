"""What every stage stands on: settings, policy, clock, errors, ids, text. Imports nothing from voc."""
