"""One clinical story a module, each with its ``STORY`` (`bogam.synthetic.case.Story`). Being here is all it takes."""
