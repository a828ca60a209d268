"""Other insight beside complaints: what compliments, claims, surveys and advocates tell."""
