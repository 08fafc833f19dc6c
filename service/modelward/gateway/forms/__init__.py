"""Multipart forms: read in bounded memory, judged like a body, written anew."""
