"""What a decision costs: Modelward and a bare pass-through, side by side on this machine. Run `python -m bench`."""
