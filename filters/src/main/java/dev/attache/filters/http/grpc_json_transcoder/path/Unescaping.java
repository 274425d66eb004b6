package dev.attache.filters.http.grpc_json_transcoder.path;

import dev.attache.proxy.http.PercentEncoding;

/** Which percent-encoded characters of several segments are decoded (RFC 6570 reserves some). */
public enum Unescaping {
    ALL_CHARACTERS_EXCEPT_RESERVED,
    ALL_CHARACTERS_EXCEPT_SLASH,
    ALL_CHARACTERS;

    private static final String RESERVED = "!#$&'()*+,/:;=?@[]";

    private boolean keeps(char c) {
        return switch (this) {
            case ALL_CHARACTERS_EXCEPT_RESERVED -> RESERVED.indexOf(c) >= 0;
            case ALL_CHARACTERS_EXCEPT_SLASH -> c == '/';
            case ALL_CHARACTERS -> false;
        };
    }

    /**
     * Octets of {@code text}.
     *
     * @param plus whether a plus sign stands for a blank
     */
    public String decode(String text, boolean plus) {
        if (text.indexOf('%') < 0 && !(plus && text.indexOf('+') >= 0)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int octet = PercentEncoding.octet(text, i);
            if (plus && c == '+') {
                out.append(' ');
            } else if (octet >= 0 && !keeps((char) octet)) {
                out.append((char) octet);
                i += 2;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
