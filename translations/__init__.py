"""The texts of the program: English in the code, Vietnamese in `vi.po`."""
