"""Action plans: their nine elements, their life, their dates, and who is reminded of them."""
