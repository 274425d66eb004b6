package dev.attache.agent.bootstrap.template.function;

/** What stands between {@code %} and the verb. */
final class FormatFlags {

    private static final int NONE = -1;

    private boolean sharp;
    private boolean zero;
    private boolean plus;
    private boolean minus;
    private boolean space;
    private boolean syntax;
    private int width = NONE;
    private int precision = NONE;

    /** Whether it is a flag. */
    boolean accept(char c) {
        switch (c) {
            case '#' -> sharp = true;
            case '0' -> zero = true;
            case '+' -> plus = true;
            case '-' -> minus = true;
            case ' ' -> space = true;
            default -> {
                return false;
            }
        }
        return true;
    }

    void width(int wanted) {
        width = Math.abs(wanted);
        if (wanted < 0) {
            minus = true;
            zero = false;
        }
    }

    void precision(int wanted) {
        precision = wanted;
    }

    /** {@code %v} takes two of the flags for itself. */
    void forVerb(int verb) {
        if (verb == 'v') {
            syntax = sharp;
            sharp = false;
            plus = false;
        }
    }

    boolean sharp() {
        return sharp;
    }

    boolean plus() {
        return plus;
    }

    boolean space() {
        return space;
    }

    /** {@code %#v}: as it stands in a program. */
    boolean syntax() {
        return syntax;
    }

    /** -1: none. */
    int precision() {
        return precision;
    }

    /** -1: none. */
    int width() {
        return width;
    }

    /** How many digits zeros fill up, or 0. */
    int zeros() {
        return zero && !minus && width > 0 ? width : 0;
    }

    /** With blanks, or zeros, to the width. */
    String padded(String text) {
        return padded(text, zero && !minus);
    }

    /** With blanks to the width. */
    String blanks(String text) {
        return padded(text, false);
    }

    private String padded(String text, boolean zeros) {
        int missing = width - text.codePointCount(0, text.length());
        if (missing <= 0) {
            return text;
        }
        String fill = (zeros ? "0" : " ").repeat(missing);
        return minus ? text + fill : fill + text;
    }

    /** With a sign, if one is asked for. */
    String signed(String number) {
        boolean bare = !number.startsWith("-") && !number.startsWith("+");
        return bare && plus ? "+" + number : bare && space ? " " + number : number;
    }

    /** A text's beginning, so many characters. */
    String cut(String text) {
        boolean longer = precision >= 0 && text.codePointCount(0, text.length()) > precision;
        return longer ? text.substring(0, text.offsetByCodePoints(0, precision)) : text;
    }
}
