package dev.attache.proxy.http;

/** Where the port of an {@code :authority} is, as Envoy looks for it. Pure. */
public final class AuthorityPort {

    private static final long MAX = 0xffff_ffffL;

    private AuthorityPort() {}

    /** The last colon that no bracket follows, whatever stands after it; -1 = none. */
    public static int colon(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? colon : -1;
    }

    /** The same over octets; the index counts from {@code start}. */
    public static int colon(byte[] text, int start, int length) {
        for (int i = length - 1; i >= 0; i--) {
            byte b = text[start + i];
            if (b == ':') {
                return i;
            }
            if (b == ']') {
                return -1;
            }
        }
        return -1;
    }

    /** The number after {@code colon}, which a plus sign may precede; -1 where there is none. */
    public static long number(String authority, int colon) {
        int i = colon + 1;
        if (i < authority.length() && authority.charAt(i) == '+') {
            i++;
        }
        if (i == authority.length()) {
            return -1;
        }
        long port = 0;
        for (; i < authority.length(); i++) {
            char c = authority.charAt(i);
            port = port * 10 + c - '0';
            if (c < '0' || c > '9' || port > MAX) {
                return -1;
            }
        }
        return port;
    }
}
