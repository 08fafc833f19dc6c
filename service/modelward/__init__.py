"""Modelward: an LLM gateway whose access decisions are policy as code."""

__version__ = "0.1.0"
