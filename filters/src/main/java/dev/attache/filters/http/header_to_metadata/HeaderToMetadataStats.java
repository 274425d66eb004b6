package dev.attache.filters.http.header_to_metadata;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;

/** {@code http_filter_name.<stat_prefix>.*} of one worker. Loop-confined. */
final class HeaderToMetadataStats {

    /** Of one direction. */
    static final class OfDirection {
        final Cell rulesProcessed;
        final Cell metadataAdded;
        final Cell headerNotFound;

        private OfDirection(Scope scope, String direction, int worker) {
            rulesProcessed = scope.counter(direction + "_rules_processed").cell(worker);
            metadataAdded = scope.counter(direction + "_metadata_added").cell(worker);
            headerNotFound = scope.counter(direction + "_header_not_found").cell(worker);
        }
    }

    final OfDirection request;
    final OfDirection response;
    final Cell base64DecodeFailed;
    final Cell headerValueTooLong;
    final Cell regexSubstitutionFailed;

    HeaderToMetadataStats(StatsStore store, String statPrefix, int worker) {
        Scope scope = store.scope(prefix(statPrefix));
        request = new OfDirection(scope, "request", worker);
        response = new OfDirection(scope, "response", worker);
        base64DecodeFailed = scope.counter("base64_decode_failed").cell(worker);
        headerValueTooLong = scope.counter("header_value_too_long").cell(worker);
        regexSubstitutionFailed = scope.counter("regex_substitution_failed").cell(worker);
    }

    static String prefix(String statPrefix) {
        return "http_filter_name." + statPrefix + ".";
    }
}
