"""Sockets: judged as they open, and again with every frame that asks for anything."""
