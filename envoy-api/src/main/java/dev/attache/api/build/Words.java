package dev.attache.api.build;

import java.util.ArrayList;
import java.util.List;

/**
 * The words of one line of the description, read one by one: what stands between spaces, commas and
 * brackets, those signs themselves, and quoted text, which keeps its first quote. A {@code #}
 * begins a comment.
 */
final class Words {
    private static final String SIGNS = ",()[]{}=<>";

    private final Position position;
    private final List<String> words;
    private int next;

    private Words(Position position, List<String> words) {
        this.position = position;
        this.words = words;
    }

    static Words of(Position position, String line) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < line.length() && line.charAt(at) != '#') {
            char c = line.charAt(at);
            if (c == '"') {
                at = quoted(position, line, at, words);
            } else if (SIGNS.indexOf(c) >= 0) {
                words.add(String.valueOf(c));
                at++;
            } else if (c == ' ') {
                at++;
            } else {
                int end = at;
                while (end < line.length() && isPlain(line.charAt(end))) {
                    end++;
                }
                words.add(line.substring(at, end));
                at = end;
            }
        }
        return new Words(position, words);
    }

    private static boolean isPlain(char c) {
        return c != ' ' && c != '#' && c != '"' && SIGNS.indexOf(c) < 0;
    }

    /** A backslash makes the character behind it plain. */
    private static int quoted(Position position, String line, int from, List<String> into) {
        StringBuilder text = new StringBuilder("\"");
        for (int at = from + 1; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == '"') {
                into.add(text.toString());
                return at + 1;
            }
            if (c == '\\' && at + 1 < line.length()) {
                at++;
            }
            text.append(line.charAt(at));
        }
        throw position.wrong("a quote is not closed");
    }

    Position position() {
        return position;
    }

    boolean isEmpty() {
        return next == words.size();
    }

    /** Whether that word comes next; it is taken if so. */
    boolean take(String word) {
        boolean there = isNext(word);
        next += there ? 1 : 0;
        return there;
    }

    /** The next word. */
    String take() {
        if (isEmpty()) {
            throw position.wrong("the line ends too early");
        }
        return words.get(next++);
    }

    /** Whether that word comes next. */
    boolean isNext(String word) {
        return !isEmpty() && words.get(next).equals(word);
    }

    /** Whether that word stands behind the next one. */
    boolean isSecond(String word) {
        return next + 1 < words.size() && words.get(next + 1).equals(word);
    }

    void expect(String word) {
        if (!take(word)) {
            throw position.wrong(
                    "expected \""
                            + word
                            + "\", found "
                            + (isEmpty() ? "the end of the line" : "\"" + words.get(next) + "\""));
        }
    }

    /** The next word as a whole number. */
    int number() {
        String word = take();
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException e) {
            throw position.wrong("\"" + word + "\" is no number");
        }
    }

    /** Nothing may follow. */
    void end() {
        if (!isEmpty()) {
            throw position.wrong("unexpected \"" + words.get(next) + "\"");
        }
    }
}
