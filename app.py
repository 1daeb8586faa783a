"""The page over the articles that ship: ``python app.py``. ``doichieu serve`` has more choices."""

from assistant.settings import Settings
from assistant.ui.web import serve

if __name__ == "__main__":
    serve(Settings.from_env())
