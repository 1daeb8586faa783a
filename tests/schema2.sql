CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    problem TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE leaving (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE origins (article TEXT NOT NULL, file TEXT NOT NULL, PRIMARY KEY (article, file)) WITHOUT ROWID;
CREATE INDEX origins_of_file ON origins (file);
CREATE TABLE sources (article TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (article, file));
CREATE TABLE versions (article TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, language TEXT NOT NULL, kind TEXT NOT NULL,
    file TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, title TEXT NOT NULL, byline TEXT NOT NULL, date TEXT NOT NULL,
    link TEXT NOT NULL, tags TEXT NOT NULL, PRIMARY KEY (article, id));
CREATE TABLE passages (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, article TEXT NOT NULL, version TEXT NOT NULL,
    language TEXT NOT NULL, kind TEXT NOT NULL, file TEXT NOT NULL, paragraph INTEGER NOT NULL, role TEXT NOT NULL, start INTEGER NOT NULL,
    end INTEGER NOT NULL, text TEXT NOT NULL, sentences BLOB NOT NULL, vector BLOB NOT NULL, sentence_vectors BLOB NOT NULL,
    generation INTEGER NOT NULL);
CREATE INDEX passages_of_article ON passages (article);
CREATE INDEX passages_of_language ON passages (language);
CREATE INDEX passages_since ON passages (generation);
CREATE TABLE dropped (generation INTEGER NOT NULL, id TEXT NOT NULL, language TEXT NOT NULL, PRIMARY KEY (generation, id)) WITHOUT ROWID;
CREATE TABLE alignments (article TEXT NOT NULL, first TEXT NOT NULL, second TEXT NOT NULL, sentences TEXT NOT NULL,
    paragraphs TEXT NOT NULL, names TEXT NOT NULL, PRIMARY KEY (article, first, second));
