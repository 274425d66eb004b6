package dev.attache.filters.cel.function;

import dev.attache.filters.cel.value.Fault;
import dev.attache.proxy.http.Octets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The strings extension of the language. Text is octets; positions count characters. What is more
 * than the whole text is a fault.
 */
final class StringFunctions {
    /**
     * What puts texts together over and over stops beyond so many octets: both the texts and how
     * often may be a request's.
     */
    static final int LONGEST = 1024 * 1024;

    /** For octets that are no character. */
    private static final String REPLACEMENT = Octets.of("\ufffd");

    private StringFunctions() {}

    static @Nullable Function find(String name, boolean receiver, int arguments) {
        if (!receiver) {
            return name.equals("strings.quote") && arguments == 1
                    ? (Function.Unary) value -> value instanceof String s ? quote(s) : Fault.FAULT
                    : null;
        }
        return switch (arguments) {
            case 1 -> unary(name);
            case 2 -> binary(name);
            case 3 -> ternary(name);
            case 4 -> name.equals("replace") ? (Function.Several) StringFunctions::replace : null;
            default -> null;
        };
    }

    private static Function.@Nullable Unary unary(String name) {
        return switch (name) {
            case "lowerAscii" -> value -> value instanceof String s ? lower(s) : Fault.FAULT;
            case "upperAscii" -> value -> value instanceof String s ? upper(s) : Fault.FAULT;
            case "trim" ->
                    value ->
                            value instanceof String s
                                    ? Octets.of(trim(Octets.text(s)))
                                    : Fault.FAULT;
            case "reverse" ->
                    value -> value instanceof String s ? CodePoints.reverse(s) : Fault.FAULT;
            case "join" -> value -> value instanceof List<?> list ? join(list, "") : Fault.FAULT;
            default -> null;
        };
    }

    private static Function.@Nullable Binary binary(String name) {
        return switch (name) {
            case "join" ->
                    (list, by) ->
                            list instanceof List<?> l && by instanceof String s
                                    ? join(l, s)
                                    : Fault.FAULT;
            case "split" -> (text, by) -> split(text, by, -1L);
            case "charAt" -> StringFunctions::charAt;
            case "indexOf" -> (text, part) -> indexOf(text, part, 0L);
            case "lastIndexOf" -> (text, part) -> lastIndexOf(text, part, null);
            case "substring" -> (text, from) -> substring(text, from, null);
            case "format" ->
                    (text, values) ->
                            text instanceof String s && values instanceof List<?> list
                                    ? StringFormat.format(s, list)
                                    : Fault.FAULT;
            default -> null;
        };
    }

    private static Function.@Nullable Several ternary(String name) {
        return switch (name) {
            case "replace" -> StringFunctions::replace;
            case "split" -> all -> split(all[0], all[1], all[2]);
            case "indexOf" -> all -> indexOf(all[0], all[1], all[2]);
            case "lastIndexOf" -> all -> lastIndexOf(all[0], all[1], all[2]);
            case "substring" -> all -> substring(all[0], all[1], all[2]);
            default -> null;
        };
    }

    /** Unicode's blanks, of which Java's own method knows others. */
    private static String trim(String characters) {
        int start = 0;
        int end = characters.length();
        while (start < end && isBlank(characters.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(characters.charAt(end - 1))) {
            end--;
        }
        return characters.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c >= '\t' && c <= '\r' || c == '\u0085' || Character.isSpaceChar(c);
    }

    private static String lower(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        }
        return out.toString();
    }

    private static String upper(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c >= 'a' && c <= 'z' ? (char) (c - 32) : c);
        }
        return out.toString();
    }

    private static Object join(List<?> list, String by) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof String text) || out.length() > LONGEST) {
                return Fault.FAULT;
            }
            out.append(i == 0 ? "" : by).append(text);
        }
        return out.toString();
    }

    /** Into at most so many pieces where the limit is not negative. */
    private static Object split(Object value, Object by, Object most) {
        if (!(value instanceof String text
                && by instanceof String separator
                && most instanceof Long limit)) {
            return Fault.FAULT;
        }
        List<Object> pieces = new ArrayList<>();
        if (limit == 0) {
            return pieces;
        }
        int at = 0;
        while ((limit < 0 || pieces.size() < limit - 1) && at < text.length()) {
            int end = separator.isEmpty() ? CodePoints.next(text, at) : text.indexOf(separator, at);
            if (end < 0 || separator.isEmpty() && end == text.length()) {
                break;
            }
            pieces.add(text.substring(at, end));
            at = end + separator.length();
        }
        pieces.add(text.substring(at));
        return pieces;
    }

    private static Object charAt(Object value, Object index) {
        if (!(value instanceof String text && index instanceof Long at)
                || at < 0
                || at > CodePoints.count(text)) {
            return Fault.FAULT;
        }
        String character =
                text.substring(CodePoints.offset(text, at), CodePoints.offset(text, at + 1));
        return Octets.isUtf8(character) ? character : REPLACEMENT;
    }

    private static Object indexOf(Object value, Object what, Object index) {
        if (!(value instanceof String text && what instanceof String part)
                || !(index instanceof Long from)
                || from < 0
                || from > CodePoints.count(text)) {
            return Fault.FAULT;
        }
        int found = text.indexOf(part, CodePoints.offset(text, from));
        return found < 0 ? -1L : (Object) (long) CodePoints.count(text, found);
    }

    private static Object lastIndexOf(Object value, Object what, @Nullable Object index) {
        if (!(value instanceof String text && what instanceof String part)) {
            return Fault.FAULT;
        }
        int from = text.length();
        if (index != null) {
            if (!(index instanceof Long at) || at < 0 || at > CodePoints.count(text)) {
                return Fault.FAULT;
            }
            from = CodePoints.offset(text, at);
        }
        int found = text.lastIndexOf(part, from);
        return found < 0 ? -1L : (Object) (long) CodePoints.count(text, found);
    }

    private static Object substring(Object value, Object start, @Nullable Object end) {
        if (!(value instanceof String text && start instanceof Long from)) {
            return Fault.FAULT;
        }
        int count = CodePoints.count(text);
        long to = end == null ? count : end instanceof Long given ? given : -1;
        return from < 0 || to > count || from > to
                ? Fault.FAULT
                : text.substring(CodePoints.offset(text, from), CodePoints.offset(text, to));
    }

    /** A text, what to look for, what to put there and, maybe, how often at most. */
    private static Object replace(Object[] all) {
        if (!(all[0] instanceof String text
                        && all[1] instanceof String old
                        && all[2] instanceof String by)
                || all.length == 4 && !(all[3] instanceof Long)) {
            return Fault.FAULT;
        }
        long left = all.length == 4 && (Long) all[3] >= 0 ? (Long) all[3] : Long.MAX_VALUE;
        StringBuilder out = new StringBuilder(text.length());
        int copied = 0;
        int search = 0;
        while (left-- > 0 && search <= text.length()) {
            int found = text.indexOf(old, search);
            if (found < 0) {
                break;
            }
            if (out.length() > LONGEST) {
                return Fault.FAULT;
            }
            out.append(text, copied, found).append(by);
            copied = found + old.length();
            search = old.isEmpty() ? CodePoints.next(text, found) : copied;
            if (old.isEmpty() && found == text.length()) {
                break;
            }
        }
        return out.append(text, copied, text.length()).toString();
    }

    private static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int escape = "\007\b\f\n\r\t\013\\\"".indexOf(c);
            if (escape < 0) {
                out.append(c);
            } else {
                out.append('\\').append("abfnrtv\\\"".charAt(escape));
            }
        }
        return out.append('"').toString();
    }
}
