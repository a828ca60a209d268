"""What is learnt from complaints: lessons, action plans, updates, feedback, figures and the quarterly digest."""
