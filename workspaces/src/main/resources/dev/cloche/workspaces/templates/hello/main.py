"""A first program: it greets you, and then counts the letters of your name."""

from collections import Counter


def greeting(name: str) -> str:
    """What to say to somebody of this name."""
    return f"Hello, {name}! Welcome under glass."


def letters(name: str) -> list[tuple[str, int]]:
    """The letters of a name with how often each occurs, the most frequent first."""
    return Counter(letter for letter in name.casefold() if letter.isalpha()).most_common()


def main() -> None:
    name = input("What is your name? ").strip() or "stranger"
    print(greeting(name))
    for letter, count in letters(name):
        print(f"  {letter}  {'●' * count}")


if __name__ == "__main__":
    main()
