"""The commands that stand in documents and in the help of programs."""
import re
import shlex

# How commands begin; other code in a line of text is a name, a key or a value.
PROGRAMS = ("pumice", "cmake", "ctest", "node", "npm", "python3", "sudo", "wget", "tensorboard")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`]+)`")
INDENTED = re.compile(r"(?<=\n\n) {4}\S.*")


def commands_of(document):
    """The commands of ```sh blocks, line by line, and those that stand within the text."""
    found = []
    end = 0
    for block in FENCE.finditer(document):
        found += inline_commands(document[end:block.start()])
        if block[1] == "sh":
            found += block_commands(block[2])
        end = block.end()
    return found + inline_commands(document[end:])


def unmarked_blocks(document):
    """Code by indentation: nobody sees what language it is."""
    return INDENTED.findall(FENCE.sub("", document))


def block_commands(block):
    lines = block.replace("\\\n", " ").splitlines()
    return [part for line in lines for part in simple_commands(line)]


def inline_commands(text):
    """Text between backquotes that is not the name of a program, a sub-command or an option."""
    spans = [" ".join(span.split()) for span in INLINE.findall(text)]
    return [part for span in spans if is_command(span) for part in simple_commands(span)]


def is_command(span):
    program, _, rest = span.partition(" ")
    if program == "pumice":  # `pumice data fetch` and `pumice train --set` are names
        return not re.fullmatch(r"([a-z]+( fetch)?)?( ?--[\w-]+)?", rest)
    return bool(rest) and (program in PROGRAMS or re.fullmatch(r"\.?/?\w[\w.-]*/[\w./-]+", program))


def help_commands(text):
    """The lines below "Example:" of a program's help."""
    _, _, examples = text.partition("Example")
    return [line.strip() for line in examples.splitlines() if line.startswith("  ")]


def simple_commands(line):
    """[commands] of "a && b  # why", as they stand but for spaces at their ends."""
    lexer = shlex.shlex(line, posix=False)
    lexer.whitespace_split = True
    parts, words = [], []
    for word in lexer:
        if word == "&&":
            parts, words = parts + [" ".join(words)], []
        else:
            words.append(word)
    return [part for part in parts + [" ".join(words)] if part]
