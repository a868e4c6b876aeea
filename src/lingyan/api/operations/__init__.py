"""What may programs read and do? One file for each part of the product."""
