package dev.attache.proxy.tls.secret;

import dev.attache.proxy.matching.StringMatcher;

/**
 * {@code SubjectAltNameMatcher}. Immutable.
 *
 * @param oid object identifier of an OTHER name in dotted form; empty for the other types
 */
public record SanMatcher(SanType type, String oid, StringMatcher matcher) {

    public SanMatcher(SanType type, StringMatcher matcher) {
        this(type, "", matcher);
    }

    /** The kinds of GeneralName that can be matched. */
    public enum SanType {
        EMAIL,
        DNS,
        URI,
        IP_ADDRESS,
        OTHER_NAME
    }
}
