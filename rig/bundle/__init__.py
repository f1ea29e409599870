"""A diagnostic bundle: what somebody who looks into a problem needs, in one file, and nothing private."""
