package dev.attache.filters.http.json_to_metadata;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.StatsStore;

/** {@code json_to_metadata.<rq|resp>.*} of one worker: one for the process. Loop-confined. */
final class JsonToMetadataStats {
    final Cell success;
    final Cell mismatchedContentType;
    final Cell noBody;
    final Cell invalidJsonBody;

    /**
     * @param direction {@code rq} or {@code resp}
     */
    JsonToMetadataStats(StatsStore store, String direction, int worker) {
        String prefix = "json_to_metadata." + direction + ".";
        success = store.counter(prefix + "success").cell(worker);
        mismatchedContentType = store.counter(prefix + "mismatched_content_type").cell(worker);
        noBody = store.counter(prefix + "no_body").cell(worker);
        invalidJsonBody = store.counter(prefix + "invalid_json_body").cell(worker);
    }
}
