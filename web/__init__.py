"""The public's pages: the complaint form and the progress page. No sign-in, as little data as possible."""
