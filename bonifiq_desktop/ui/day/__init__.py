"""The page of the day close: a day, the closed days, pictures, and the owner's questions."""
