"""Files of rows as people have them: bytes to text in a strict order, and workbooks opened where they do no harm."""
