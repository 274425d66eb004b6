package dev.attache.proxy.http;

import dev.attache.proxy.matching.StringMatcher;
import java.util.List;

/**
 * {@code envoy.config.core.v3.Http1ProtocolOptions} and the limits around it, with Envoy's defaults
 * applied.
 *
 * @param validateScheme an absolute target of https is refused on a connection without TLS
 * @param ignoredUpgrades types of upgrades that are served as if they had not been asked for
 * @param maxHeadersKb request or response head limit in KiB
 * @param maxHeadersCount fields per head or trailer block
 * @param maxRequestsPerTurn pipelined requests that are taken up in one turn of the loop, see
 *     {@link Http2Options#MAX_REQUESTS_PER_TURN}
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
        boolean validateScheme,
        List<StringMatcher> ignoredUpgrades,
        UnderscoreAction headersWithUnderscores,
        int maxHeadersKb,
        int maxHeadersCount,
        int maxRequestsPerTurn) {

    public Http1Options {
        ignoredUpgrades = List.copyOf(ignoredUpgrades);
    }

    /** Spelling of header names on the wire. */
    public sealed interface HeaderKeyFormat {

        record LowerCase() implements HeaderKeyFormat {}

        record ProperCaseWords() implements HeaderKeyFormat {}

        /**
         * What is read keeps its spelling on its way; what is written has it from where it was
         * read.
         *
         * @param forwardReasonPhrase of responses, too
         * @param properCaseForOthers {@code formatter_type_on_envoy_headers: PROPER_CASE}
         */
        record PreserveCase(boolean forwardReasonPhrase, boolean properCaseForOthers)
                implements HeaderKeyFormat {}

        HeaderKeyFormat LOWER_CASE = new LowerCase();
        HeaderKeyFormat PROPER_CASE_WORDS = new ProperCaseWords();
        HeaderKeyFormat PRESERVE_CASE = new PreserveCase(false, false);
    }

    /** {@code HttpProtocolOptions.headers_with_underscores_action}. */
    public enum UnderscoreAction {
        ALLOW,
        REJECT_REQUEST,
        DROP_HEADER
    }

    /** Envoy's defaults for the downstream side. */
    public static final Http1Options DEFAULTS = defaults(60);

    /** Envoy's defaults for the upstream side: responses may have longer heads. */
    public static final Http1Options UPSTREAM_DEFAULTS = defaults(80);

    private static Http1Options defaults(int maxHeadersKb) {
        return new Http1Options(
                true,
                false,
                "",
                HeaderKeyFormat.LOWER_CASE,
                false,
                false,
                false,
                false,
                false,
                false,
                List.of(),
                UnderscoreAction.ALLOW,
                maxHeadersKb,
                100,
                Http2Options.MAX_REQUESTS_PER_TURN);
    }
}
