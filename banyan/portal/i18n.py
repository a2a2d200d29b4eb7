"""The languages as the portal's pages know them; what they are is said in banyan.words."""

from banyan.words.choice import chosen_language as chosen
from banyan.words.language import CHINESE, ENGLISH, LANGUAGES, N_, TRADITIONAL, Language, catalogues, language

__all__ = ["CHINESE", "ENGLISH", "LANGUAGES", "N_", "TRADITIONAL", "Language", "catalogues", "chosen", "language"]
