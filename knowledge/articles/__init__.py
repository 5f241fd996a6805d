"""Help articles in Markdown, and the index that finds the section that answers a question.

article.py (one file read) → lexical.py (shared words) → index.py (words + meaning → Passage or "I don't know")
facts.py words the shop's policy and facts.yml for the articles' `{placeholders}`.
"""

from knowledge.articles.article import Article, Section, fill, read_articles
from knowledge.articles.errors import ArticleError
from knowledge.articles.index import ArticleIndex, Passage

__all__ = ["Article", "ArticleError", "ArticleIndex", "Passage", "Section", "fill", "read_articles"]
