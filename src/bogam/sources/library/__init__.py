"""The hospital's own documents: guidelines, regulations, formularies, kept with their versions and effective dates."""

from bogam.sources.library.source import LibrarySource

source = LibrarySource()
