"""Doichieu beside a plain LangChain chain, LlamaIndex and txtai: same files, same questions, same run, each in a virtual environment of its own."""
