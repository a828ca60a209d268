"""The staff's pages and their JSON, behind sign-in."""
