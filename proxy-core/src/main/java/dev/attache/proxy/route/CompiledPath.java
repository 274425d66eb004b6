package dev.attache.proxy.route;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A path matcher over bytes. Immutable. */
record CompiledPath(PathMatcher matcher, byte[] literal, boolean caseSensitive) {

    static CompiledPath of(PathMatcher matcher) {
        return switch (matcher) {
            case PathMatcher.Exact(String path, boolean sensitive) ->
                    new CompiledPath(matcher, bytes(path), sensitive);
            case PathMatcher.Prefix(String prefix, boolean sensitive) ->
                    new CompiledPath(matcher, bytes(prefix), sensitive);
            case PathMatcher.SeparatedPrefix(String prefix, boolean sensitive) ->
                    new CompiledPath(matcher, bytes(prefix), sensitive);
            case PathMatcher.Pattern p -> new CompiledPath(matcher, new byte[0], true);
            case PathMatcher.Template t -> new CompiledPath(matcher, new byte[0], true);
            case PathMatcher.Connect c -> new CompiledPath(matcher, new byte[0], true);
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    boolean matches(Headers request, byte[] text, int start, int length) {
        if (matcher instanceof PathMatcher.Connect) {
            return isConnect(request);
        }
        if (length < 0) {
            return false;
        }
        return switch (matcher) {
            case PathMatcher.Exact exact ->
                    length == literal.length && startsWith(text, start, length);
            case PathMatcher.Prefix prefix -> startsWith(text, start, length);
            case PathMatcher.SeparatedPrefix prefix ->
                    startsWith(text, start, length)
                            && (length == literal.length || text[start + literal.length] == '/');
            case PathMatcher.Pattern pattern ->
                    pattern.regex().matches(string(text, start, length));
            case PathMatcher.Template template ->
                    template.template().regex().matches(string(text, start, length));
            case PathMatcher.Connect connect -> false;
        };
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
    static int length(byte[] text, int start, int length) {
        for (int i = 0; i < length; i++) {
            byte b = text[start + i];
            if (b == '?' || b == '#') {
                return i;
            }
        }
        return length;
    }
}
