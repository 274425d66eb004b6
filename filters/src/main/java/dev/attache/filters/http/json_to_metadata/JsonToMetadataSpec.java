package dev.attache.filters.http.json_to_metadata;

import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.stats.StatsStore;

/** The filter with its own settings; routes may bring others. */
record JsonToMetadataSpec(JsonToMetadataSettings settings) implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        StatsStore store = scope.stats().store();
        int worker = scope.worker().index();
        JsonToMetadataStats request = new JsonToMetadataStats(store, "rq", worker);
        JsonToMetadataStats response = new JsonToMetadataStats(store, "resp", worker);
        return () -> new JsonToMetadataFilter(settings, request, response);
    }
}
