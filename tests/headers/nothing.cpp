// A target has to have a source.
