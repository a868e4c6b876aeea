"""What every part of the house may use: plain Python, no Django."""
