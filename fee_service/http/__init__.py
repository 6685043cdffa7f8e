"""What the API and the pages share: who may come in, bodies, problems, languages, files."""
