"""Clinical language, Korean and English: sections, sentences, entities, assertion, quantities, dates."""
