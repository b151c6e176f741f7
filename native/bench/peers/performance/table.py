"""A table in Markdown and as JSON."""


class Table:
    def __init__(self, title, columns):
        self.title = title
        self.columns = columns
        self.rows = []
        self.samples = []

    def add(self, *cells, samples=None):
        self.rows.append([str(cell) for cell in cells])
        self.samples.append(samples)

    def markdown(self):
        lines = [self.columns, ["---"] * len(self.columns), *self.rows]
        return f"**{self.title}**\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def values(self):
        return {"title": self.title, "columns": self.columns, "rows": self.rows,
                "samples": self.samples}


def speed(ratio, low, high):
    return f"{ratio:.2f} ({low:.2f} to {high:.2f})"
