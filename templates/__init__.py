"""Every word we send or show, and the two environments that render them."""
