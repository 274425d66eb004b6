package dev.attache.proxy.matching;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * RE2's limit on counted repetition: at most 1,000, multiplied over repetitions of repetitions, so
 * that a few characters of a pattern do not become a program of millions of steps. RE2/J has the
 * limit for each by itself only. One use each.
 */
final class Repetitions {

    private static final int MAX = 1000;
    private static final Pattern COUNTED = Pattern.compile("\\{(\\d{1,9})(?:(,)(\\d{1,9})?)?\\}");

    private final String pattern;
    private int at;

    private Repetitions(String pattern) {
        this.pattern = pattern;
    }

    /**
     * @throws IllegalArgumentException in RE2's words, naming the outermost repetition that is too
     *     much
     */
    static void check(String pattern) {
        if (pattern.indexOf('{') >= 0) {
            new Repetitions(pattern).scan();
        }
    }

    /**
     * How often the outermost repetitions repeat what stands innermost in them, at most.
     *
     * @throws IllegalArgumentException as {@link #check}
     */
    static int most(String pattern) {
        return pattern.indexOf('{') >= 0 ? new Repetitions(pattern).scan() : 1;
    }

    /** Walks the pattern with what each open group repeats already, the whole being the first. */
    private int scan() {
        int[] open = new int[pattern.length() + 1];
        int depth = 0;
        open[0] = 1;
        int last = 1;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            if (c == '{') {
                last = repeated(last);
                open[depth] = Math.max(open[depth], last);
            } else if (c == '(') {
                open[++depth] = 1;
                at++;
            } else if (c == ')' && depth > 0) {
                last = open[depth--];
                open[depth] = Math.max(open[depth], last);
                at++;
            } else if ("*+?".indexOf(c) >= 0) {
                at++;
            } else {
                last = 1;
                skipAtom(c);
            }
        }
        return Arrays.stream(open).max().orElse(1);
    }

    private int repeated(int inner) {
        Matcher counted = COUNTED.matcher(pattern).region(at, pattern.length());
        if (!counted.lookingAt()) {
            at++;
            return 1;
        }
        at = counted.end();
        String most = counted.group(3) == null ? counted.group(1) : counted.group(3);
        long product = (long) inner * Math.max(1, Integer.parseInt(most));
        if (product > MAX) {
            throw new IllegalArgumentException("invalid repetition size: " + counted.group());
        }
        return (int) product;
    }

    private void skipAtom(char first) {
        if (first == '[') {
            skipClass();
        } else if (first != '\\') {
            at++;
        } else if (pattern.startsWith("\\Q", at)) {
            int end = pattern.indexOf("\\E", at + 2);
            at = end < 0 ? pattern.length() : end + 2;
        } else {
            at += 2;
            boolean named = at <= pattern.length() && "xpP".indexOf(pattern.charAt(at - 1)) >= 0;
            if (named && pattern.startsWith("{", at)) {
                int end = pattern.indexOf('}', at);
                at = end < 0 ? pattern.length() : end + 1;
            }
        }
    }

    private void skipClass() {
        at++;
        if (pattern.startsWith("^", at)) {
            at++;
        }
        int first = at;
        while (at < pattern.length() && (pattern.charAt(at) != ']' || at == first)) {
            if (pattern.charAt(at) == '\\') {
                at++;
            } else if (pattern.startsWith("[:", at) && pattern.indexOf(":]", at + 2) > 0) {
                at = pattern.indexOf(":]", at + 2) + 1;
            }
            at++;
        }
        at++;
    }
}
