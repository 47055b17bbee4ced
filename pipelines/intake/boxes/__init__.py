"""What a cell is to the eye: merged cells as one box, labels, room for values, and what a box's own text asks for."""
