package dev.attache.proxy.route.match;

import dev.attache.proxy.matching.Regex;
import java.util.ArrayList;
import java.util.List;

/**
 * A path template of {@code envoy.path.match.uri_template}: {@code *} is one segment, {@code **}
 * any rest, {@code {name}} and {@code {name=pattern}} bind variables. Compiled to one RE2
 * expression.
 */
public record UriTemplate(String source, Regex regex, List<String> variables) {

    /** RFC 3986's pchar. */
    private static final String PCHAR = "a-zA-Z0-9-._~%!$&'()*+,;=:@";

    private static final String SEGMENT = "[" + PCHAR + "]+";
    private static final String REST = "[" + PCHAR + "/]*";

    /**
     * @throws IllegalArgumentException naming what is wrong with the template
     */
    public static UriTemplate parse(String template) {
        if (!template.startsWith("/")) {
            throw new IllegalArgumentException("path_template must start with '/': " + template);
        }
        StringBuilder regex = new StringBuilder();
        List<String> variables = new ArrayList<>();
        int at = 0;
        while (at < template.length()) {
            char c = template.charAt(at);
            if (c == '{') {
                int close = template.indexOf('}', at);
                if (close < 0) {
                    throw new IllegalArgumentException(
                            "unclosed variable in path_template: " + template);
                }
                String body = template.substring(at + 1, close);
                int equals = body.indexOf('=');
                String name = equals < 0 ? body : body.substring(0, equals);
                if (name.isEmpty() || variables.contains(name)) {
                    throw new IllegalArgumentException(
                            "empty or repeated variable in path_template: " + template);
                }
                variables.add(name);
                regex.append('(')
                        .append(pattern(equals < 0 ? "*" : body.substring(equals + 1)))
                        .append(')');
                at = close + 1;
            } else if (c == '*') {
                boolean rest = template.startsWith("**", at);
                regex.append(rest ? REST : SEGMENT);
                at += rest ? 2 : 1;
            } else {
                regex.append(quote(c));
                at++;
            }
        }
        return new UriTemplate(template, Regex.compile(regex.toString()), List.copyOf(variables));
    }

    private static String pattern(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            if (pattern.startsWith("**", i)) {
                regex.append(REST);
                i++;
            } else if (pattern.charAt(i) == '*') {
                regex.append(SEGMENT);
            } else {
                regex.append(quote(pattern.charAt(i)));
            }
        }
        return regex.toString();
    }

    private static String quote(char c) {
        return Character.isLetterOrDigit(c) || c == '/' || c == '_' ? String.valueOf(c) : "\\" + c;
    }

    /** Rewrites a path that matched: {@code {name}} in {@code rewrite} becomes what it bound. */
    public String rewrite(String path, String rewrite) {
        StringBuilder substitution = new StringBuilder();
        for (int i = 0; i < rewrite.length(); i++) {
            char c = rewrite.charAt(i);
            int close = c == '{' ? rewrite.indexOf('}', i) : -1;
            if (close > 0) {
                substitution
                        .append('\\')
                        .append(variables.indexOf(rewrite.substring(i + 1, close)) + 1);
                i = close;
            } else {
                substitution.append(c == '\\' ? "\\\\" : String.valueOf(c));
            }
        }
        return regex.replaceAll(path, substitution.toString());
    }
}
