package dev.attache.proxy.route.match;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A path matcher over bytes. Immutable. */
public record CompiledPath(PathMatcher matcher, byte[] literal, boolean caseSensitive) {

    public static CompiledPath of(PathMatcher matcher) {
        if (matcher instanceof PathMatcher.Prefix(String prefix, boolean sensitive)) {
            return new CompiledPath(matcher, bytes(prefix), sensitive);
        }
        if (matcher instanceof PathMatcher.Exact(String path, boolean sensitive)) {
            return new CompiledPath(matcher, bytes(path), sensitive);
        }
        if (matcher instanceof PathMatcher.SeparatedPrefix(String prefix, boolean sensitive)) {
            return new CompiledPath(matcher, bytes(prefix), sensitive);
        }
        return new CompiledPath(matcher, new byte[0], true);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * @param length of the path in {@code text}, without the query; negative: there is none
     */
    public boolean matches(Headers request, byte[] text, int start, int length) {
        if (matcher instanceof PathMatcher.Connect) {
            return isConnect(request);
        }
        if (length < 0) {
            return false;
        }
        if (matcher instanceof PathMatcher.Pattern(var regex)) {
            return regex.matches(string(text, start, length));
        }
        if (matcher instanceof PathMatcher.Template(var template)) {
            return template.regex().matches(string(text, start, length));
        }
        if (!startsWith(text, start, length)) {
            return false;
        }
        return matcher instanceof PathMatcher.Prefix
                || length == literal.length
                || matcher instanceof PathMatcher.SeparatedPrefix
                        && text[start + literal.length] == '/';
    }

    private static boolean isConnect(Headers request) {
        int method = request.indexOf(HeaderName.METHOD);
        return method >= 0 && request.valueEqualsIgnoreCase(method, "CONNECT");
    }

    private boolean startsWith(byte[] text, int start, int length) {
        if (length < literal.length) {
            return false;
        }
        if (caseSensitive) {
            return Arrays.equals(text, start, start + literal.length, literal, 0, literal.length);
        }
        for (int i = 0; i < literal.length; i++) {
            if (lower(text[start + i]) != lower(literal[i])) {
                return false;
            }
        }
        return true;
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }

    private static String string(byte[] text, int start, int length) {
        return new String(text, start, length, StandardCharsets.ISO_8859_1);
    }

    /** Up to, not including, the query or fragment. */
    public static int length(byte[] text, int start, int length) {
        for (int i = 0; i < length; i++) {
            byte b = text[start + i];
            if (b == '?' || b == '#') {
                return i;
            }
        }
        return length;
    }
}
