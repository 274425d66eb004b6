package dev.attache.filters.http.grpc_json_transcoder;

import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;

/** The filter with its own settings; routes may bring others. */
record TranscoderSpec(TranscoderSettings settings) implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        TranscoderStats stats = new TranscoderStats(scope.stats(), scope.worker().index());
        return () -> new TranscoderFilter(settings, stats);
    }
}
