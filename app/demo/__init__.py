"""The demonstration: an example town, its mail to read, and a whole quarter played in a minute."""
