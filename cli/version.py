"""The version. Rule: it is written here and nowhere else; the package metadata reads this file."""

VERSION = "0.1.0"
