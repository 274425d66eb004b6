package dev.attache.filters.http.lua.exchange;

import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a subject that scripts ask for, from its text (RFC 2253).
 *
 * @param commonName the first one, or empty
 */
public record SubjectNames(String commonName, List<String> organizations) {

    public static SubjectNames of(String subject) {
        String common = "";
        List<String> organizations = new ArrayList<>();
        for (String part : parts(subject)) {
            if (part.startsWith("CN=") && common.isEmpty()) {
                common = unescaped(part.substring(3));
            } else if (part.startsWith("O=")) {
                organizations.add(unescaped(part.substring(2)));
            }
        }
        return new SubjectNames(common, organizations);
    }

    private static List<String> parts(String subject) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < subject.length(); i++) {
            char c = subject.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == ',' || c == '+') {
                parts.add(subject.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(subject.substring(from));
        return parts;
    }

    private static String unescaped(String value) {
        StringBuilder out = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            out.append(c == '\\' && i + 1 < value.length() ? value.charAt(++i) : c);
        }
        return out.toString();
    }
}
