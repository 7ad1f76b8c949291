"""Journeys as pictures. Rule: the same drawing gives the same picture, byte for byte, and whatever a text holds is only ever shown."""
