package dev.attache.filters.http.grpc_json_transcoder;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;

/** What the filter's streams hold on one worker, in bytes. Loop-confined. */
final class TranscoderStats {
    final Cell requestBytes;
    final Cell responseBytes;

    TranscoderStats(Scope scope, int worker) {
        requestBytes = scope.gauge("transcoder_request_buffer_bytes").cell(worker);
        responseBytes = scope.gauge("transcoder_response_buffer_bytes").cell(worker);
    }
}
