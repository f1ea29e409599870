"""What a run comes to, as pages for people: one model, shown as HTML, as a PDF and as JSON."""
