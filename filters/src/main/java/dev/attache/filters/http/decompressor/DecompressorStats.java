package dev.attache.filters.http.decompressor;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code http.<stat_prefix>.decompressor.<library name>.<library>.*}, one worker's cells.
 * Loop-confined.
 */
final class DecompressorStats {

    /** Of one direction. */
    record Body(
            Cell decompressed,
            Cell notDecompressed,
            Cell totalUncompressedBytes,
            Cell totalCompressedBytes) {

        private static Body of(Scope scope, int worker) {
            return new Body(
                    scope.counter("decompressed").cell(worker),
                    scope.counter("not_decompressed").cell(worker),
                    scope.counter("total_uncompressed_bytes").cell(worker),
                    scope.counter("total_compressed_bytes").cell(worker));
        }
    }

    private final Body request;
    private final Body response;
    private final Scope library;
    private final int worker;
    private final Map<String, Cell> errors = new HashMap<>();

    DecompressorStats(Scope own, int worker) {
        this.request = Body.of(own.scope("request."), worker);
        this.response = Body.of(own.scope("response."), worker);
        this.library = own.scope("decompressor_library.");
        this.worker = worker;
    }

    Body request() {
        return request;
    }

    Body response() {
        return response;
    }

    /** Something is wrong with a body. */
    void error(String name) {
        errors.computeIfAbsent(name, key -> library.counter(key).cell(worker)).inc();
    }
}
