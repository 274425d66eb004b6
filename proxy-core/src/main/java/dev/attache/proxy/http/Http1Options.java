package dev.attache.proxy.http;

/**
 * {@code envoy.config.core.v3.Http1ProtocolOptions} and the limits around it, with Envoy's defaults
 * applied.
 *
 * @param maxHeadersKb request or response head limit in KiB
 * @param maxHeadersCount fields per head or trailer block
 */
public record Http1Options(
        boolean allowAbsoluteUrl,
        boolean acceptHttp10,
        String defaultHostForHttp10,
        HeaderKeyFormat headerKeyFormat,
        boolean enableTrailers,
        boolean allowChunkedLength,
        boolean sendFullyQualifiedUrl,
        boolean allowCustomMethods,
        boolean streamErrorOnInvalidMessage,
        UnderscoreAction headersWithUnderscores,
        int maxHeadersKb,
        int maxHeadersCount) {

    /** Spelling of header names on the wire. */
    public enum HeaderKeyFormat {
        LOWER_CASE,
        PROPER_CASE_WORDS,
        PRESERVE_CASE
    }

    /** {@code HttpProtocolOptions.headers_with_underscores_action}. */
    public enum UnderscoreAction {
        ALLOW,
        REJECT_REQUEST,
        DROP_HEADER
    }

    /** Envoy's defaults for the downstream side. */
    public static final Http1Options DEFAULTS =
            new Http1Options(
                    true,
                    false,
                    "",
                    HeaderKeyFormat.LOWER_CASE,
                    false,
                    false,
                    false,
                    false,
                    false,
                    UnderscoreAction.ALLOW,
                    60,
                    100);
}
