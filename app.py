"""The page over the articles that ship: ``python app.py``. ``doichieu serve`` has more choices."""

from assistant.ui.page import serve

from assistant.settings import Settings

if __name__ == "__main__":
    serve(Settings.from_env())
