"""The identity graph: who is who. Rule: what names a person stays in the store and stands in no text meant for a reader."""
