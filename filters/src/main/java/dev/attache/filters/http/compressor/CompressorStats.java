package dev.attache.filters.http.compressor;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;

/** {@code http.<stat_prefix>.compressor.<library name>.<library>.*}, one worker's cells. */
record CompressorStats(Body request, Body response, Choice choice) {

    /** Of one direction. */
    record Body(
            Cell compressed,
            Cell notCompressed,
            Cell totalUncompressedBytes,
            Cell totalCompressedBytes,
            Cell contentLengthTooSmall) {

        static Body of(Scope scope, int worker) {
            return new Body(
                    scope.counter("compressed").cell(worker),
                    scope.counter("not_compressed").cell(worker),
                    scope.counter("total_uncompressed_bytes").cell(worker),
                    scope.counter("total_compressed_bytes").cell(worker),
                    scope.counter("content_length_too_small").cell(worker));
        }
    }

    /** What the request's accept-encoding led to. */
    record Choice(
            Cell noAcceptHeader,
            Cell headerIdentity,
            Cell headerCompressorUsed,
            Cell headerCompressorOvershadowed,
            Cell headerWildcard,
            Cell headerNotValid,
            Cell notCompressedEtag) {

        static Choice of(Scope scope, int worker) {
            return new Choice(
                    scope.counter("no_accept_header").cell(worker),
                    scope.counter("header_identity").cell(worker),
                    scope.counter("header_compressor_used").cell(worker),
                    scope.counter("header_compressor_overshadowed").cell(worker),
                    scope.counter("header_wildcard").cell(worker),
                    scope.counter("header_not_valid").cell(worker),
                    scope.counter("not_compressed_etag").cell(worker));
        }
    }

    static CompressorStats of(Scope http, CompressorSpec spec, int worker) {
        Scope own =
                http.scope("compressor." + spec.libraryName() + "." + spec.library().statsPrefix());
        Scope response = spec.deprecatedFields() ? own : own.scope("response.");
        return new CompressorStats(
                Body.of(own.scope("request."), worker),
                Body.of(response, worker),
                // Envoy leaves the direction out of these names.
                Choice.of(own, worker));
    }
}
