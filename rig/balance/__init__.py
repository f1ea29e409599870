"""A laboratory balance on its own serial port: the bench's second instrument, real or virtual."""
